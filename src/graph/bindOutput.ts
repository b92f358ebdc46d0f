import type { Builder } from "./builder.js";

/** Gives a computed value the name that the graph knows it by. An absent name ("") binds nothing. */
export function bindOutput(b: Builder, value: string, name: string | undefined): void {
  if (name === undefined || name === "") return;
  const type = b.type(value);
  b.append({ name: b.fresh(`${name}/bound`), op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
  b.declare(name, type);
}
