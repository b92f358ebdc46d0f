import type { Builder } from "../../graph/builder.js";
import type { ValueInfo, ValueType } from "../../graph/ir.js";
import { toInitializer } from "../../graph/initializer.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Where the path of an input starts in a compiled explanation. */
export type StartOfPath =
  /** The same values for every row; one row. */
  | { readonly kind: "constant"; readonly value: Tensor }
  /** One id in place of all but the kept ones. */
  | { readonly kind: "tokens"; readonly id: number; readonly kept: readonly number[] }
  /** An input of the explanation. */
  | { readonly kind: "input"; readonly name: string };

/** The start of an input's path as a value of the sample's shape. `declare` is told of the input that it takes, if it does. */
export function startValue(b: Builder, input: string, type: ValueType, start: StartOfPath, declare: (info: ValueInfo) => void): string {
  const like = (value: string): string => {
    const shape = b.emit("Shape", [input], { dtype: "int64", dims: [type.dims.length] });
    return b.emit("Expand", [value, shape], type);
  };
  switch (start.kind) {
    case "constant": {
      const name = b.fresh(`baseline/${input}`);
      b.initializers.set(name, toInitializer(name, start.value));
      b.declare(name, { dtype: start.value.dtype, dims: start.value.dims });
      return like(name);
    }
    case "tokens": {
      const ids = (list: readonly number[], dims: readonly number[]): string => b.cast(b.constant("int64", dims, list), type.dtype);
      const same = start.kept.map((id) => b.compare("Equal", input, ids([id], [])));
      const other = like(
        ids(
          [start.id],
          type.dims.map(() => 1),
        ),
      );
      const [first, ...more] = same;
      return first === undefined
        ? other
        : b.where(
            more.reduce((a, c) => b.compare("Or", a, c), first),
            input,
            other,
          );
    }
    case "input": {
      b.declare(start.name, type);
      declare({ name: start.name, dtype: type.dtype, dims: type.dims.map((d) => d ?? "baseline_batch") });
      return like(start.name);
    }
  }
}
