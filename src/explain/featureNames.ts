import { basename } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { readText } from "../base/readText.js";

/** Feature names from a file: a JSON list, a JSON object with a list `features`, or one name a line. */
export async function featureNames(file: string): Promise<readonly string[]> {
  const text = await readText(file);
  if (text === undefined) throw new ExplainError("FILE_NOT_FOUND", `The file with feature names ${basename(file)} does not exist or can't be read.`, { file });
  if (!/^\s*[[{]/.test(text))
    return text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  const wrong = (): ExplainError =>
    new ExplainError("OPTION_INVALID", `${basename(file)} holds no list of feature names.`, {
      file,
      hint: 'Write a JSON list, an object with "features": [ … ], or one name a line.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong();
  }
  const list = typeof value === "object" && value !== null && "features" in value ? value.features : value;
  if (!Array.isArray(list) || !list.every((name): name is string => typeof name === "string")) throw wrong();
  return list;
}
