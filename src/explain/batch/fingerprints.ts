import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { throwIfCancelled, type CancelSignal } from "../../base/cancellation.js";

/**
 * SHA-256 of everything that decides a data set's explanations, by what it is: the data, the model with its external weights, and the files that describe it. A folder
 * of samples counts by the names, sizes and times of its files.
 */
export async function fingerprints(
  { model, samples, others }: { readonly model: string; readonly samples: string; readonly others: readonly string[] },
  signal?: CancelSignal,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = { model: await hashOf(model, signal), data: await hashOf(samples, signal) };
  const stem = basename(model).replace(/\.[^.]*$/u, "");
  const beside = (await readdir(dirname(model))).filter(
    (name) => name !== basename(model) && [`${basename(model)}.data`, `${basename(model)}_data`, `${stem}.data`, `${stem}.explain.json`].includes(name),
  );
  for (const name of beside.sort()) found[name] = await hashOf(join(dirname(model), name), signal);
  for (const file of [...others].sort()) found[basename(file)] = await hashOf(file, signal);
  return found;
}

async function hashOf(file: string, signal: CancelSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  if ((await stat(file)).isDirectory()) {
    for (const name of (await readdir(file, { recursive: true })).sort()) {
      const { size, mtimeMs } = await stat(join(file, name));
      hash.update(`${name}\n${size}\n${mtimeMs}\n`);
    }
  } else
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 })) {
      throwIfCancelled(signal);
      hash.update(bytes as Buffer);
    }
  return hash.digest("hex");
}
