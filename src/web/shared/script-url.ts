// Under Trusted Types an address of a script is only taken from a policy. Ours knows the workers of our own pages, and nothing else.

interface ScriptUrlPolicy {
  readonly createScriptURL: (url: string) => unknown;
}

interface TrustedTypesFactory {
  readonly createPolicy: (
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ) => ScriptUrlPolicy;
}

/** `/scan-worker.js` and its like. */
const WORKER = /^\/[a-z]+-[a-z]+\.js$/;

let policy: ScriptUrlPolicy | null = null;

/** @throws TypeError not a worker of ours */
export function scriptUrl(url: string): string {
  const factory = (globalThis as { readonly trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (factory === undefined) return url;
  policy ??= factory.createPolicy('yima-shell', {
    createScriptURL: (asked) => {
      if (!WORKER.test(asked)) throw new TypeError('No script but the page’s own workers.');
      return asked;
    },
  });
  return policy.createScriptURL(url) as string;
}
