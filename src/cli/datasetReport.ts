import { writeWhole } from "../base/writeWhole.js";
import { renderDatasetReport } from "../charts/datasetReport.js";
import type { BatchSummary } from "../protocol/batch.js";
import { datasetView } from "../viewmodel/dataset.js";

/** Writes the summary of a data set as a page. Throws DISK_FULL and FILE_NOT_FOUND. */
export async function writeReport(file: string, summary: BatchSummary): Promise<void> {
  await writeWhole(file, renderDatasetReport(datasetView(summary)));
}
