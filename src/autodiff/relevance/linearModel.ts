import { attributeReader } from "../attributes.js";
import type { RelevanceContext } from "./context.js";
import { proportional } from "./proportional.js";

/** Linear models of ai.onnx.ml: a `post_transform` passes relevance on as every activation does, and the sum before it is divided in proportion. */
export function linearModel(c: RelevanceContext): (string | null)[] {
  const { b, node } = c;
  if (c.a.string("post_transform", "NONE") === "NONE") return proportional(c);
  const plain = { ...node, attributes: { ...node.attributes, post_transform: { kind: "string", value: "NONE" } as const } };
  const y = b.emitMany(
    node.op,
    c.x,
    c.y.map((name) => (name === "" ? null : b.type(name))),
    plain.attributes,
    node.domain,
  );
  return proportional({ ...c, node: plain, a: attributeReader(plain), y });
}
