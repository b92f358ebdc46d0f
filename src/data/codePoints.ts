/** Turns offsets that count Unicode code points (as native tokenizers do) into UTF-16 offsets (as editors and JavaScript strings do). */
export class CodePointOffsets {
  /** Index i: UTF-16 offset of code point i; empty when the text has no surrogate pairs and the two agree. */
  private readonly starts: number[] = [];
  private readonly length: number;

  constructor(text: string) {
    this.length = text.length;
    if (!/[\uD800-\uDFFF]/.test(text)) return;
    for (let at = 0; at < text.length;) {
      this.starts.push(at);
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    }
    this.starts.push(text.length);
  }

  toUtf16(codePoints: number): number {
    if (this.starts.length === 0) return Math.min(codePoints, this.length);
    return this.starts[codePoints] ?? this.length;
  }
}
