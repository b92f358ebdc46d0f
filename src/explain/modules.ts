import type { Graph, Node } from "../graph/ir.js";
import type { Frame, LayerTrace } from "../protocol/trace.js";

/** A module of the source program and the nodes it became. */
export interface Module extends LayerTrace {
  readonly nodes: Node[];
}

interface Scope {
  readonly path: string;
  readonly class: string | null;
}

/**
 * The modules of a graph in order of execution, containers before what they hold; the root is left out.
 * From torch's default exporter by metadata, from older exporters by node names ("/encoder/layer.3/MatMul", "model/dense_1/MatMul").
 */
export function findModules(graph: Graph): Module[] {
  const modules = new Map<string, Module>();
  for (const node of graph.nodes) {
    const scopes = scopesOf(node);
    for (const [i, scope] of scopes.entries()) {
      if (scope.path === "") continue;
      let module = modules.get(scope.path);
      if (module === undefined) {
        const above = scopes[i - 1];
        module = {
          path: scope.path,
          class: scope.class,
          owner: above === undefined || above.class === null ? null : { class: above.class, path: above.path },
          attribute: above === undefined || above.path === "" ? scope.path : scope.path.slice(above.path.length + 1),
          nodes: [],
          frames: parseTrace(node.metadata?.["pkg.torch.onnx.stack_trace"] ?? ""),
        };
        modules.set(scope.path, module);
      }
      module.nodes.push(node);
    }
  }
  return [...modules.values()];
}

/** The modules around a node, outermost (the root, path "") first. */
function scopesOf(node: Node): Scope[] {
  const paths = parseList(node.metadata?.["pkg.torch.onnx.name_scopes"] ?? "");
  const classes = parseList(node.metadata?.["pkg.torch.onnx.class_hierarchy"] ?? "");
  if (paths.length > 0) {
    // The last entry is the call itself; nodes that the exporter added have no root.
    if (paths[0] !== "") return [];
    return paths.slice(0, -1).map((path, i) => ({ path, class: classes[i] ?? null }));
  }
  return scopesOfName(node.name);
}

/** "/encoder/layer.3/MatMul" → encoder, encoder.layer.3. A member of a Sequential repeats it: "/body/body.0/Conv" → body, body.0. */
function scopesOfName(name: string): Scope[] {
  const parts = name.split("/").filter((part) => part !== "");
  if (parts.length < 2) return [];
  const scopes: Scope[] = [{ path: "", class: null }];
  let path = "";
  let before = "";
  for (const part of parts.slice(0, -1)) {
    const own = before !== "" && part.startsWith(`${before}.`) ? part.slice(before.length + 1) : part;
    path = path === "" ? own : `${path}.${own}`;
    before = part;
    scopes.push({ path, class: null });
  }
  return scopes;
}

/** A Python list of strings as `repr` prints it. */
function parseList(text: string): string[] {
  return [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? match[2] ?? "");
}

function parseTrace(text: string): Frame[] {
  return [...text.matchAll(/File "([^"]+)", line (\d+)(?:, in [^\n]*)?\n?([^\n]*)/g)].map((match) => ({
    file: match[1] ?? "",
    line: Number(match[2]),
    text: (match[3] ?? "").trim(),
  }));
}
