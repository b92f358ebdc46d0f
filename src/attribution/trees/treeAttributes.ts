import { ExplainError } from "../../base/diagnostic.js";
import { attribute } from "../../graph/attributes.js";
import type { Node } from "../../graph/ir.js";
import { toNumbers } from "../../tensor/tensor.js";

/** Reads the lists of a tree operator's node; a list that is left out is empty. */
export interface TreeAttributes {
  /** The list, or the tensor that newer files keep it in (`NAME_as_tensor`, or a tensor of that name). */
  numbers(name: string): readonly number[];
  strings(name: string): readonly string[];
  number(name: string): number | undefined;
  string(name: string): string | undefined;
  sameLength(length: number, lists: Readonly<Record<string, readonly unknown[]>>): void;
  invalid(what: string): ExplainError;
}

export function readAttribute(node: Node): TreeAttributes {
  const invalid = (what: string): ExplainError =>
    new ExplainError("MODEL_INVALID", `The trees of the node "${node.name}" (${node.op}) can't be read: ${what}.`, {
      node: node.name,
      hint: "Export the model again.",
    });
  return {
    invalid,
    numbers: (name) => {
      const found = node.attributes[`${name}_as_tensor`] ?? node.attributes[name];
      if (found?.kind === "ints" || found?.kind === "floats") return found.value;
      return found?.kind === "tensor" ? Array.from(toNumbers(found.value)) : [];
    },
    strings: (name) => attribute(node, name, "strings") ?? [],
    number: (name) => attribute(node, name, "int"),
    string: (name) => attribute(node, name, "string"),
    sameLength: (length, lists) => {
      for (const [name, list] of Object.entries(lists))
        if (list.length !== length) throw invalid(`"${name}" has ${list.length} entries where ${length} are needed`);
    },
  };
}
