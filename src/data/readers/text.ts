import { ExplainError } from "../../base/diagnostic.js";
import { fromLines, openLines } from "../lines.js";
import type { SampleFile } from "../sampleFile.js";

/** Opens plain text: every line that is not blank is one row of the column "text". */
export async function openText(file: string): Promise<SampleFile> {
  const index = await openLines(file);
  if ((await index.read(0, 1)).length === 0) {
    await index.close();
    throw new ExplainError("SAMPLES_EMPTY", "The text file has only blank lines.", { file, hint: "Write one text a line." });
  }
  return fromLines(file, "text", ["text"], index, (text) => ({ text }));
}
