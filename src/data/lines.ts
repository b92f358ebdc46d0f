import { open } from "node:fs/promises";
import { ExplainError } from "../base/diagnostic.js";
import type { Cells } from "./cells.js";
import { RecordIndex, type RawRecord } from "./recordIndex.js";
import type { SampleFile, SampleKind, SampleRow } from "./sampleFile.js";

const blockRows = 8192;

/** The lines of a UTF-8 text file, byte-order mark skipped. */
export async function openLines(file: string): Promise<RecordIndex> {
  const handle = await open(file, "r");
  const head = Buffer.alloc(3);
  await handle.read(head, 0, 3, 0).finally(() => handle.close());
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new ExplainError("SAMPLES_INVALID", "The file is encoded as UTF-16.", { file, hint: "Save it as UTF-8." });
  return RecordIndex.open(file, { start: head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0, delimiter: undefined });
}

/** A sample file with one record a line, read when asked for. */
export function fromLines(
  file: string,
  kind: SampleKind,
  columns: readonly string[],
  index: RecordIndex,
  parse: (text: string, line: number) => Cells,
): SampleFile {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (record: RawRecord): string => {
    try {
      return decoder.decode(record.bytes);
    } catch {
      throw new ExplainError("SAMPLES_INVALID", `Line ${record.line} is not valid UTF-8.`, { file, line: record.line, hint: "Save the file as UTF-8." });
    }
  };
  const rows = async (from: number, count: number): Promise<SampleRow[]> =>
    (await index.read(from, count)).map((record, i) => ({ row: from + i, line: record.line, cells: parse(decode(record), record.line) }));
  return {
    file,
    kind,
    columns,
    count: () => index.count(),
    rows,
    async *all() {
      for (let from = 0; ; from += blockRows) {
        const block = await rows(from, blockRows);
        yield* block;
        if (block.length < blockRows) return;
      }
    },
    close: () => index.close(),
  };
}
