import type { Diagnostic } from "../base/diagnostic.js";
import { toInitializer } from "../graph/initializer.js";
import type { Graph, Node } from "../graph/ir.js";
import type { Tensor } from "../tensor/tensor.js";

/** Locales that know no language's own rules: one that has letters of all scripts, where the system has it, and one that every system has. */
const plainLocales = ["C.UTF-8", "C"];

const localeOf = (node: Node): string => {
  const given = node.attributes["locale"];
  return given?.kind === "string" && given.value !== "" ? given.value : "en_US.UTF-8";
};

/**
 * The graph with locales of StringNormalizer that this system does not have replaced by a plain one: a model is explained on other machines than it was made on, and letters of
 * most languages are lower and upper case everywhere. `evaluate` runs a graph without inputs, and fails where the system lacks a locale.
 * Source: https://onnx.ai/onnx/operators/onnx__StringNormalizer.html
 */
export async function withKnownLocales(
  graph: Graph,
  evaluate: (constants: Graph) => Promise<ReadonlyMap<string, Tensor>>,
): Promise<{ readonly graph: Graph; readonly remarks: readonly Diagnostic[] }> {
  const needing = graph.nodes.filter((node) => node.op === "StringNormalizer" && node.domain === "");
  const replaced = new Map<string, string>();
  for (const node of new Map(needing.map((one) => [localeOf(one), one])).values()) {
    const locale = localeOf(node);
    const works = (name: string): Promise<boolean> =>
      evaluate(probe(graph, withLocale(node, name))).then(
        () => true,
        () => false,
      );
    if (await works(locale)) continue;
    for (const plain of plainLocales)
      if (await works(plain)) {
        replaced.set(locale, plain);
        break;
      }
  }
  if (replaced.size === 0) return { graph, remarks: [] };
  const nodes = graph.nodes.map((node) => {
    const plain = needing.includes(node) ? replaced.get(localeOf(node)) : undefined;
    return plain === undefined ? node : withLocale(node, plain);
  });
  const remarks = [...replaced].map(([locale, plain]): Diagnostic => ({
    code: "APPROXIMATION",
    severity: "info",
    message: `This system does not have the locale "${locale}", by which the model makes letters lower or upper case; "${plain}" is used instead.`,
    hint: "Only letters with rules of their own in that language differ, such as the Turkish i. Installing the language on the system removes the difference.",
  }));
  return { graph: { ...graph, nodes }, remarks };
}

function withLocale(node: Node, locale: string): Node {
  return { ...node, attributes: { ...node.attributes, locale: { kind: "string", value: locale } } };
}

/** The node alone, on one letter. */
function probe(graph: Graph, node: Node): Graph {
  const letter = toInitializer("letter", { dtype: "string", dims: [1], data: ["a"] });
  return {
    ...graph,
    inputs: [],
    initializers: new Map([["letter", letter]]),
    nodes: [{ ...node, inputs: ["letter"], outputs: ["normal"] }],
    outputs: [{ name: "normal", dtype: "string", dims: null }],
  };
}
