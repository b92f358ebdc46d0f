/**
 * What the page, the report and the sentences of the view model say, in the reader's language. English text is its own key, as in VS Code's bundles (l10n/bundle.l10n.*.json);
 * what has no translation stays as it is. Text of models, files and the engine's diagnostics is never looked up.
 */
let bundle: Readonly<Record<string, string>> = {};

/** Chooses the language: VS Code's bundle, from English text to the reader's. Called once, before anything is said; without it all is English. */
export function speak(translations: Readonly<Record<string, string>>): void {
  bundle = translations;
}

/** English text in the reader's language, with `{0}`, `{1}`, … replaced by the arguments. */
export function t(message: string, ...args: readonly (string | number)[]): string {
  const text = Object.hasOwn(bundle, message) ? (bundle[message] ?? message) : message;
  return args.length === 0 ? text : text.replace(/\{(\d+)\}/gu, (place, index: string) => String(args[Number(index)] ?? place));
}
