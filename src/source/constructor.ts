import { closing, pieces } from "./pythonFile.js";
import type { PythonClass } from "./pythonClass.js";

/** An argument that a class can't be made without. */
export interface RequiredArgument {
  readonly name: string;
  /** As the source annotates it ("torch.Tensor"); "" without. */
  readonly annotation: string;
}

/** The arguments of a class's own `__init__` that have no default; none where it has no `__init__` of its own. */
export function requiredArguments({ source, from, to }: PythonClass): readonly RequiredArgument[] {
  const head = /\bdef[ \t]+__init__[ \t]*\(/.exec(source.code.slice(from, to));
  if (head === null) return [];
  const open = from + head.index + head[0].length - 1;
  const [, ...given] = pieces(source, open + 1, closing(source, open));
  return given
    .filter(([start, end]) => /^[A-Za-z_][^=]*$/.test(source.code.slice(start, end)))
    .map(([start, end]) => {
      const [name = "", annotation = ""] = source.text.slice(start, end).split(/:([^]*)/);
      return { name: name.trim(), annotation: annotation.replaceAll(/["']|#.*/g, "").trim() };
    });
}
