import { layerTraces } from "../../../src/explain/sources.js";
import type { Graph, Node } from "../../../src/graph/ir.js";
import type { LayerTrace } from "../../../src/protocol/trace.js";
import { findSources, type ModelSources } from "../../../src/source/findSources.js";

/** One node as torch's default exporter describes it: "path:Class" from the root inwards, and its stack trace as "file:line:text". */
export interface Exported {
  readonly scopes: readonly string[];
  readonly stack?: readonly string[];
}

const repr = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(", ")}]`;

function nodeOf({ scopes, stack = [] }: Exported, i: number): Node {
  const parts = scopes.map((scope) => scope.split(":"));
  const trace = stack.map((frame) => {
    const [, file = "", line = "", text = ""] = /^(.*?):(\d+):(.*)$/.exec(frame) ?? [];
    return `File "${file}", line ${line}, in forward\n    ${text}`;
  });
  const metadata = {
    "pkg.torch.onnx.name_scopes": repr([...parts.map(([path = ""]) => path), "call"]),
    "pkg.torch.onnx.class_hierarchy": repr([...parts.map(([, name = ""]) => name), "aten.call.default"]),
    "pkg.torch.onnx.stack_trace": trace.join("\n  "),
  };
  return { name: `node_${i}`, op: "Relu", domain: "", inputs: ["x"], outputs: [`y${i}`], attributes: {}, metadata };
}

const graphOf = (nodes: readonly Node[]): Graph => ({
  name: "g",
  inputs: [{ name: "x", dtype: "float32", dims: ["batch", 4] }],
  outputs: [],
  nodes: [...nodes],
  initializers: new Map(),
  opsets: { "": 20 },
});

/** The traces of nodes as the exporter of torch writes them, or of node names as older exporters do. */
export function tracesOf(exported: readonly (Exported | string)[]): LayerTrace[] {
  return layerTraces(
    graphOf(
      exported.map((one, i) =>
        typeof one === "string" ? { name: one, op: "Relu", domain: "", inputs: ["x"], outputs: [`y${i}`], attributes: {} } : nodeOf(one, i),
      ),
    ),
  );
}

/** What is found, as "file:definition < file:call … ≠": ≠ where the source differs. */
export function shown({ layers }: ModelSources): Record<string, string> {
  return Object.fromEntries(
    [...layers].map(([path, { file, definition, calls, differs }]) => [
      path,
      [
        `${file}:${definition ?? "?"}`,
        ...(calls.length === 0 ? [] : ["<", ...calls.map((call) => (call.file === file ? String(call.line) : `${call.file}:${call.line}`))]),
        ...(differs === true ? ["≠"] : []),
      ].join(" "),
    ]),
  );
}

export function search(exported: readonly (Exported | string)[], files: Readonly<Record<string, string>>, near = ""): Promise<ModelSources> {
  return findSources(tracesOf(exported), { list: () => Promise.resolve(Object.keys(files)), read: (file) => Promise.resolve(files[file]) }, near);
}

/** A class with one line of `forward`; the attributes are made in lines 3 and on. */
export const network = (name: string, attributes: readonly string[], forward: readonly string[], base = "nn.Module"): string =>
  [
    `class ${name}(${base}):`,
    "    def __init__(self):",
    ...attributes.map((line) => `        ${line}`),
    "    def forward(self, x):",
    ...forward.map((line) => `        ${line}`),
    "",
  ].join("\n");

/** A model, the source around it, and where its layers are to be found. */
export interface Layout {
  readonly exported: readonly (Exported | string)[];
  readonly files: Readonly<Record<string, string>>;
  readonly near?: string;
  readonly expected: Readonly<Record<string, string>>;
}
