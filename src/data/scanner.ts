const cr = 13;
const quote = 34;
const longLine = 64;

/** The next of these bytes from a place on; the bytes' length where there is none. */
function ahead(bytes: Uint8Array, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found < 0 ? bytes.length : found;
}

/** Finds the records in the bytes of a text file, chunk after chunk. What was found stands in its fields: no object is made for a record. */
export class Scanner {
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset in the file of bytes[0]. */
  base: number;
  /** The record found: bytes[begin … end − 1]; the one after it starts at `next`. */
  begin = 0;
  end = 0;
  next = 0;
  /** The line the record starts on, and the line after it. */
  line: number;
  nextLine: number;
  /** Whether the bytes ended inside a quoted field. */
  quoted = false;
  private at = 0;
  /** No quote counts in these bytes. */
  private plain = false;
  /** Where the last quoted field was closed: a quote right behind it opens the field again (a doubled quote). */
  private closedAt = -2;

  /** `delimiter` undefined: quotes mean nothing, every line is a record. */
  constructor(
    private readonly lineEnd: number,
    private readonly delimiter: number | undefined,
    start: { readonly offset: number; readonly line: number },
  ) {
    this.base = start.offset;
    this.line = start.line;
    this.nextLine = start.line;
  }

  /** Goes on with `bytes`, which start where the last record found (`next`) ended. */
  take(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.plain = this.delimiter === undefined || !bytes.includes(quote);
    this.base += this.next;
    this.at -= this.next;
    this.closedAt -= this.next;
    this.end -= this.begin;
    this.begin = 0;
    this.next = 0;
  }

  /** Moves to the next record that is not blank; false when the bytes end before it does, unless these are the file's `last`. */
  find(last: boolean): boolean {
    const { bytes, lineEnd, delimiter } = this;
    const length = bytes.length;
    // Local copies: this loop sees every byte of the file.
    let { at, quoted, closedAt, nextLine } = this;
    let begin = this.next;
    let line = quoted || at > begin ? this.line : nextLine;
    // Long lines without quotes: the native search is faster than this loop.
    const jump = this.plain && !quoted && this.end - this.begin > longLine;
    // Where a quoted field goes on for long, so does the search for its end; line ends in it still count.
    let openedAt = begin;
    let lineEndAhead = -1;
    while (at < length) {
      if (quoted && at - openedAt > longLine && bytes[at] !== quote) {
        const found = bytes.indexOf(quote, at);
        const stop = found < 0 ? length : found;
        if (lineEndAhead < at) lineEndAhead = ahead(bytes, lineEnd, at);
        for (; lineEndAhead < stop; lineEndAhead = ahead(bytes, lineEnd, lineEndAhead + 1)) nextLine++;
        at = stop;
        if (found < 0) break;
      }
      if (jump) {
        const found = bytes.indexOf(lineEnd, at);
        at = found < 0 ? length : found;
        if (found < 0) break;
      }
      const byte = bytes[at];
      if (byte === lineEnd) {
        nextLine++;
        if (!quoted) {
          const end = at > begin && bytes[at - 1] === cr ? at - 1 : at;
          if (end > begin) return this.found(begin, end, at + 1, line, nextLine);
          begin = at + 1;
          line = nextLine;
        }
      } else if (byte === quote && delimiter !== undefined) {
        if (quoted) {
          quoted = false;
          closedAt = at;
        } else if (closedAt === at - 1 || at === begin || bytes[at - 1] === delimiter) {
          quoted = true;
          openedAt = at;
        }
      }
      at++;
    }
    this.at = at;
    this.quoted = quoted;
    this.closedAt = closedAt;
    this.nextLine = nextLine;
    this.line = line;
    this.next = begin;
    return last && length > begin ? this.found(begin, length, length, line, nextLine) : false;
  }

  private found(begin: number, end: number, next: number, line: number, nextLine: number): true {
    this.begin = begin;
    this.end = end;
    this.next = next;
    this.at = next;
    this.line = line;
    this.nextLine = nextLine;
    this.quoted = false;
    this.closedAt = -2;
    return true;
  }
}
