import { basename } from "node:path";
import { ExplainError } from "./diagnostic.js";

/** The system's words for a disk, or a person's share of it, that is full. */
const noRoom: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Whether a file could not be written because there is no room for it. The editor's own file systems have the system's word in the message alone. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return noRoom.has(error.code) || [...noRoom].some((code) => error.message.includes(`${String(code)}:`));
}

/** What is said beside "there is no room" and beside any other reason. */
export interface WriteAdvice {
  readonly full: string;
  readonly other: string;
}

/** For files that appear whole or not at all. */
const usual: WriteAdvice = {
  full: "Make room, or write elsewhere. What stood there before is as it was.",
  other: "Check that the folder exists and may be written to. What stood there before is as it was.",
};

/** For a run over a data set. */
export const resumable: WriteAdvice = {
  full: "Make room (or write elsewhere) and continue with --resume: what is finished is kept.",
  other: "Check that the folder exists and may be written to. What is finished is kept; continue with --resume.",
};

/** What went wrong while a file was written, for people: DISK_FULL or FILE_NOT_FOUND. What is no error of the system is given back as it is. */
export function writeError(error: unknown, file: string, advice: WriteAdvice = usual): unknown {
  if (error instanceof ExplainError || !(error instanceof Error) || !("code" in error)) return error;
  return isDiskFull(error)
    ? new ExplainError("DISK_FULL", `There is no room for ${basename(file)}: ${error.message}.`, { file, hint: advice.full })
    : new ExplainError("FILE_NOT_FOUND", `${basename(file)} could not be written: ${error.message}.`, { file, hint: advice.other });
}
