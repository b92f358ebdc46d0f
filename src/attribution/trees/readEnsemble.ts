import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Node } from "../../graph/ir.js";
import { readAttribute } from "./treeAttributes.js";
import { branchModes, type Ensemble, type Link } from "./ensemble.js";
import { foldOutputs, type LeafWeight, type ListedTrees } from "./foldOutputs.js";

const links: Readonly<Record<string, Link>> = { NONE: "none", LOGISTIC: "logistic", SOFTMAX: "softmax", SOFTMAX_ZERO: "softmaxZero", PROBIT: "probit" };
const listedModes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER"] as const;

/** Whether trees of this operator can be read. */
export function isTreeEnsemble({ op, domain }: Node): boolean {
  return domain === "ai.onnx.ml" && (op === "TreeEnsembleClassifier" || op === "TreeEnsembleRegressor" || op === "TreeEnsemble");
}

/** The trees of a node. Throws MODEL_INVALID where its attributes contradict each other, OPERATOR_UNSUPPORTED for sums that are none (smallest or largest leaf). */
export function readEnsemble(node: Node): Ensemble {
  return node.op === "TreeEnsemble" ? readRooted(node) : readListed(node);
}

/** TreeEnsembleClassifier and TreeEnsembleRegressor, ai.onnx.ml 1 and 3: nodes named by tree and node ids. */
function readListed(node: Node): Ensemble {
  const read = readAttribute(node);
  const [treeIds, nodeIds, featureIds] = [read.numbers("nodes_treeids"), read.numbers("nodes_nodeids"), read.numbers("nodes_featureids")];
  const [yesIds, noIds] = [read.numbers("nodes_truenodeids"), read.numbers("nodes_falsenodeids")];
  const thresholds = read.numbers("nodes_values");
  const modes = read.strings("nodes_modes");
  const missing = read.numbers("nodes_missing_value_tracks_true");
  const count = nodeIds.length;
  read.sameLength(count, { nodes_treeids: treeIds, nodes_featureids: featureIds, nodes_truenodeids: yesIds, nodes_falsenodeids: noIds, nodes_modes: modes });
  const place = new Map(nodeIds.map((id, i): [string, number] => [`${treeIds[i]}/${id}`, i]));
  const at = (tree: number | undefined, id: number | undefined): number => {
    const found = place.get(`${tree}/${id}`);
    if (found === undefined) throw read.invalid(`tree ${tree} has no node ${id}, which another one names`);
    return found;
  };
  const leaf = modes.map((mode) => mode === "LEAF");
  const mode = Uint8Array.from(modes, (name, i) => {
    const known = listedModes.findIndex((m) => m === name);
    if (known < 0 && leaf[i] !== true) throw read.invalid(`a node has the mode "${name}"`);
    return Math.max(0, known);
  });
  const follow = (ids: readonly number[]): Int32Array => Int32Array.from(ids, (id, i) => (leaf[i] === true ? -1 : at(treeIds[i], id)));
  const [yes, no] = [follow(yesIds), follow(noIds)];
  const child = new Set([...yes, ...no]);
  const hits = read.numbers("nodes_hitrates");
  const trees: ListedTrees = {
    roots: Int32Array.from([...nodeIds.keys()].filter((i) => !child.has(i))),
    feature: Int32Array.from(featureIds, (f, i) => (leaf[i] === true ? -1 : f)),
    mode,
    threshold: Float64Array.from({ length: count }, (_, i) => thresholds[i] ?? 0),
    members: new Map(),
    yes,
    no,
    missingHolds: Uint8Array.from({ length: count }, (_, i) => (missing[i] === 1 ? 1 : 0)),
    cover: hits.length === count ? Float64Array.from(hits) : null,
  };
  const kind = node.op === "TreeEnsembleClassifier" ? "class" : "target";
  const [leafTrees, leafNodes] = [read.numbers(`${kind}_treeids`), read.numbers(`${kind}_nodeids`)];
  const [outputs, weights] = [read.numbers(`${kind}_ids`), read.numbers(`${kind}_weights`)];
  read.sameLength(weights.length, { [`${kind}_treeids`]: leafTrees, [`${kind}_nodeids`]: leafNodes, [`${kind}_ids`]: outputs });
  const leaves = weights.map((weight, i): LeafWeight => ({ node: at(leafTrees[i], leafNodes[i]), output: outputs[i]!, weight }));
  const classes = Math.max(read.strings("classlabels_strings").length, read.numbers("classlabels_int64s").length);
  return foldOutputs(trees, leaves, {
    outputs: kind === "class" ? classes : (read.number("n_targets") ?? 1),
    classifier: kind === "class",
    base: read.numbers("base_values"),
    link: linkNamed(read.string("post_transform") ?? "NONE", node),
    mean: aggregation(read.string("aggregate_function") ?? "SUM", node) === "AVERAGE",
  });
}

/** TreeEnsemble, ai.onnx.ml 5: branches and leaves are listed apart, and sets are allowed. */
function readRooted(node: Node): Ensemble {
  const read = readAttribute(node);
  const [featureIds, modes, splits] = [read.numbers("nodes_featureids"), read.numbers("nodes_modes"), read.numbers("nodes_splits")];
  const [yesIds, noIds] = [read.numbers("nodes_truenodeids"), read.numbers("nodes_falsenodeids")];
  const [yesLeaf, noLeaf] = [read.numbers("nodes_trueleafs"), read.numbers("nodes_falseleafs")];
  const missing = read.numbers("nodes_missing_value_tracks_true");
  const [targets, weights] = [read.numbers("leaf_targetids"), read.numbers("leaf_weights")];
  const branches = featureIds.length;
  const count = branches + weights.length;
  read.sameLength(branches, { nodes_modes: modes, nodes_splits: splits, nodes_truenodeids: yesIds, nodes_falsenodeids: noIds });
  const follow = (ids: readonly number[], leaf: readonly number[]): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => {
      if (i >= branches) return -1;
      const to = leaf[i] === 1 ? branches + ids[i]! : ids[i]!;
      if (!(to >= 0 && to < (leaf[i] === 1 ? count : branches))) throw read.invalid(`node ${i} leads to ${ids[i]}, which does not exist`);
      return to;
    });
  const sets = splitSets(read.numbers("membership_values"));
  const members = new Map<number, ReadonlySet<number>>();
  modes.forEach((m, i) => {
    if (branchModes[m] === undefined) throw read.invalid(`a node has the mode ${m}`);
    if (branchModes[m] === "member") members.set(i, sets[members.size] ?? new Set());
  });
  const outputs = read.number("n_targets") ?? 1;
  // 0 average, 1 sum, 2 smallest, 3 largest; the transforms are counted in this order too.
  const aggregate = present(["AVERAGE", "SUM", "MIN", "MAX"][read.number("aggregate_function") ?? 1], "aggregate_function");
  const link = present(["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"][read.number("post_transform") ?? 0], "post_transform");
  const leaves = weights.map((weight, i): LeafWeight => ({ node: branches + i, output: targets[i] ?? 0, weight }));
  const trees: ListedTrees = {
    roots: Int32Array.from(read.numbers("tree_roots")),
    feature: Int32Array.from({ length: count }, (_, i) => (i < branches ? featureIds[i]! : -1)),
    mode: Uint8Array.from({ length: count }, (_, i) => modes[i] ?? 0),
    threshold: Float64Array.from({ length: count }, (_, i) => splits[i] ?? 0),
    members,
    yes: follow(yesIds, yesLeaf),
    no: follow(noIds, noLeaf),
    missingHolds: Uint8Array.from({ length: count }, (_, i) => (missing[i] === 1 ? 1 : 0)),
    // Hit rates are there for branches only: what reached a leaf is not known.
    cover: null,
  };
  return foldOutputs(trees, leaves, { outputs, classifier: false, base: [], link: linkNamed(link, node), mean: aggregation(aggregate, node) === "AVERAGE" });
}

/** Sets stand one after the other, in the order of their nodes, each ended by NaN. */
function splitSets(values: readonly number[]): ReadonlySet<number>[] {
  const sets: Set<number>[] = [];
  let current = new Set<number>();
  for (const value of values) {
    if (!Number.isNaN(value)) {
      current.add(value);
      continue;
    }
    sets.push(current);
    current = new Set();
  }
  if (current.size > 0) sets.push(current);
  return sets;
}

function linkNamed(name: string, node: Node): Link {
  const link = links[name];
  if (link === undefined)
    throw new ExplainError("MODEL_INVALID", `The node "${node.name}" (${node.op}) has the post_transform "${name}".`, { node: node.name });
  return link;
}

function aggregation(name: string, node: Node): "SUM" | "AVERAGE" {
  if (name === "SUM" || name === "AVERAGE") return name;
  throw new ExplainError("UNSUPPORTED_OPERATOR", `The trees of "${node.name}" are combined by ${name}; treeShap divides sums and averages of trees.`, {
    node: node.name,
    hint: "Use shapleyValues or kernelShap, which only run the model.",
  });
}
