// The page's language as state: chosen at the start, switched in place, remembered. Nothing else is ever kept there.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { chooseLanguage, type Language, type Say } from './language.js';

const STORAGE_KEY = 'yima.language';

/** Storage may be refused (private mode, blocked site data); the page then simply forgets. */
function recall(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Forgetting the choice is the whole consequence.
  }
}

export interface SpokenLanguage<Words extends Say = Say> {
  readonly language: Language;
  readonly say: Words;
  readonly choose: (language: Language) => void;
}

/** Keeps the document's `lang` and title in step with the language. A page with words of its own gives what makes its `say`. */
export function useLanguage<Words extends Say = Say>(
  create: (language: Language) => Words,
): SpokenLanguage<Words> {
  const [language, setLanguage] = useState<Language>(() => chooseLanguage(recall(), navigator.language));
  const say = useMemo(() => create(language), [create, language]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = say('page.title');
  }, [language, say]);
  const choose = useCallback((chosen: Language) => {
    remember(chosen);
    setLanguage(chosen);
  }, []);
  return { language, say, choose };
}
