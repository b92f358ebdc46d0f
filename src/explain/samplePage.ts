import { ExplainError } from "../base/diagnostic.js";
import { mapColumns, type Mapping } from "../data/mapping.js";
import { openSamples, type CellValue, type SampleFile, type SampleRow } from "../data/samples.js";
import type { SamplePage, SamplePageQuery } from "../protocol/explanation.js";
import type { OpenModel } from "../runtime/openModel.js";
import { inFile } from "./sampleRows.js";
import { readSetting, type Setting } from "./setting.js";

const looked = 64;
const longestCell = 200;

/** A page of a sample file as people see it, and which column feeds which input. `search` keeps rows with a cell that contains it (case ignored); then `total` counts those found. */
export async function samplePage(opened: OpenModel, file: string | undefined, page: SamplePageQuery): Promise<SamplePage> {
  const setting = await readSetting({ model: opened.file, ...(page.columns === undefined ? {} : { columns: page.columns }) }, opened);
  const path = file ?? setting.sidecar.samples;
  if (path === undefined)
    throw new ExplainError("INPUT_MISSING", "No sample file was named, and the model's sidecar names none.", { hint: "Choose a sample file." });
  const samples = await openSamples(path);
  try {
    return await pageOf(setting, samples, page);
  } finally {
    await samples.close();
  }
}

/** The same of a file that is open already. */
export async function pageOf(setting: Setting, samples: SampleFile, page: SamplePageQuery): Promise<SamplePage> {
  const first = await samples.rows(0, looked);
  const mapping =
    page.unmapped === true ? unmapped(samples.columns) : inFile(samples.file, () => mapColumns(setting.slots, samples.columns, first, setting.sidecar));
  const search = page.search?.trim().toLowerCase() ?? "";
  const found = search === "" ? await samples.rows(page.from, page.count) : await searched(samples.all(), search);
  return {
    file: samples.file,
    total: search === "" ? await samples.count() : found.length,
    columns: samples.columns,
    rows: (search === "" ? found : found.slice(page.from, page.from + page.count)).map((row) => ({
      row: row.row,
      cells: samples.columns.map((column) => cellText(row.cells[column] ?? null)),
      ...(mapping.label === undefined ? {} : { label: cellText(row.cells[mapping.label] ?? null) }),
      ...(row.line === undefined ? {} : { line: row.line }),
    })),
    ...(mapping.label === undefined ? {} : { label: mapping.label }),
    ...(mapping.id === undefined ? {} : { id: mapping.id }),
    mapping: mapping.words(),
    feeds: Object.fromEntries(Object.entries(mapping.inputs).map(([name, { kind, columns }]) => [name, { kind, columns }])),
    diagnostics: setting.diagnostics,
  };
}

/** What is known of a file before its columns are. */
function unmapped(columns: readonly string[]): Mapping {
  return { inputs: {}, ignored: columns, words: () => [] };
}

async function searched(rows: AsyncIterable<SampleRow>, search: string): Promise<readonly SampleRow[]> {
  const found: SampleRow[] = [];
  for await (const row of rows) if (Object.values(row.cells).some((cell) => cellText(cell).toLowerCase().includes(search))) found.push(row);
  return found;
}

function cellText(cell: CellValue): string {
  const text = typeof cell === "string" ? cell : cell === null ? "" : JSON.stringify(cell);
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
}
