import { attribute } from "../graph/attributes.js";
import type { Node } from "../graph/ir.js";
import type { AttributeReader } from "./rule.js";

/** Typed reading of a node's attributes. */
export function attributeReader(node: Node): AttributeReader {
  return {
    int: (name, fallback) => attribute(node, name, "int") ?? fallback,
    float: (name, fallback) => attribute(node, name, "float") ?? fallback,
    string: (name, fallback) => attribute(node, name, "string") ?? fallback,
    ints: (name) => attribute(node, name, "ints"),
    floats: (name) => attribute(node, name, "floats"),
    has: (name) => node.attributes[name] !== undefined,
    raw: (name) => node.attributes[name],
  };
}
