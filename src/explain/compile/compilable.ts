import { ExplainError } from "../../base/diagnostic.js";
import { defaultTolerance } from "../../attribution/integral.js";
import { readRule, usualLevel } from "../../attribution/integrate.js";
import type { Method } from "../../attribution/method.js";
import { readCount } from "../../attribution/options.js";
import { nestedLevel } from "../../attribution/quadrature/nested.js";
import { fixedRule } from "../../attribution/quadrature/rules.js";
import type { MethodName } from "../../protocol/names.js";
import type { ExplainRequest, MethodOptions } from "../../protocol/request.js";
import type { StaticRule } from "./pathRun.js";

/** The methods that are one graph: what they run does not depend on what comes out, and nothing is drawn at random. */
export const compilableMethods: readonly MethodName[] = [
  "integratedGradients",
  "saliency",
  "inputXGradient",
  "deepLift",
  "guidedBackprop",
  "deconvolution",
  "gradCam",
  "guidedGradCam",
  "lrp",
  "layerActivation",
  "layerGradientXActivation",
  "layerConductance",
  "internalInfluence",
  "layerIntegratedGradients",
  "layerDeepLift",
  "layerGradCam",
  "layerLrp",
];

/** Throws OPTION_INVALID for what a request asks that one graph can't answer, each time with what can be asked instead. */
export function requireCompilable(request: ExplainRequest, method: Method): void {
  if (!compilableMethods.includes(method.name))
    throw new ExplainError("OPTION_INVALID", `The method ${method.name} can't be compiled: ${whyNot(method)}.`, {
      hint: `These can: ${compilableMethods.join(", ")}.`,
    });
  const { options = {}, targets = ["predicted"], mode, measures = [], aggregate } = request;
  if (targets.length > 1)
    throw refusal("A compiled explanation has one target", `${targets.length} were named`, "Compile one file a target; --versus explains a difference.");
  if (mode === "isolated")
    throw refusal("A compiled explanation moves all inputs along one path", "isolated paths were asked for", "Hold the other inputs with --fixed.");
  if (options["noise"] !== undefined) throw refusal("Nothing in a compiled explanation is drawn at random", "noise was asked for", "Leave --noise out.");
  if (measures.length > 0) throw refusal("A compiled explanation has no measures", "some were asked for", "Take the command explain for them.");
  if (aggregate !== undefined) throw refusal("A compiled explanation speaks of single rows", "an average was asked for", "Average what it gives.");
  if (options["tolerance"] !== undefined)
    throw refusal(
      "A compiled explanation takes the same points for every row",
      "a tolerance was asked for",
      `Leave it out: with ${usualLevel} points few credits are off by ${100 * defaultTolerance} % of the largest, and the outputs error/… tell; --option steps=129 takes more.`,
    );
}

function whyNot({ family, random, needs, name }: Method): string {
  if (random === true) return "it draws at random";
  if (needs.neuron) return "it explains neurons one by one";
  if (name === "treeShap") return "it goes through trees, which is no graph of tensors";
  return family === "perturbation" ? "it runs the model on many changed samples" : "its baselines are a distribution";
}

function refusal(rule: string, asked: string, hint: string): ExplainError {
  return new ExplainError("OPTION_INVALID", `${rule}, but ${asked}.`, { hint });
}

/** The methods that take points along a path. */
const alongPath: ReadonlySet<MethodName> = new Set(["integratedGradients", "layerConductance", "internalInfluence", "layerIntegratedGradients"]);

/** The options with a rule whose points are known beforehand: the nested one's level of 65 points where nobody names another. Methods without a path have no such rule. */
export function staticOptions(method: MethodName, options: MethodOptions = {}): MethodOptions {
  return alongPath.has(method) && readRule(options) === "adaptive" ? { ...options, rule: "nested" } : options;
}

/** The points of a method's rule; none without a path. Throws OPTION_INVALID for a level that the nested rule does not have. */
export function staticRule(method: MethodName, options: MethodOptions = {}): { readonly rule?: StaticRule } {
  if (!alongPath.has(method)) return {};
  const rule = readRule(options);
  if (rule === "adaptive" || rule === "nested") return { rule: nestedLevel(readCount(options, "steps", usualLevel)) };
  const { nodes, weights } = fixedRule(rule, readCount(options, "steps", 50));
  return { rule: { nodes, weights: [weights] } };
}
