import { ExplainError } from "../base/diagnostic.js";
import type { Attribute, Node } from "../graph/ir.js";
import type { AttributeReader } from "./rule.js";

/** Typed reading of a node's attributes. */
export function attributeReader(node: Node): AttributeReader {
  type ValueOf<K extends Attribute["kind"]> = Extract<Attribute, { readonly kind: K }>["value"];
  const read = <K extends Attribute["kind"]>(name: string, kind: K): ValueOf<K> | undefined => {
    const attribute = node.attributes[name];
    if (attribute === undefined) return undefined;
    if (attribute.kind !== kind) throw new ExplainError("MODEL_INVALID", `The attribute "${name}" of ${node.op} should be ${kind} but is ${attribute.kind}.`, { node: node.name });
    return attribute.value as unknown as ValueOf<K>;
  };
  return {
    int: (name, fallback) => read(name, "int") ?? fallback,
    float: (name, fallback) => read(name, "float") ?? fallback,
    string: (name, fallback) => read(name, "string") ?? fallback,
    ints: (name) => read(name, "ints"),
    floats: (name) => read(name, "floats"),
    has: (name) => node.attributes[name] !== undefined,
    raw: (name) => node.attributes[name],
  };
}
