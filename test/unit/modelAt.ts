import { resolve } from "node:path";
import { afterAll } from "vitest";
import { openModel } from "../../src/runtime/open.js";
import type { OpenModel } from "../../src/runtime/openModel.js";

const opened = new Map<string, Promise<OpenModel>>();
afterAll(async () => {
  for (const model of opened.values()) await (await model).dispose();
  opened.clear();
});

/** A model that is opened once for a test file, and closed after it. */
export function modelAt(path: string): Promise<OpenModel> {
  const file = resolve(path);
  const known = opened.get(file) ?? openModel(file);
  opened.set(file, known);
  return known;
}
