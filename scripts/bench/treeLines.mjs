import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../root.mjs";

/** @typedef {{ milliseconds: number, values: number[] }} TreeTiming */
/** @typedef {TreeTiming & { changes: number[] }} ShapTiming what credits of each row have to add up to */

/** treeShap takes at most so many times as long as the shap package. */
const goal = 3;

/**
 * treeShap beside the shap package's C++ on 50 trees of depth 6 and all samples of the diabetes example, in turn on the same machine.
 * @param {string} python an interpreter with shap, scikit-learn, skl2onnx and pandas
 * @param {string} bundle
 * @param {(command: string, args: readonly string[]) => string} run
 * @param {number} rounds
 * @returns {string[][]} lines of a table
 */
export function treeLines(python, bundle, run, rounds) {
  const folder = mkdtempSync(join(tmpdir(), "explain-bench-"));
  const [train = "", samples = ""] = ["train.csv", "samples.csv"].map((name) => join(root, "examples/diabetes", name));
  try {
    const file = join(folder, "trees.onnx");
    /** @type {{ version: string, trees: number, nodes: number, path: ShapTiming, interventional: ShapTiming }[]} */
    const theirs = [];
    /** @type {Record<"path" | "interventional", TreeTiming>[]} */
    const ours = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(JSON.parse(run(python, [join(root, "scripts/bench/trees.py"), train, samples, file])));
      ours.push(JSON.parse(run(process.execPath, [bundle, "trees", file, train, samples])));
    }
    const [first] = theirs;
    const [own] = ours;
    if (first === undefined || own === undefined) return [];
    const rows = first.path.changes.length;
    const lines = [
      [`${first.trees} trees, ${first.nodes} nodes, ${rows} rows`, "ms", `shap ${first.version} ms`, "times", "goal", "sums off by", "shap's off by"],
    ];
    for (const [way, title] of /** @type {const} */ ([
      ["path", "by the nodes' covers"],
      ["interventional", "against 100 background rows"],
    ])) {
      const ratio = median(ours.map((o, i) => o[way].milliseconds / (theirs[i]?.[way].milliseconds ?? NaN)));
      const { changes } = first[way];
      lines.push([
        title,
        median(ours.map((o) => o[way].milliseconds)).toFixed(1),
        median(theirs.map((t) => t[way].milliseconds)).toFixed(1),
        `${ratio.toFixed(2)} x`,
        `<= ${goal} x`,
        offBy(own[way].values, changes),
        offBy(first[way].values, changes),
      ]);
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * How far the sums of the rows' credits are from the changes of the score that they explain, at most.
 * @param {readonly number[]} values
 * @param {readonly number[]} changes
 */
function offBy(values, changes) {
  const width = values.length / changes.length;
  const sums = changes.map((_, r) => values.slice(r * width, (r + 1) * width).reduce((sum, v) => sum + v, 0));
  return Math.max(...sums.map((sum, r) => Math.abs(sum - (changes[r] ?? NaN)))).toExponential(0);
}

/** @param {number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}
