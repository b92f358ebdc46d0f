import { ExplainError } from "../base/diagnostic.js";
import type { LayerRule, RelevanceSettings } from "../autodiff/relevance/settings.js";
import type { MethodOptions } from "../protocol/request.js";
import { readNumber } from "./options.js";

const layerRules = ["epsilon", "gamma", "generalizedGamma", "alpha1beta0", "alpha2beta1", "zPlus", "flat", "wSquare", "zBox"] as const;
type RuleWord = (typeof layerRules)[number];

const kinds = ["convolution", "dense", "first"] as const;
type Composite = Readonly<Partial<Record<(typeof kinds)[number], RuleWord>>>;

/** Source: Kohlbrenner et al., Towards Best Practice in Explaining Neural Network Decisions with LRP (arXiv:1910.09840), and Zennit, which names them so. */
const composites: Readonly<Record<string, Composite>> = {
  epsilonPlus: { convolution: "zPlus", dense: "epsilon" },
  epsilonPlusFlat: { convolution: "zPlus", dense: "epsilon", first: "flat" },
  epsilonAlpha2Beta1: { convolution: "alpha2beta1", dense: "epsilon" },
  epsilonAlpha2Beta1Flat: { convolution: "alpha2beta1", dense: "epsilon", first: "flat" },
  epsilonGammaBox: { convolution: "gamma", dense: "epsilon", first: "zBox" },
};

/** What can be set, in words. */
export const relevanceOptions: Readonly<Record<string, string>> = {
  rule: `${layerRules.join(", ")} (epsilon is the default); composites ${Object.keys(composites).join(", ")}; or by the kind of layer, as JSON: {"convolution": "zPlus", "dense": "epsilon", "first": "flat"}`,
  epsilon: "1e-9 unless said: what denominators are moved away from 0 by; larger damps what cancels",
  gamma: "0.25 unless said: how much more contributions of the favoured sign count under gamma and generalizedGamma",
  low: "the smallest value of the inputs, under zBox",
  high: "the largest value of the inputs, under zBox",
  variant: "captum: weights change whatever the sign of their inputs, batch normalisation is a layer of its own",
};

/** Captum's, small enough not to be noticed but where a denominator vanishes. */
const defaultEpsilon = 1e-9;
const defaultGamma = 0.25;

/** The options `rule` (a rule, a composite, or rules by the kind of layer), `epsilon`, `gamma`, `low`, `high` and `variant`. Throws OPTION_INVALID. */
export function relevanceSettings(options: MethodOptions): RelevanceSettings {
  const composite = compositeOf(options["rule"] ?? "epsilon");
  const rule = (word: RuleWord): LayerRule => layerRule(word, options);
  return {
    convolution: rule(composite.convolution ?? "epsilon"),
    dense: rule(composite.dense ?? "epsilon"),
    ...(composite.first === undefined ? {} : { first: rule(composite.first) }),
    epsilon: readNumber(options, "epsilon", defaultEpsilon),
    captum: options["variant"] === "captum",
  };
}

function compositeOf(asked: unknown): Composite {
  if (typeof asked === "string") {
    const word = wordOf(asked);
    if (word !== undefined) return { convolution: word, dense: word };
    if (Object.hasOwn(composites, asked)) return composites[asked] ?? {};
  }
  if (typeof asked === "object" && asked !== null) {
    const entries = Object.entries(asked).map(([kind, word]: [string, unknown]) => [kinds.find((k) => k === kind), wordOf(word)] as const);
    if (entries.every(([kind, word]) => kind !== undefined && word !== undefined)) return Object.fromEntries(entries) as Composite;
  }
  throw new ExplainError("OPTION_INVALID", `The option "rule" of relevance propagation does not know ${JSON.stringify(asked)}.`, {
    hint: `Rules: ${layerRules.join(", ")}. Composites: ${Object.keys(composites).join(", ")}. Or rules by the kind of layer: {"convolution": "zPlus", "dense": "epsilon", "first": "flat"}.`,
  });
}

function wordOf(asked: unknown): RuleWord | undefined {
  return layerRules.find((word) => word === asked);
}

function layerRule(word: RuleWord, options: MethodOptions): LayerRule {
  switch (word) {
    case "gamma":
    case "generalizedGamma":
      return { kind: word, gamma: readNumber(options, "gamma", defaultGamma) };
    case "alpha1beta0":
      return { kind: "alphaBeta", alpha: 1, beta: 0 };
    case "alpha2beta1":
      return { kind: "alphaBeta", alpha: 2, beta: 1 };
    case "zBox":
      return { kind: "zBox", low: bound(options, "low"), high: bound(options, "high") };
    default:
      return { kind: word };
  }
}

function bound(options: MethodOptions, name: "low" | "high"): number {
  const value = options[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ExplainError(
    "OPTION_INVALID",
    `The rule zBox takes the smallest and the largest value of the inputs as "low" and "high"; "${name}" is no number.`,
    {
      hint: "For example low=0 and high=1.",
    },
  );
}
