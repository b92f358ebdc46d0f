import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ExplainError } from "../base/diagnostic.js";
import { writeWhole } from "../base/writeWhole.js";
import type { Io } from "./io.js";
import { asUsage, UsageError } from "./usage.js";
import { withWorker } from "./worker.js";

export const sidecarHelp = `explain-prediction sidecar <model> [--samples FILE] [--out FILE] [--force]

Writes <model>.explain.json beside the model from what was inferred, with comments: roles of the inputs, the columns that feed them, class names.

  --samples FILE   the sample file that it names; default: the one beside the model
  --out FILE       write there; - for stdout
  --force          write over a file that is there`;

/** Runs the command. */
export async function sidecarCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = asUsage(() =>
    parseArgs({
      args: [...args],
      options: { samples: { type: "string" }, out: { type: "string" }, force: { type: "boolean" }, quiet: { type: "boolean" } },
      allowPositionals: true,
    }),
  );
  const [model, extra] = positionals;
  if (model === undefined) throw new UsageError("Name the model file: explain-prediction sidecar <model>.");
  if (extra !== undefined) throw new UsageError(`There is one argument too many: "${extra}".`);
  const { file, text } = await withWorker(io, (worker, options) =>
    worker.sidecar([resolve(model), ...(values.samples === undefined ? [] : [resolve(values.samples)])] as [string, string?], options),
  );
  if (values.out === "-") {
    io.out(text.trimEnd());
    return 0;
  }
  const target = values.out === undefined ? file : resolve(values.out);
  if (values.force !== true && existsSync(target))
    throw new ExplainError("FILE_EXISTS", `${basename(target)} is there already.`, {
      file: target,
      hint: "Write over it with --force, or see what it would say with --out -.",
    });
  await writeWhole(target, text);
  io.out(target);
  return 0;
}
