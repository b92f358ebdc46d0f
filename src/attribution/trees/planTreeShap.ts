import { ExplainError, type Diagnostic } from "../../base/diagnostic.js";
import { assemble } from "../assemble.js";
import { averageBaselines, baselineCount } from "../averageBaselines.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import { shapleyValues } from "../methods/shapleyValues.js";
import type { Feeds, Plan } from "../plan.js";
import { gather, Rows, zeros } from "../rows.js";
import { targetValue } from "../setup.js";
import { shapeOf } from "../shapeOf.js";
import { margins, type Ensemble } from "./ensemble.js";
import { interventional } from "./interventional.js";
import { pathDependent } from "./pathDependent.js";
import { creditOfInputs, decide, treesBehind, type TreeSubject } from "./treeSubject.js";

type Perturbation = "path" | "interventional";

/** Credits of one row by player, what they add up from, and how many background rows they took. */
interface Division {
  readonly expected: number;
  readonly points: number;
  add(row: Uint8Array, credit: Float64Array): void;
}

export function* planTreeShap(context: MethodContext): Plan {
  const { request, bound } = context;
  const target = targetValue(context);
  const rows = new Rows(bound, request, target);
  const subject = treesBehind(context, target);
  const { trees } = subject;
  const perturbation = readPerturbation(context, subject);
  if (explainsProbability(context, trees)) {
    if (perturbation === "path")
      throw new ExplainError("OPTION_INVALID", `A probability behind ${trees.link} can't be divided along the paths of single trees.`, {
        hint: "Ask for output=margin, or for perturbation=interventional.",
      });
    // Behind a link the trees no longer add up, so nothing but all coalitions is exact.
    return yield* averageBaselines(context, (one) => shapleyValues.plan(one));
  }
  const decided = yield* decide(subject, rows, request.inputs);
  const background = perturbation === "interventional" ? yield* decide(subject, rows, baselinesOf(context, rows)) : [];
  const integrals: Integral[] = [];
  // Rows that explain the same class share its leaves and their sums.
  const divisions = new Map<string, Division>();
  for (const [row, holds] of decided.entries()) {
    const { target: at, versus } = rows.targetOffsets(row);
    const pick = (values: Float64Array): number => values[at]! - (versus === undefined ? 0 : values[versus]!);
    const key = `${at} ${versus}`;
    const division = divisions.get(key) ?? divide(subject, pick, perturbation === "path" ? "path" : background);
    divisions.set(key, division);
    const credit = new Float64Array(subject.players.length);
    division.add(holds, credit);
    integrals.push({
      credit: creditOfInputs(subject, credit, rows),
      error: null,
      score: pick(margins(trees, holds)),
      baselineScore: division.expected,
      points: division.points,
      converged: true,
    });
    yield { kind: "progress", fraction: (row + 1) / decided.length };
  }
  return { ...assemble({ ...shapeOf(context, rows, false), complete: true }, integrals), remarks: remarksOn(subject) };
}

/** @param by the background rows' decisions, or "path" for the shares that the file has */
function divide({ trees, players, game }: TreeSubject, pick: (values: Float64Array) => number, by: "path" | readonly Uint8Array[]): Division {
  const leaf = Float64Array.from({ length: trees.feature.length }, (_, node) => pick(trees.values.subarray(node * trees.outputs, (node + 1) * trees.outputs)));
  if (by === "path") {
    if (trees.cover === null) throw new ExplainError("OPTION_INVALID", noCovers);
    const paths = pathDependent(game, leaf, trees.cover, players.length);
    return { expected: paths.expected + pick(trees.base), points: 1, add: paths.add };
  }
  const games = interventional(game, leaf, players.length);
  return {
    expected: by.reduce((sum, z) => sum + pick(margins(trees, z)), 0) / by.length,
    points: by.length,
    add: (row, credit) => {
      for (const z of by) games.add(row, z, credit);
      for (let c = 0; c < credit.length; c++) credit[c] = credit[c]! / by.length;
    },
  };
}

const noCovers =
  "The file does not say how many training rows reached each node, which perturbation=path needs (converters that don't know write 1 everywhere).";

function readPerturbation({ request }: MethodContext, { trees }: TreeSubject): Perturbation {
  const asked = request.options?.["perturbation"] ?? (request.baselines === undefined && trees.cover !== null ? "path" : "interventional");
  if (asked !== "path" && asked !== "interventional")
    throw new ExplainError("OPTION_INVALID", `The option "perturbation" is path or interventional, not ${JSON.stringify(asked)}.`);
  if (asked === "path" && trees.cover === null)
    throw new ExplainError("OPTION_INVALID", noCovers, { hint: "Use perturbation=interventional with a file of typical rows as the baseline." });
  if (asked === "path" && (request.fixed ?? []).length > 0)
    throw new ExplainError("OPTION_INVALID", "Inputs can't be held fixed along the trees' paths.", { hint: "Use perturbation=interventional." });
  return asked;
}

function explainsProbability({ request }: MethodContext, trees: Ensemble): boolean {
  const output = request.options?.["output"] ?? "margin";
  if (output !== "margin" && output !== "probability" && output !== "regression output")
    throw new ExplainError("OPTION_INVALID", `The option "output" is margin, probability or regression output, not ${JSON.stringify(output)}.`);
  return output !== "margin" && trees.link !== "none";
}

/** The background rows as the model's inputs; what is held fixed has the first sample's value in all of them. */
function baselinesOf({ request, bound }: MethodContext, rows: Rows): Feeds {
  const count = baselineCount(request);
  const fixed = new Set(request.fixed ?? []);
  if (fixed.size > 0 && rows.count > 1)
    throw new ExplainError("OPTION_INVALID", "With inputs held fixed, treeShap explains one row at a time.", { hint: "Name a row." });
  return Object.fromEntries(
    bound.graph.inputs.map(({ name }) => {
      const value = request.inputs[name]!;
      const given = fixed.has(name) ? value : (request.baselines?.[name] ?? zeros(value.dtype, [1, ...value.dims.slice(1)]));
      return [name, given.dims[0] === 1 ? gather(given, Array<number>(count).fill(0)) : given];
    }),
  );
}

function remarksOn({ trees, node }: TreeSubject): Diagnostic[] {
  if (trees.link === "none") return [];
  return [
    {
      code: "APPROXIMATION",
      severity: "info",
      message: `Score and credits are of the margin, the trees' sum before ${trees.link === "softmaxZero" ? "softmax" : trees.link} makes a probability of it: there they add up exactly.`,
      node: node.name,
      hint: "With output=probability the probability itself is divided, from all coalitions.",
    },
  ];
}
