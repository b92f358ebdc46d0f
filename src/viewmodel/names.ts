import type { Inspection } from "../protocol/explanation.js";
import type { Choice } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";

const written: Readonly<Record<string, string>> = {
  inputXGradient: "Input × gradient",
  gradientShap: "Gradient SHAP",
  deepLift: "DeepLIFT",
  deepLiftShap: "DeepLIFT SHAP",
  gradCam: "Grad-CAM",
  guidedGradCam: "Guided Grad-CAM",
  lrp: "LRP",
  shapleyValues: "Shapley values",
  shapleyValueSampling: "Shapley value sampling",
  kernelShap: "Kernel SHAP",
  lime: "LIME",
  treeShap: "Tree SHAP",
};

/** A method's name in words: integratedGradients → "Integrated gradients". */
export function methodLabel(name: string): string {
  const known = written[name];
  if (known !== undefined) return known;
  const words = name.replace(/([a-z])([A-Z])/gu, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Methods that credit the inputs: what the panel offers. Layers and units have their own place there. */
export function methodChoices(current: string, inspection: Inspection | undefined): Choice[] {
  const methods = (inspection?.methods ?? []).filter(({ name }) => name === current || !/^(?:layer|neuron|internal)/u.test(name));
  const known = methods.some(({ name }) => name === current) ? methods : [{ name: current, available: true }, ...methods];
  return known.map((method) => {
    const reason = method.available ? undefined : "reason" in method ? method.reason : undefined;
    return { id: method.name, label: methodLabel(method.name), ...(method.available ? {} : { reason: reason ?? t("This model does not allow it.") }) };
  });
}

const baselineWords = (): Readonly<Record<string, string>> => ({
  zero: t("zeros"),
  mean: t("mean of the training rows"),
  median: t("median of the training rows"),
  mode: t("most frequent values"),
  empty: t("no text"),
  pad: t("padding"),
  mask: t("mask token"),
  unk: t("unknown token"),
});

/** A baseline's name in words. */
export function baselineLabel(id: string): string {
  const row = /^row:(\d+)$/u.exec(id);
  return row === null ? (baselineWords()[id] ?? id.replace(/^@/u, `${t("from")} `)) : t("row {0}", row[1] ?? "");
}

/** The request's baseline for the list of choices: one word when all inputs share it, otherwise input by input. */
export function currentBaseline(baselines: Readonly<Record<string, string>> | undefined): Choice {
  const entries = Object.entries(baselines ?? {});
  const [first] = entries;
  if (first === undefined) return { id: "", label: t("default") };
  if (entries.every(([, id]) => id === first[1])) return { id: first[1], label: baselineLabel(first[1]) };
  return { id: "", label: entries.map(([name, id]) => (name === "" ? baselineLabel(id) : `${name}: ${baselineLabel(id)}`)).join(", ") };
}

/** Baselines the panel offers; the one in use is always among them. */
export function baselineChoices(current: Choice, inputs: Inspection["inputs"] = []): Choice[] {
  const kinds = new Set<string>(inputs.map(({ type, role }) => (type === "string" ? "text" : role)));
  const onlyText = kinds.size === 1 && kinds.has("text");
  const averaged = kinds.size === 0 || ["features", "unknown", "categories"].some((kind) => kinds.has(kind));
  const ids = [
    ...(kinds.has("tokens") ? ["pad", "mask", "unk"] : []),
    ...(onlyText ? [] : averaged ? ["zero", "mean", "median"] : ["zero"]),
    ...(kinds.has("text") ? ["mode", "empty"] : []),
  ];
  const offered = ids.map((id) => ({ id, label: baselineLabel(id) }));
  return ids.includes(current.id) ? offered : [current, ...offered];
}
