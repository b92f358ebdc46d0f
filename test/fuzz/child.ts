// Runs mutated inputs one after the other and prints a line of JSON for each: node fuzz-child.mjs FIRST COUNT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExplainError } from "../../src/base/diagnostic.js";
import { choices } from "./choices.js";
import { subjects } from "./subjects.js";

const [first = 0, count = 1] = process.argv.slice(2).map(Number);
for (let seed = first; seed < first + count; seed++) {
  const subject = subjects[seed % subjects.length];
  if (subject === undefined) throw new Error("no subject");
  const folder = mkdtempSync(join(tmpdir(), "explain-fuzz-"));
  const started = performance.now();
  // The first line says what is being tried: if the process dies, this is what did it.
  console.log(JSON.stringify({ seed, subject: subject.name, state: "started" }));
  let outcome = "value";
  let message = "";
  try {
    await subject.run(choices(seed), folder);
  } catch (error) {
    outcome = error instanceof ExplainError ? error.diagnostic.code : "no diagnostic";
    message =
      error instanceof ExplainError && outcome !== "INTERNAL"
        ? error.message.slice(0, 200)
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
  }
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    JSON.stringify({ seed, subject: subject.name, state: "ended", outcome, message, milliseconds: Math.round(performance.now() - started), megabytes }),
  );
  rmSync(folder, { recursive: true, force: true });
}
