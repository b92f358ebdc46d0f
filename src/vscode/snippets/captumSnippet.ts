import { basename } from "node:path";
import type { MethodName } from "../../protocol/names.js";
import type { Credit, Explanation } from "../../protocol/explanation.js";

/** Captum's class for a method of inputs, and what its attribute() is told besides inputs and target. */
const captum: Partial<Readonly<Record<MethodName, { readonly name: string; readonly baselines: boolean; readonly extra?: string }>>> = {
  integratedGradients: { name: "IntegratedGradients", baselines: true, extra: "n_steps=500, return_convergence_delta=True" },
  saliency: { name: "Saliency", baselines: false },
  inputXGradient: { name: "InputXGradient", baselines: false },
  gradientShap: { name: "GradientShap", baselines: true },
  deepLift: { name: "DeepLift", baselines: true },
  deepLiftShap: { name: "DeepLiftShap", baselines: true },
  guidedBackprop: { name: "GuidedBackprop", baselines: false },
  deconvolution: { name: "Deconvolution", baselines: false },
  lrp: { name: "LRP", baselines: false },
  featureAblation: { name: "FeatureAblation", baselines: true },
  occlusion: { name: "Occlusion", baselines: true, extra: "sliding_window_shapes=..." },
  shapleyValues: { name: "ShapleyValues", baselines: true },
  shapleyValueSampling: { name: "ShapleyValueSampling", baselines: true },
  kernelShap: { name: "KernelShap", baselines: true },
  lime: { name: "Lime", baselines: true },
};

const identifier = (name: string): string => name.replace(/\W+/gu, "_").replace(/^(?=\d)/u, "_");

/** Python text, whatever the string holds. */
const literal = (text: string): string => JSON.stringify(text);

function tensor(credit: Credit): string {
  const values = credit.values ?? [];
  if (!values.every((value) => typeof value === "number")) return `torch.tensor(...)  # ${values.length} values`;
  const flat = `[${values.join(", ")}]`;
  const shape = credit.dims.length > 1 ? `.reshape(1, ${credit.dims.join(", ")})` : "";
  return `torch.tensor([${flat}]${credit.spans === undefined ? "" : ", dtype=torch.long"})${shape}`;
}

function baseline(name: string, word: string | undefined): string {
  if (word === undefined || word === "zero") return `torch.zeros_like(${name})`;
  if (/^-?[\d.]+$/u.test(word)) return `torch.full_like(${name}, ${word})`;
  return `...  # ${word.replaceAll(/\s+/gu, " ")}`;
}

/** Python code that asks Captum the same of the network that the model was exported from. What a model file can't tell is left as "...". */
export function captumSnippet({ request, results }: Explanation): string {
  const [result] = results;
  const method = captum[request.method ?? "integratedGradients"];
  if (result === undefined || method === undefined) return `# Captum has no counterpart of ${request.method ?? "this method"} for whole inputs.\n`;
  const inputs = Object.entries(result.attributions).map(([name, credit]) => ({ name, id: identifier(name), credit }));
  const tuple = (parts: readonly string[]): string => (parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(", ")})`);
  const text = inputs.some(({ credit }) => credit.spans !== undefined);
  const baselines = request.baselines ?? {};
  return [
    "import torch",
    `from captum.attr import ${method.name}`,
    "",
    `model = ...  # the torch.nn.Module that ${literal(basename(request.model))} was exported from, in eval() mode`,
    ...inputs.map(({ id, credit }) => `${id} = ${tensor(credit)}`),
    ...(method.baselines ? inputs.map(({ id, name }) => `${id}_baseline = ${baseline(id, baselines[name] ?? baselines[""])}`) : []),
    ...(text ? ["# Tokens are whole numbers: give Captum the embedding's output instead, or use LayerIntegratedGradients on the embedding."] : []),
    ...(request.versus === undefined
      ? []
      : [
          `# The target is a difference: explain lambda *x: model(*x)[:, ${result.target?.index.at(-1) ?? 0}] - model(*x)[:, ${request.versus}] without target.`,
        ]),
    `attributions = ${method.name}(model).attribute(`,
    `    ${tuple(inputs.map(({ id }) => id))},`,
    ...(method.baselines ? [`    baselines=${tuple(inputs.map(({ id }) => `${id}_baseline`))},`] : []),
    ...(result.target === undefined ? [] : [`    target=${result.target.index.at(-1) ?? 0},`]),
    ...(method.extra === undefined ? [] : [`    ${method.extra},`]),
    ")",
    "print(attributions)",
    "",
  ].join("\n");
}
