import type { Diagnostic } from "../base/diagnostic.js";
import { openSamples } from "../data/samples.js";
import type { Explanation, Result } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { Aggregator } from "./aggregate.js";
import { prepare, type ExplainContext, type Prepared } from "./prepare.js";
import { unevenRemark, uniqueRemarks } from "./remarks.js";
import { readSetting } from "./setting.js";

/** Rows that are read, run and added up at once. */
const chunkRows = 2048;
/** Results of single rows that are kept beside the average; more would only fill the memory. */
const mostResults = 10_000;

/**
 * Averages over all rows of a file of any length, chunk by chunk: undefined for requests that ask for something else, and for files that are short.
 * @param explainChunk explains rows that are prepared
 */
export async function explainStreamed(
  request: ExplainRequest,
  opened: OpenModel,
  context: ExplainContext,
  explainChunk: (request: ExplainRequest, prepared: Prepared, context: ExplainContext) => Promise<Explanation>,
  limits: { readonly chunk: number; readonly results: number } = { chunk: chunkRows, results: mostResults },
): Promise<Explanation | undefined> {
  const { aggregate: kind, rows, ...rest } = request;
  // A file of baselines may have a row for each row of the sample, which a chunk can't know.
  if (kind === undefined || rows !== "all" || Object.values(request.baselines ?? {}).some((word) => word.startsWith("@"))) return undefined;
  const setting = await readSetting(request, opened);
  const file = request.samples ?? setting.sidecar.samples;
  if (file === undefined) return undefined;
  const samples = await openSamples(file);
  try {
    const total = await samples.count();
    if (total <= limits.chunk) return undefined;
    const sum = new Aggregator(kind);
    const results: Result[] = [];
    const diagnostics: Diagnostic[] = [];
    const milliseconds = { load: opened.loadMilliseconds, compile: 0, run: 0 };
    let last: Explanation | undefined;
    let seen = 0;
    for (let from = 0; from < total; from += limits.chunk) {
      const count = Math.min(limits.chunk, total - from);
      const part: ExplainContext = {
        ...(context.signal === undefined ? {} : { signal: context.signal }),
        progress: ({ message, fraction = 0 }) => context.progress?.({ message, fraction: (from + fraction * count) / total }),
      };
      const chunk: ExplainRequest = { ...rest, rows: Array.from({ length: count }, (_, i) => from + i) };
      last = await explainChunk(chunk, await prepare(chunk, opened, part, { setting, samples }), part);
      sum.add(last.results);
      seen += last.results.length;
      if (results.length < limits.results) results.push(...last.results.slice(0, limits.results - results.length));
      diagnostics.push(...last.diagnostics);
      milliseconds.compile += last.milliseconds.compile;
      milliseconds.run += last.milliseconds.run;
    }
    if (last === undefined) return undefined;
    const { uneven, ...aggregated } = sum.finish();
    diagnostics.push(...unevenRemark(uneven));
    if (seen > results.length)
      diagnostics.push({
        code: "RESULTS_LEFT_OUT",
        severity: "info",
        message: `The averages are over all ${seen} results; the first ${results.length} of them are listed.`,
        hint: "Name the rows that you want to see one by one (--row).",
      });
    return {
      ...last,
      request: { ...last.request, rows: "all", aggregate: kind },
      results,
      ...aggregated,
      milliseconds: rounded(milliseconds),
      diagnostics: uniqueRemarks(diagnostics),
    };
  } finally {
    await samples.close();
  }
}

/** To two decimals, as those of a single piece are. */
function rounded(milliseconds: Explanation["milliseconds"]): Explanation["milliseconds"] {
  const two = (x: number): number => Math.round(100 * x) / 100;
  return { load: two(milliseconds.load), compile: two(milliseconds.compile), run: two(milliseconds.run) };
}
