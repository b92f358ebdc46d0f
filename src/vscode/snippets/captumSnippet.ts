import { basename } from "node:path";
import { plainText } from "../../base/plainText.js";
import type { MethodName } from "../../protocol/names.js";
import type { Credit, Explanation } from "../../protocol/explanation.js";
import type { Network } from "./network.js";

/** Captum's class for a method of inputs, and what its attribute() is told besides inputs and target. */
const captum: Partial<Readonly<Record<MethodName, { readonly name: string; readonly baselines: boolean; readonly layer?: string; readonly extra?: string }>>> =
  {
    integratedGradients: {
      name: "IntegratedGradients",
      baselines: true,
      layer: "LayerIntegratedGradients",
      extra: "n_steps=500, return_convergence_delta=True",
    },
    saliency: { name: "Saliency", baselines: false },
    inputXGradient: { name: "InputXGradient", baselines: false },
    gradientShap: { name: "GradientShap", baselines: true, layer: "LayerGradientShap" },
    deepLift: { name: "DeepLift", baselines: true, layer: "LayerDeepLift" },
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

function tensor({ dims, spans }: Credit, values: readonly (number | string)[] = []): string {
  if (!values.every((value) => typeof value === "number")) return `torch.tensor(...)  # ${values.length} values`;
  const flat = `[${values.join(", ")}]`;
  const shape = dims.length > 1 ? `.reshape(1, ${dims.join(", ")})` : "";
  const type = spans !== undefined ? ", dtype=torch.long" : values.every(Number.isInteger) ? ", dtype=torch.float32" : "";
  return `torch.tensor([${flat}]${type})${shape}`;
}

/** Where the path begins: zeros and constants as such, else the values themselves. */
function baseline(id: string, credit: Credit, word = "zero"): string {
  if (word === "zero") return `torch.zeros_like(${id})`;
  if (/^-?[\d.]+$/u.test(word)) return `torch.full_like(${id}, ${word})`;
  const comment = `  # ${word.replaceAll(/\s+/gu, " ")}`;
  return `${credit.baseline === undefined ? "..." : tensor(credit, credit.baseline)}${comment}`;
}

/** The network with the weights of the model file, which keep their names there. */
function construction({ module, name, arguments: needed }: Network, file: string): string[] {
  const given = needed.map(
    (a) =>
      `${a.name}=${/Tensor|ndarray/.test(a.annotation) ? `weight(${literal(a.name)})` : `...${a.annotation === "" ? "" : `  # ${a.annotation.replaceAll(/\s+/g, " ")}`}`}`,
  );
  return [
    "import onnx",
    "from onnx import numpy_helper",
    `from ${module} import ${name}`,
    "",
    `weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()) for w in onnx.load(${literal(file)}).graph.initializer}`,
    ...(given.some((g) => g.includes("weight("))
      ? ['weight = lambda name: next(w for key, w in weights.items() if key == name or key.endswith("." + name))']
      : []),
    ...(given.length === 0 ? [`model = ${name}()`] : [`model = ${name}(`, ...given.map(asArgument), ")"]),
    "missing = model.load_state_dict(weights, strict=False).missing_keys",
    'assert not missing, f"not in the model file under these names, load your checkpoint instead: {missing}"',
    "model.eval()",
  ];
}

/** A line of a call; the comma goes before a comment. */
function asArgument(text: string): string {
  const [value = "", comment] = text.split("  # ");
  return `    ${value},${comment === undefined ? "" : `  # ${comment}`}`;
}

/**
 * Python code that asks Captum the same of the network that the model was exported from. With its source in the workspace (`network`) it makes the network with the weights of the model file;
 * what neither tells is left as "...".
 */
export function captumSnippet({ model: file, request, results }: Explanation, network: Network | null = null): string {
  const [result] = results;
  const method = captum[request.method ?? "integratedGradients"];
  if (result === undefined || method === undefined) return `# Captum has no counterpart of ${request.method ?? "this method"} for whole inputs.\n`;
  const inputs = Object.entries(result.attributions).map(([name, credit]) => ({ name, id: identifier(name), credit, text: credit.spans !== undefined }));
  const fixed = file.inputs.filter(({ name }) => !inputs.some((i) => i.name === name)).map(({ name }) => ({ name, id: identifier(name) }));
  const tuple = (parts: readonly string[]): string => (parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(", ")})`);
  const words = inputs.filter(({ text }) => text);
  const embedding = network?.embedding ?? null;
  // One text alone is explained at the embedding's output; text beside other inputs takes the embedding's place.
  const atLayer = embedding !== null && method.layer !== undefined && inputs.length === 1 && words.length === 1;
  const replaced = embedding !== null && !atLayer && words.length === 1;
  const baselines = request.baselines ?? {};
  const index = result.target?.index.at(-1) ?? 0;
  const value = (id: string, text: boolean): string => (replaced && text ? `embedding.indices_to_embeddings(${id})` : id);
  const output = file.outputs.findIndex(({ name }) => name === result.target?.value);
  // A network with several outputs returns a tuple of them.
  const scores = file.outputs.length > 1 && output >= 0 ? `model(*x)[${output}]` : "model(*x)";
  const forward = request.versus === undefined ? (scores === "model(*x)" ? "model" : "forward") : "difference";
  const lines = [
    "import torch",
    `from captum.attr import ${[atLayer ? method.layer : method.name, ...(replaced ? ["configure_interpretable_embedding_layer"] : [])].join(", ")}`,
    ...(network === null
      ? ["", `model = ...  # the torch.nn.Module that ${literal(basename(request.model))} was exported from, in eval() mode`]
      : construction(network, request.model)),
    ...(replaced ? [`embedding = configure_interpretable_embedding_layer(model, ${literal(embedding)})`] : []),
    "",
    ...inputs.map(({ id, credit }) => `${id} = ${tensor(credit, credit.values)}`),
    ...fixed.map(({ id, name }) =>
      /mask/i.test(name) && words[0] !== undefined ? `${id} = torch.ones_like(${words[0].id})` : `${id} = ...  # held at the sample's value`,
    ),
    ...(method.baselines ? inputs.map(({ id, name, credit }) => `${id}_baseline = ${baseline(id, credit, baselines[name] ?? baselines[""])}`) : []),
    ...(words.length > 0 && !atLayer && !replaced
      ? ["# Tokens are whole numbers: give Captum the embedding's output instead, or use LayerIntegratedGradients on the embedding."]
      : []),
    ...(forward === "forward" ? [`forward = lambda *x: ${scores}`] : []),
    ...(request.versus === undefined ? [] : [`difference = lambda *x: ${scores}[:, ${index}] - ${scores}[:, ${otherClass(result, request.versus)}]`]),
    `attributions = ${atLayer ? `${method.layer ?? method.name}(${forward}, model.get_submodule(${literal(embedding)}))` : `${method.name}(${forward})`}.attribute(`,
    `    ${tuple(inputs.map(({ id, text }) => value(id, text)))},`,
    ...(method.baselines ? [`    baselines=${tuple(inputs.map(({ id, text }) => value(`${id}_baseline`, text)))},`] : []),
    ...(result.target === undefined || request.versus !== undefined ? [] : [`    target=${index},`]),
    ...(fixed.length === 0 ? [] : [`    additional_forward_args=(${fixed.map(({ id }) => `${id},`).join(" ")}),`]),
    ...(method.extra === undefined ? [] : [`    ${method.extra},`]),
    ")",
    ...(atLayer || replaced ? ["# One number a token is the sum over its embedding: .sum(-1)."] : []),
    "print(attributions)",
    "",
  ];
  // Comments tell names as they are in the file.
  return plainText(lines.join("\n"));
}

/** The index of the class that is taken away; its words where the result does not tell. */
function otherClass(result: Explanation["results"][number], versus: string): string {
  const found = result.prediction?.labels?.indexOf(versus) ?? -1;
  return found >= 0 ? String(found) : /^\d+$/.test(versus) ? versus : `...  # ${versus.replaceAll(/\s+/g, " ")}`;
}
