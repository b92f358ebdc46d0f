import { join, resolve } from "node:path";
import type { MethodName } from "../../src/protocol/names.js";
import type { ExplainRequest } from "../../src/protocol/request.js";
import type { Choices } from "../fuzz/choices.js";

/** A model with what can be asked about it. */
export interface Subject {
  readonly name: string;
  readonly model: string;
  /** What every request about it says. */
  readonly given: (c: Choices) => Partial<ExplainRequest>;
  readonly methods: readonly MethodName[];
  readonly layers: readonly string[];
}

const words = ["good", "bad", "film", "the", "a", "absorbing", "story", "plot", "makes", "no", "sense", "jokes", "fall", "flat", "brilliant", "cast", "of", "last", "minutes", "perfect"] as const; // prettier-ignore
const fast: readonly MethodName[] = ["integratedGradients", "saliency", "inputXGradient", "deepLift", "gradientShap", "featureAblation", "layerActivation", "layerConductance", "neuronGradient"]; // prettier-ignore
const reference = resolve("test/fixtures/reference/models");

function numbers(c: Choices, count: number): readonly number[] {
  return Array.from({ length: count }, () => (c.below(400) - 200) / 20);
}

/** The models that are asked about. `examples`: where the examples' folder, or a copy of it, lies. */
export function subjects(examples: string): readonly Subject[] {
  return [
    {
      name: "diabetes",
      model: join(examples, "diabetes/model.onnx"),
      given: (c) => ({ rows: Array.from({ length: 1 + c.below(3) }, () => c.below(231)), targets: [c.of(["predicted", "pos", "top:2", "logit:predicted"])] }),
      methods: [...fast, "lrp", "shapleyValues", "kernelShap", "lime", "internalInfluence"],
      layers: ["auto", "linear1", "sigmoid1", "linear2"],
    },
    {
      name: "digits",
      model: join(examples, "digits/model.onnx"),
      given: (c) => ({ rows: [c.below(6)], targets: [String(c.below(10))] }),
      methods: [...fast, "guidedBackprop", "deconvolution", "gradCam", "guidedGradCam", "occlusion"],
      layers: ["auto"],
    },
    {
      // Every length of text is a shape of its own: what is kept a shape has to have an end.
      name: "review-profile",
      model: join(examples, "review-profile/model.onnx"),
      given: (c) => ({
        values: { text: Array.from({ length: 1 + c.below(60) }, () => c.of(words)).join(" "), profile: `[${c.below(20)}, 1, 0.01, 0, ${c.below(2)}]` },
      }),
      methods: ["integratedGradients", "saliency", "inputXGradient", "featureAblation", "layerActivation"],
      layers: ["auto"],
    },
    {
      name: "gradient-boosting",
      model: join(reference, "trees/gradient-boosting.onnx"),
      given: (c) => ({ values: { measurements: JSON.stringify(numbers(c, 8)) } }),
      methods: ["treeShap", "shapleyValueSampling", "kernelShap"],
      layers: ["auto"],
    },
    {
      name: "transformer",
      model: join(reference, "operators/transformer_encoder_layer.onnx"),
      given: (c) => ({ values: { x: JSON.stringify([numbers(c, 4), numbers(c, 4), numbers(c, 4)]) } }),
      methods: ["integratedGradients", "saliency", "deepLift"],
      layers: ["auto"],
    },
  ];
}

/** A request about a subject; the same for the same choices. */
export function question(subject: Subject, c: Choices): ExplainRequest {
  const method = c.of(subject.methods);
  return {
    model: subject.model,
    method,
    ...subject.given(c),
    ...(method.startsWith("layer") || method === "neuronGradient" || method === "gradCam" ? { layer: c.of(subject.layers) } : {}),
    ...(method === "integratedGradients" && c.chance(0.3) ? { options: { rule: "gausslegendre", steps: 2 + c.below(200) } } : {}),
    ...(method === "shapleyValueSampling" || method === "kernelShap" || method === "lime" || method === "gradientShap"
      ? { options: { samples: 20 + c.below(30), seed: c.below(1000) } }
      : {}),
    ...(c.chance(0.05) ? { threads: 1 + c.below(2) } : {}),
  };
}
