import { writeFile } from "node:fs/promises";
import { renderDatasetReport } from "../charts/datasetReport.js";
import type { BatchSummary } from "../protocol/batch.js";
import { datasetView } from "../viewmodel/dataset.js";
import { writeFailure } from "./output.js";

/** Writes the summary of a data set as a page. */
export async function writeReport(file: string, summary: BatchSummary): Promise<void> {
  await writeFile(file, renderDatasetReport(datasetView(summary))).catch((error: unknown) => Promise.reject(writeFailure(error, file)));
}
