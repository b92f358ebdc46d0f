import { ExplainError } from "../../base/diagnostic.js";
import { attribute } from "../../graph/attributes.js";
import type { Node } from "../../graph/ir.js";
import type { BoundGraph } from "../bound.js";

/** Where a column of the trees' table comes from: an element, behind the batch axis, of a model input. */
export interface Column {
  readonly input: string;
  readonly element: number;
}

/** Operators that change a column's numbers but not which input it is. */
const columnwise = new Set(["Identity", "Cast", "Scaler", "Imputer", "Flatten", "Reshape", "LabelEncoder", "CategoryMapper"]);
const arithmetic = new Set(["Add", "Sub", "Mul", "Div"]);

/** The columns of a value of dims [rows, columns]. Throws UNSUPPORTED_OPERATOR where they mix inputs' elements. */
export function columnsOf(bound: BoundGraph, value: string): Column[] {
  const input = bound.graph.inputs.find((i) => i.name === value);
  const dims = bound.types.get(value)?.dims.slice(1) ?? [];
  const size = dims.reduce<number>((n, d) => n * (d ?? 1), 1);
  if (input !== undefined) return Array.from({ length: size }, (_, element) => ({ input: value, element }));
  const maker = bound.graph.nodes.find((n) => n.outputs.includes(value));
  if (maker === undefined) throw mixed(value, undefined);
  const computed = maker.inputs.filter((x) => x !== "" && !bound.graph.initializers.has(x));
  const only = computed[0];
  if (maker.op === "Concat" && isColumnAxis(maker, bound)) return maker.inputs.flatMap((x) => columnsOf(bound, x));
  if (only === undefined || computed.length !== 1 || !(columnwise.has(maker.op) || arithmetic.has(maker.op) || maker.op === "OneHotEncoder"))
    throw mixed(value, maker);
  const columns = columnsOf(bound, only);
  // A category has as many columns as there are.
  if (maker.op === "OneHotEncoder") return columns.flatMap((column) => Array<Column>(size / columns.length).fill(column));
  if (columns.length !== size) throw mixed(value, maker);
  return columns;
}

function isColumnAxis(node: Node, bound: BoundGraph): boolean {
  const dims = bound.types.get(node.outputs[0] ?? "")?.dims ?? [];
  const axis = attribute(node, "axis", "int") ?? 0;
  return dims.length >= 2 && (axis === dims.length - 1 || axis === -1) && dims.slice(1, -1).every((d) => d === 1);
}

function mixed(value: string, node: Node | undefined): ExplainError {
  return new ExplainError(
    "UNSUPPORTED_OPERATOR",
    `The trees do not read the model's inputs column by column: "${value}"${node === undefined ? "" : ` is made by ${node.op} ("${node.name}")`}.`,
    { ...(node === undefined ? {} : { node: node.name }), hint: "Use shapleyValues or kernelShap, which only run the model." },
  );
}
