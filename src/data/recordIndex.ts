import { open, type FileHandle } from "node:fs/promises";
import { ExplainError } from "../base/diagnostic.js";
import { Scanner } from "./scanner.js";

const lf = 10;
const cr = 13;
const chunkBytes = 1 << 20;
/** A longer record is taken for a quote that is never closed. */
const longestRecord = 64 << 20;
/** Every so many records the index notes where one starts. */
const stride = 1024;

/** How the records of a text file are told apart. */
export interface RecordSyntax {
  /** Bytes to skip at the start (a byte-order mark). */
  readonly start: number;
  /** Field delimiter when fields can be quoted and hold line ends; undefined: every line is a record. */
  readonly delimiter: number | undefined;
}

/** A record's bytes and its line, from 1. */
export interface RawRecord {
  readonly bytes: Buffer;
  readonly line: number;
}

interface Mark {
  readonly offset: number;
  readonly line: number;
}

/**
 * Finds records of a text file by number without parsing or holding it: one pass over the bytes notes the offset of every 1024th record. Blank lines are no records.
 * Works with line ends LF and CR LF, and with CR alone when the first megabyte has no LF.
 */
export class RecordIndex {
  private readonly marks: Mark[] = [];
  private scanned = 0;
  private scannedTo: Mark;
  private complete = false;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly syntax: RecordSyntax,
    private readonly lineEnd: number,
  ) {
    this.scannedTo = { offset: syntax.start, line: 1 };
  }

  static async open(file: string, syntax: RecordSyntax): Promise<RecordIndex> {
    const handle = await open(file, "r");
    const head = Buffer.alloc(chunkBytes);
    const { bytesRead } = await handle.read(head, 0, chunkBytes, 0);
    const start = head.subarray(0, bytesRead);
    return new RecordIndex(file, handle, syntax, start.includes(lf) || !start.includes(cr) ? lf : cr);
  }

  async count(): Promise<number> {
    await this.scan(Infinity);
    return this.scanned;
  }

  /** Records `from` … `from + count − 1`; fewer at the end. */
  async read(from: number, count: number): Promise<RawRecord[]> {
    await this.scan(from);
    const mark = this.marks[Math.floor(from / stride)];
    if (mark === undefined) return [];
    const found: RawRecord[] = [];
    let number = Math.floor(from / stride) * stride;
    await this.walk(mark, (record) => {
      if (number++ >= from) found.push({ bytes: Buffer.from(record.bytes.subarray(record.begin, record.end)), line: record.line });
      return found.length < count;
    });
    return found;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Extends the index until record `until` has a mark before it. */
  private async scan(until: number): Promise<void> {
    if (this.complete || until < this.scanned) return;
    this.complete = await this.walk(this.scannedTo, (record) => {
      if (this.scanned % stride === 0) this.marks.push({ offset: record.base + record.begin, line: record.line });
      this.scanned++;
      if (this.scanned <= until) return true;
      this.scannedTo = { offset: record.base + record.next, line: record.nextLine };
      return false;
    });
  }

  /** Visits records from `start` until `visit` says false; true when the file's end was reached. A quoted field may span chunks: the unfinished record is carried over. */
  private async walk(start: Mark, visit: (record: Scanner) => boolean): Promise<boolean> {
    const scanner = new Scanner(this.lineEnd, this.syntax.delimiter, start);
    let carried = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await this.handle.read(chunk, 0, chunkBytes, scanner.base + scanner.next + carried.length);
      const bytes = carried.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([carried, chunk.subarray(0, bytesRead)]);
      scanner.take(bytes);
      while (scanner.find(bytesRead === 0)) if (!visit(scanner)) return false;
      if (bytesRead === 0) return true;
      carried = bytes.subarray(scanner.next);
      if (carried.length > longestRecord)
        throw new ExplainError(
          "SAMPLES_INVALID",
          `The row that starts on line ${scanner.line} is longer than ${longestRecord >> 20} MB${scanner.quoted ? ": a double quote is not closed" : ""}.`,
          { file: this.file, line: scanner.line },
        );
    }
  }
}
