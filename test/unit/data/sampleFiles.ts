import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { ExplainError, type Diagnostic } from "../../../src/base/diagnostic.js";
import { openSamples, readRows, type SampleFile, type SampleRow } from "../../../src/data/samples.js";

/** Writes a file with this content into a new folder. */
export async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "samples-")), name);
  await writeFile(file, content);
  return file;
}

export async function opened(name: string, content: string | Uint8Array): Promise<SampleFile> {
  return openSamples(await fileOf(name, content));
}

/** All rows of a file with this content. */
export async function rowsOf(name: string, content: string | Uint8Array): Promise<SampleRow[]> {
  const samples = await opened(name, content);
  return readRows(samples, "all").finally(() => samples.close());
}

/** The diagnostic that the call fails with. */
export async function failure(call: () => unknown): Promise<Diagnostic> {
  try {
    await call();
  } catch (error) {
    if (error instanceof ExplainError) return error.diagnostic;
    throw error;
  }
  return expect.fail("it did not fail");
}
