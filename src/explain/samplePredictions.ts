import { ExplainError } from "../base/diagnostic.js";
import type { SamplePredictions } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { withKeptSamples } from "./keptSamples.js";
import { prepare, type ExplainContext } from "./prepare.js";
import { pageOf } from "./samplePage.js";
import { readSetting } from "./setting.js";

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
  const { values: _, targets: __, versus: ___, ...question } = request;
  const setting = await readSetting(question, opened);
  const file = request.samples ?? setting.sidecar.samples;
  if (file === undefined)
    throw new ExplainError("INPUT_MISSING", "No sample file was named, and the model's sidecar names none.", { hint: "Choose a sample file." });
  return withKeptSamples(file, async (samples) => {
    const { rows, total, columns, label } = await pageOf(setting, samples, page);
    const labelled = label !== undefined;
    if (rows.length === 0) return { total, columns, labelled, rows: [] };
    const prepared = await prepare({ ...question, targets: ["predicted"], rows: rows.map(({ row }) => row) }, opened, context, { setting, samples });
    return {
      total,
      columns,
      labelled,
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
  });
}
