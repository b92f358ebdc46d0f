import { basename } from "node:path";
import { ExplainError } from "./diagnostic.js";

/** What went wrong while a run that can be continued wrote a file, for people. */
export function writeError(error: unknown, file: string): unknown {
  if (error instanceof ExplainError || !(error instanceof Error) || !("code" in error)) return error;
  const { code } = error;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return new ExplainError("DISK_FULL", `There is no room for ${basename(file)}: ${error.message}.`, {
      file,
      hint: "Make room (or write elsewhere) and continue with --resume: what is finished is kept.",
    });
  return new ExplainError("FILE_NOT_FOUND", `${basename(file)} could not be written: ${error.message}.`, {
    file,
    hint: "Check that the folder exists and may be written to. What is finished is kept; continue with --resume.",
  });
}
