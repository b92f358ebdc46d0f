import { ExplainError } from "../base/diagnostic.js";
import { gradient, type Backward } from "../autodiff/backward.js";
import { rowsPerRun } from "./cost.js";
import type { MethodContext } from "./method.js";
import type { Program } from "./plan.js";
import { derivativeProgram, type DerivativeSpec, type LayerValues, type Quantity } from "./program/derivative.js";
import { findSources, type Source } from "./program/sources.js";
import { sizeOf } from "../tensor/tensor.js";
import { Rows, type Item } from "./rows.js";

/** What every gradient method begins with. */
export interface Setup {
  readonly rows: Rows;
  readonly sources: readonly Source[];
  readonly items: readonly Item[];
  readonly capacity: number;
  readonly program: (quantity: Quantity, path: boolean) => Program;
}

export interface SetupOptions {
  /** `layer`: the neuron methods that explain the layer's units; `none`: activations; default the request's target. */
  readonly target?: "layer" | "none";
  /** Items enumerate the request's units. */
  readonly units?: boolean;
  /** Rules other than those of derivatives. */
  readonly backward?: Backward;
}

export function setUp(context: MethodContext, options: SetupOptions = {}): Setup {
  const { bound, request } = context;
  const target = options.target === "none" ? null : options.target === "layer" ? requireLayer(context) : targetValue(context);
  const rows = new Rows(bound, request, target, options.target === "layer");
  const fixed = new Set(request.fixed ?? []);
  for (const name of fixed)
    if (!bound.graph.inputs.some((i) => i.name === name))
      throw new ExplainError("UNKNOWN_INPUT", `The model has no input "${name}" to hold fixed.`, {
        hint: `Its inputs: ${bound.graph.inputs.map((i) => i.name).join(", ")}.`,
      });
  const { sources } = findSources(
    bound,
    bound.graph.inputs.map((i) => i.name).filter((name) => !fixed.has(name)),
  );
  if (sources.length === 0)
    throw new ExplainError("NO_GRADIENT_PATH", "No input of the model can get credit: every one is fixed or never becomes a float value by look-up.", {
      hint: "Release a fixed input, or use a perturbation method.",
    });
  const units = options.units === true ? unitsOf(context, rows) : [undefined];
  const items = Array.from({ length: rows.count }, (_, row) => units.map((unit): Item => (unit === undefined ? { row } : { row, unit }))).flat();
  const program = (quantity: Quantity, path: boolean): Program => {
    const { rules, key, start } = options.backward ?? gradient;
    const spec: DerivativeSpec = { sources, path, target, quantity, rules, rulesKey: key, start };
    return derivativeProgram(bound, spec);
  };
  return { rows, sources, items, capacity: rowsPerRun(bound), program };
}

export function requireLayer({ request }: MethodContext): string {
  if (request.layer === undefined)
    throw new ExplainError("UNKNOWN_LAYER", `The method ${request.method} needs a layer.`, {
      hint: 'Name one with --layer; "explain-prediction inspect" lists them.',
    });
  return request.layer;
}

/**
 * The values of the requested layer: one, or several with commas between them where a layer has several outputs.
 * A name that has a comma itself is meant as it stands.
 */
export function layerValues(context: MethodContext): LayerValues {
  const layer = requireLayer(context);
  if (context.bound.types.has(layer) || !layer.includes(",")) return { layer };
  const [first = layer, ...also] = [...new Set(layer.split(",").map((name) => name.trim()))];
  return { layer: first, also };
}

/** The requested layer for methods that look at one of its neurons. Throws OPTION_INVALID where the layer has several values: a neuron is one of one value's. */
export function oneLayerValue(context: MethodContext): string {
  const { layer, also } = layerValues(context);
  if (also === undefined || ![layer, ...also].every((name) => context.bound.types.has(name))) return requireLayer(context);
  throw new ExplainError("OPTION_INVALID", `A neuron is one of one value's, and the layer "${requireLayer(context)}" has several.`, {
    hint: `Name the value that the neuron is in, such as --layer ${layer}.`,
  });
}

/** The value that all of a request's targets lie in. Throws UNKNOWN_TARGET without one. */
export function targetValue({ request }: MethodContext): string {
  const first = request.targets?.[0];
  if (first === undefined)
    throw new ExplainError("UNKNOWN_TARGET", `The method ${request.method} explains a score, but no target was given.`, {
      hint: "Name a class or an output element with --target.",
    });
  for (const t of [...(request.targets ?? []), ...(request.versus ?? [])])
    if (t.value !== first.value)
      throw new ExplainError("UNKNOWN_TARGET", `Targets lie in different values: "${first.value}" and "${t.value}".`, {
        hint: "Explain them one after the other.",
      });
  return first.value;
}

/** The requested units, as flat indices behind the row axis. An index that leaves axes out names all units below it together: a channel, a position of a sequence. */
export function unitsOf(context: MethodContext, rows: Rows): (readonly number[])[] {
  const layer = oneLayerValue(context);
  if (!rows.bound.types.has(layer))
    throw new ExplainError("UNKNOWN_LAYER", `The model has no value "${layer}".`, { hint: '"explain-prediction inspect" lists the layers.' });
  const dims = rows.unitDims(layer);
  const size = dims.reduce((n, d) => n * d, 1);
  const { neuron } = context.request;
  if (neuron === undefined)
    throw new ExplainError("UNKNOWN_LAYER", `The method ${context.request.method} needs a neuron.`, { hint: "Name one with --neuron, by its index, or all." });
  if (neuron === "all") return Array.from({ length: size }, (_, unit) => [unit]);
  if (neuron.length > dims.length || neuron.length === 0 || neuron.some((x, i) => x < 0 || x >= dims[i]!))
    throw new ExplainError("UNKNOWN_LAYER", `There is no neuron [${neuron.join(", ")}] in "${layer}" (dims [${dims.join(", ")}] behind the batch axis).`, {
      hint: "Indices count from 0.",
    });
  const below = sizeOf(dims.slice(neuron.length));
  const first = neuron.reduce((at, x, i) => at * dims[i]! + x, 0) * below;
  return [Array.from({ length: below }, (_, i) => first + i)];
}
