// Foreign text that reaches a screen.

const MAX_SHOWN_CHARS = 200;

/** Nothing invisible, nothing that turns the writing direction. */
export function isShowable(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length > 0 && value.length <= MAX_SHOWN_CHARS && !/\p{C}/u.test(value)
  );
}

/** The members that may be shown, the others left out. */
export function showable(found: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(found)) if (isShowable(value)) shown[name] = value;
  return shown;
}
