import type { Attribute, Graph } from "../../../../src/graph/ir.js";
import { uniforms } from "../../../../src/attribution/random.js";
import { graphOf, op } from "../../graph/build.js";

/** A random tree: branches compare a column, leaves have a weight. */
export type Grown =
  | { readonly kind: "leaf"; readonly weight: number; readonly cover: number }
  | {
      readonly kind: "branch";
      readonly column: number;
      readonly mode: string;
      readonly threshold: number;
      readonly missing: number;
      readonly cover: number;
      readonly yes: Grown;
      readonly no: Grown;
    };

const modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

/** Values are few and whole, so that equal ones meet. */
export function grow(seed: number, columns: number, depth: number, leastWeight = -1): Grown {
  const next = uniforms(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  const build = (left: number): Grown => {
    if (left === 0 || next() < 0.15) return { kind: "leaf", weight: Math.fround(leastWeight + next() * (1 - leastWeight)), cover: 1 + pick(9) };
    const [yes, no] = [build(left - 1), build(left - 1)];
    return {
      kind: "branch",
      column: pick(columns),
      mode: modes[pick(modes.length)]!,
      threshold: pick(4),
      missing: pick(2),
      cover: yes.cover + no.cover,
      yes,
      no,
    };
  };
  return build(depth);
}

export interface Listing {
  readonly kind: "Classifier" | "Regressor";
  /** The output that each tree speaks for. */
  readonly outputOf: (tree: number) => number;
  readonly extra?: Readonly<Record<string, Attribute>>;
  readonly covers?: boolean;
}

/** The trees as one TreeEnsembleClassifier or TreeEnsembleRegressor over x [rows, columns]; the score is "y". */
export function listed(trees: readonly Grown[], columns: number, how: Listing): Graph {
  const nodes: { tree: number; id: number; grown: Grown; yes: number; no: number }[] = [];
  trees.forEach((root, tree) => {
    let count = 0;
    const add = (grown: Grown): number => {
      const id = count++;
      const entry = { tree, id, grown, yes: 0, no: 0 };
      nodes.push(entry);
      if (grown.kind === "branch") [entry.yes, entry.no] = [add(grown.yes), add(grown.no)];
      return id;
    };
    add(root);
  });
  const leaves = nodes.filter((n) => n.grown.kind === "leaf");
  const ints = (value: number[]): Attribute => ({ kind: "ints", value });
  const floats = (value: number[]): Attribute => ({ kind: "floats", value });
  const target = how.kind === "Classifier" ? "class" : "target";
  const branch = <T>(otherwise: T, read: (b: Extract<Grown, { kind: "branch" }>) => T): T[] =>
    nodes.map(({ grown }) => (grown.kind === "branch" ? read(grown) : otherwise));
  const attributes: Record<string, Attribute> = {
    nodes_treeids: ints(nodes.map((n) => n.tree)),
    nodes_nodeids: ints(nodes.map((n) => n.id)),
    nodes_featureids: ints(branch(0, (b) => b.column)),
    nodes_modes: { kind: "strings", value: branch("LEAF", (b) => b.mode) },
    nodes_values: floats(branch(0, (b) => b.threshold)),
    nodes_truenodeids: ints(nodes.map((n) => n.yes)),
    nodes_falsenodeids: ints(nodes.map((n) => n.no)),
    nodes_missing_value_tracks_true: ints(branch(0, (b) => b.missing)),
    nodes_hitrates: floats(nodes.map((n) => (how.covers === false ? 1 : n.grown.cover))),
    ...(how.kind === "Regressor" ? { n_targets: { kind: "int", value: 1 } } : {}),
    [`${target}_treeids`]: ints(leaves.map((n) => n.tree)),
    [`${target}_nodeids`]: ints(leaves.map((n) => n.id)),
    [`${target}_ids`]: ints(leaves.map((n) => how.outputOf(n.tree))),
    [`${target}_weights`]: floats(leaves.map((n) => (n.grown.kind === "leaf" ? n.grown.weight : 0))),
    ...how.extra,
  };
  return ensemble(`TreeEnsemble${how.kind}`, columns, attributes);
}

/** A tree operator alone, over x [rows, columns]; the score is "y". */
export function ensemble(name: string, columns: number, attributes: Readonly<Record<string, Attribute>>): Graph {
  const outputs = name === "TreeEnsembleClassifier" ? ["label", "y"] : ["y"];
  return graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["rows", columns] } },
    nodes: [op(name, ["x"], outputs, attributes, "ai.onnx.ml")],
    outputs: ["y"],
    opsets: { "": 17, "ai.onnx.ml": name === "TreeEnsemble" ? 5 : 3 },
  });
}
