// The head of every page: the name, and the languages side by side.

import { LANGUAGES } from './language.js';
import type { SpokenLanguage } from './use-language.js';

/** The mark: a finder frame around the character 一. The same drawing as mark.svg. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#111827" />
      <path
        d="M7 12V9.5A2.5 2.5 0 0 1 9.5 7H12M20 7h2.5A2.5 2.5 0 0 1 25 9.5V12M25 20v2.5a2.5 2.5 0 0 1-2.5 2.5H20M12 25H9.5A2.5 2.5 0 0 1 7 22.5V20"
        class="mark-frame"
      />
      <path d="M9.5 16h13" class="mark-one" />
    </svg>
  );
}

export function PageHeader({ spoken }: { readonly spoken: SpokenLanguage }) {
  const { language, say, choose } = spoken;
  return (
    <header class="head">
      <a class="brand" href="/">
        <Mark />
        <span class="brand-name">
          <span lang="zh-CN">一码</span> <span lang="en">Yima</span>
        </span>
      </a>
      <fieldset class="languages">
        <legend class="unseen">{say('language.label')}</legend>
        {LANGUAGES.map(({ id, name }) => (
          <button key={id} type="button" lang={id} aria-pressed={id === language} onClick={() => choose(id)}>
            {name}
          </button>
        ))}
      </fieldset>
    </header>
  );
}
