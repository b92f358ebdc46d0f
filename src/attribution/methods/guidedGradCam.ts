import { ExplainError } from "../../base/diagnostic.js";
import { isFloat } from "../../tensor/dtype.js";
import { guided } from "../../autodiff/guided.js";
import type { Method, MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import type { Interpolation } from "../program/gradCam.js";
import { requireLayer } from "../setup.js";
import { planGuided } from "./guidedMethod.js";
import { requireChannels } from "./mapMethod.js";

/** Guided backpropagation times the positive part of the layer's class map, brought to the input's size. */
export const guidedGradCam: Method = {
  name: "guidedGradCam",
  title: "Guided Grad-CAM",
  family: "rule",
  question: "Which details, at the places that matter to the layer, speak for this score?",
  paper: "https://arxiv.org/abs/1610.02391",
  needs: { gradient: true, target: true, baseline: false, layer: true, neuron: false },
  complete: false,
  places: true,
  options: { interpolation: "nearest (the default) or bilinear: how the map is brought to the input's size" },
  plan: function* (context): Plan {
    const layer = requireLayer(context);
    requireChannels(context, layer);
    requireImage(context, layer);
    return yield* planGuided(context, guided, {}, { kind: "inputsTimesMap", layer, interpolation: interpolationOf(context) });
  },
};

function interpolationOf({ request }: MethodContext): Interpolation {
  const value = request.options?.["interpolation"] ?? "nearest";
  if (value === "nearest" || value === "bilinear") return value;
  throw new ExplainError("OPTION_INVALID", `The option "interpolation" is nearest or bilinear, not ${JSON.stringify(value)}.`);
}

/** A map can be laid over inputs only that have the layer's axes. Throws UNKNOWN_LAYER. */
function requireImage({ bound, request }: MethodContext, layer: string): void {
  const rank = bound.types.get(layer)?.dims.length ?? 0;
  const fits = bound.graph.inputs.some(({ name }) => {
    const type = bound.types.get(name);
    return type !== undefined && isFloat(type.dtype) && type.dims.length === rank && request.fixed?.includes(name) !== true;
  });
  if (rank < 3 || !fits)
    throw new ExplainError(
      "UNKNOWN_LAYER",
      `The map of "${layer}" (${rank} axes) can't be laid over an input: none has the same axes, with places behind the channels.`,
      {
        hint: "Choose the output of a convolution over the image or signal.",
      },
    );
}
