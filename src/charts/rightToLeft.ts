const pattern = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Whether a text is written from right to left, by its first letter. */
export function isRightToLeft(text: string): boolean {
  return pattern.test(text);
}
