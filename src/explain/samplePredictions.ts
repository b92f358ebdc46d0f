import type { SamplePredictions } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { prepare, type ExplainContext } from "./prepare.js";
import { samplePage } from "./samplePage.js";

/**
 * What the model says of `count` rows of a sample file from row `from` on, with the file's own label where it has one. Fewer at the end of the file.
 * Throws as explaining those rows would.
 */
export async function samplePredictions(
  request: ExplainRequest,
  page: { readonly from: number; readonly count: number },
  open: (file: string) => Promise<OpenModel>,
  context: ExplainContext = {},
): Promise<SamplePredictions> {
  const opened = await open(request.model);
  const { rows, total, columns, label } = await samplePage(opened, request.samples, page);
  const { values: _, targets: __, versus: ___, ...question } = request;
  if (rows.length === 0) return { total, columns, labelled: label !== undefined, rows: [] };
  const prepared = await prepare({ ...question, targets: ["predicted"], rows: rows.map(({ row }) => row) }, opened, context);
  return {
    total,
    columns,
    labelled: label !== undefined,
    rows: rows.map((row, i) => {
      const { data = [], labels, truth } = prepared.rows[i]?.prediction ?? {};
      const best = data.reduce((top, x, k) => (x > (data[top] ?? -Infinity) ? k : top), 0);
      const one = data.length === 1;
      return {
        row: row.row,
        cells: row.cells,
        ...(row.label === undefined ? {} : { label: row.label }),
        predicted: one ? "" : (labels?.[best] ?? String(best)),
        score: data[best] ?? NaN,
        ...(truth?.right === undefined ? {} : { right: truth.right }),
      };
    }),
  };
}
