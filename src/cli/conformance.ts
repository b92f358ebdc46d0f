import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCases, type CaseOutcome } from "../explain/conformance.js";
import { openModel } from "../runtime/open.js";
import { asUsage } from "./usage.js";
import type { Io } from "./io.js";

export const conformanceHelp = `explain-prediction conformance [--cases DIR]… [--models DIR] [--filter TEXT] [--report FILE]

Runs reference cases: requests with the numbers that are known to be right.

  --cases DIR     folder with case files (repeatable); default: test/fixtures/reference/cases
  --models DIR    folder that the models of the cases are relative to; default: the parent of the cases folder's parent
  --filter TEXT   only cases whose file, id or method contains this text
  --report FILE   writes every outcome as JSON

Prints a line for each case that fails or can't run, then "N passed, N failed".`;

const defaultCases = "test/fixtures/reference/cases";

/** Runs the command; the exit code is 1 when a case failed. */
export async function conformance(args: readonly string[], io: Io): Promise<number> {
  const { values } = asUsage(() =>
    parseArgs({
      args: [...args],
      options: {
        cases: { type: "string", multiple: true },
        models: { type: "string" },
        filter: { type: "string" },
        report: { type: "string" },
        threads: { type: "string" },
      },
    }),
  );
  const outcomes: CaseOutcome[] = [];
  for (const folder of values.cases ?? [defaultCases]) {
    const options = {
      ...(values.models === undefined ? {} : { models: resolve(values.models) }),
      ...(values.filter === undefined ? {} : { filter: values.filter }),
    };
    for await (const outcome of runCases(resolve(folder), (file) => openModel(file), options)) {
      outcomes.push(outcome);
      if (!outcome.ok) io.out(line(outcome));
    }
  }
  if (values.report !== undefined) writeFileSync(values.report, `${JSON.stringify(outcomes, null, 1)}\n`);
  const failed = outcomes.filter((o) => !o.ok).length;
  io.out(`${outcomes.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function line({ file, id, error, allowed, reason }: CaseOutcome): string {
  return `${file} ${id}: ${reason ?? `largest error ${error?.toExponential(2) ?? "unknown"}, allowed ${allowed?.toExponential(2) ?? "unknown"}`}`;
}
