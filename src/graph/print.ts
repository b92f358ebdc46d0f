import type { Attribute, Graph, Initializer, Node, ValueInfo } from "./ir.js";
import { readInitializer } from "./initializer.js";
import { sizeOf, toNumbers, type Tensor } from "../tensor/tensor.js";

const shown = 8;

/** The graph as text, one line a value, in graph order: the same graph gives the same text. The format of golden files. */
export function print(graph: Graph): string {
  const opsets = Object.entries(graph.opsets)
    .map(([domain, version]) => `${domain === "" ? "ai.onnx" : domain} ${version}`)
    .join(", ");
  return `graph${opsets === "" ? "" : ` (${opsets})`}\n${body(graph, "  ")}`;
}

function body(graph: Graph, indent: string): string {
  const lines = [
    ...graph.inputs.map((i) => `input ${info(i)}`),
    ...[...graph.initializers.values()].map((i) => `const ${i.name}: ${i.dtype}[${i.dims.join(", ")}] = ${content(i)}`),
    ...graph.nodes.map((n) => node(n, indent)),
    ...graph.outputs.map((o) => `output ${info(o)}`),
  ];
  return lines.map((line) => `${indent}${line}\n`).join("");
}

function info(v: ValueInfo): string {
  const dims = v.dims === null ? "" : `[${v.dims.map((d) => d ?? "?").join(", ")}]`;
  return v.dtype === null ? v.name : `${v.name}: ${v.dtype}${dims}`;
}

function node(n: Node, indent: string): string {
  const attributes = Object.entries(n.attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, a]) => `${name}=${attribute(a, indent)}`);
  const op = n.domain === "" ? n.op : `${n.domain}.${n.op}`;
  return `${n.outputs.map(name).join(", ")} = ${op}(${n.inputs.map(name).join(", ")})${attributes.length === 0 ? "" : ` {${attributes.join(", ")}}`}`;
}

function name(value: string): string {
  return value === "" ? "_" : value;
}

function attribute(a: Attribute, indent: string): string {
  switch (a.kind) {
    case "int":
      return String(a.value);
    case "float":
      return float(a.value);
    case "string":
      return JSON.stringify(a.value);
    case "ints":
      return `[${a.value.join(", ")}]`;
    case "floats":
      return `[${a.value.map(float).join(", ")}]`;
    case "strings":
      return JSON.stringify(a.value);
    case "tensor":
      return `${a.value.dtype}[${a.value.dims.join(", ")}] ${elements(a.value)}`;
    case "graph":
      return `graph\n${body(a.value, `${indent}    `)}${indent}  `;
    case "ref":
      return `@${a.value}`;
  }
}

function content(i: Initializer): string {
  if (i.content.kind === "external") return `${i.content.location} @${i.content.offset}`;
  if (sizeOf(i.dims) > shown) return "…";
  return elements(readInitializer(i));
}

function elements(t: Tensor): string {
  if (t.data.length > shown) return "…";
  if (t.dtype === "string") return JSON.stringify(t.data);
  const numbers = Array.from(toNumbers(t), (v) => (t.dtype.includes("float") ? float(v) : String(v)));
  return t.dims.length === 0 ? numbers.join() : `[${numbers.join(", ")}]`;
}

/** Seven significant digits: what float32 can tell. */
function float(value: number): string {
  return Object.is(value, -0) ? "-0." : Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.` : String(Number(value.toPrecision(7)));
}
