/**
 * C0 and C1 controls but tab and line ends (a terminal obeys them, XML forbids them), line ends that only some programs know, lone surrogates, and marks that
 * reorder the text around them: source of https://trojansource.codes.
 */
const unprintable =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Text of a file, a label or a token as it may be shown anywhere: what would steer the program that shows it becomes U+FFFD. */
export function plainText(text: string): string {
  return text.replace(unprintable, "\ufffd");
}
