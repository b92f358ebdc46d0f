import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Everything that an exported file depends on. */
export interface ExportFacts {
  /** Files whose content counts: the source with what it imports, the weights, the export script. */
  readonly files: readonly string[];
  /** Plain data that counts: which class, its arguments, the samples' shape, versions of packages. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A key that is the same as long as nothing changed that the exported file depends on: 12 hexadecimal digits. A file that can't be read counts as empty. */
export async function exportKey({ files, facts }: ExportFacts): Promise<string> {
  const hash = createHash("sha256");
  hash.update(stable(facts));
  for (const file of files) hash.update(`\0${await digest(file)}`);
  return hash.digest("hex").slice(0, 12);
}

/** A file's content as a hash; "" when it can't be read. */
async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch {
    return "";
  }
  return hash.digest("hex");
}

/** JSON with keys in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}
