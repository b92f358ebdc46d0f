import { ExplainError } from "../../base/diagnostic.js";
import type { BoundGraph } from "../bound.js";
import type { Frame } from "./frame.js";
import { instantiate } from "./instance.js";
import type { Source, SourceValue } from "./sources.js";

/** A source value in a program: where it moves, and between what. */
export interface MovingValue {
  readonly source: Source;
  readonly from: SourceValue;
  /** The value on the path, lifted; gradients are taken with respect to it. */
  readonly point: string;
  /** R rows: the sample's value, the path's start (absent for pointwise programs) and their difference. */
  readonly end: string;
  readonly start?: string;
  readonly difference?: string;
}

export interface Start {
  readonly moving: readonly MovingValue[];
  /** What the graph's values are replaced by in the main copy: sources by their path, other inputs by their lifted rows. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** Feeds the model's inputs into a program and lays the path through its sources (or takes the sample itself as the only point). */
export function layPath(frame: Frame, sources: readonly Source[], path: boolean): Start {
  const { bound, b } = frame;
  const moving: MovingValue[] = [];
  const replaced = new Map<string, string>();
  for (const { name } of bound.graph.inputs) frame.modelInput(name);
  const nodes = bound.graph.nodes;
  for (const source of sources) {
    const values = source.values.map((v) => v.name);
    const atEnd = source.embedded ? instantiate(b, nodes, bound.types, values, new Map(), "@end") : undefined;
    const base = path ? frame.baseline(source.input) : undefined;
    const atStart = base !== undefined && source.embedded ? instantiate(b, nodes, bound.types, values, new Map([[source.input, base]]), "@start") : undefined;
    for (const from of source.values) {
      const end = atEnd === undefined ? source.input : atEnd.name(from.name);
      if (base === undefined) {
        const point = frame.lift(end) === end ? b.unary("Identity", end) : frame.lift(end);
        moving.push({ source, from, end, point });
        replaced.set(from.name, point);
        continue;
      }
      const start = atStart === undefined ? base : atStart.name(from.name);
      const { value, difference } = frame.path(start, end);
      moving.push({ source, from, end, start, difference, point: value });
      replaced.set(from.name, value);
    }
  }
  for (const { name } of bound.graph.inputs) if (!replaced.has(name)) replaced.set(name, frame.lift(name));
  return { moving, replaced };
}

/** The model's nodes at the start of the path, R rows: sources at their baselines, everything else at the sample. */
export function atPathStart(frame: Frame, start: Start, values: readonly string[]): (value: string) => string {
  const replaced = new Map<string, string>();
  for (const m of start.moving) if (m.start !== undefined) replaced.set(m.from.name, m.start);
  const copy = instantiate(frame.b, frame.bound.graph.nodes, frame.bound.types, values, replaced, "@baseline");
  return (value) => copy.name(value);
}

/** Throws UNKNOWN_LAYER / UNKNOWN_TARGET for a name that is no tensor of the graph. */
export function requireValue(bound: BoundGraph, name: string, what: "layer" | "target"): void {
  if (bound.types.has(name) && !bound.graph.initializers.has(name)) return;
  const known = bound.graph.nodes.flatMap((n) => n.outputs).filter((v) => v !== "" && bound.types.has(v));
  const near = known.filter((v) => v.toLowerCase().includes(name.toLowerCase())).slice(0, 5);
  throw new ExplainError(what === "layer" ? "UNKNOWN_LAYER" : "UNKNOWN_TARGET", `The model has no value "${name}" to use as a ${what}.`, {
    hint: `${near.length > 0 ? `Similar names: ${near.join(", ")}.` : `Some of its values: ${known.slice(-6).join(", ")}.`} "explain-prediction inspect" lists the layers.`,
  });
}
