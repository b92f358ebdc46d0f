import type { SampleFile, SampleRow } from "../../data/samples.js";

/** A sample file of which the rows of one piece are kept: a piece is read several times, and a part of a Parquet file is unpacked from its beginning each time. */
export interface PiecewiseFile extends SampleFile {
  /** Reads the rows of a piece, and forgets those of the one before. Bad rows are no error here: whoever reads them meets it. */
  readPiece(from: number, count: number): Promise<void>;
}

export function piecewise(samples: SampleFile): PiecewiseFile {
  let [first, kept]: [number, readonly SampleRow[]] = [0, []];
  return {
    ...samples,
    async readPiece(from, count) {
      [first, kept] = [from, []];
      kept = await samples.rows(from, count).catch(() => []);
    },
    rows: (from, count) =>
      from >= first && from + count <= first + kept.length ? Promise.resolve(kept.slice(from - first, from - first + count)) : samples.rows(from, count),
  };
}
