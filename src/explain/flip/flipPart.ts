import type { FlipChange } from "../../protocol/flip.js";
import type { Part } from "./part.js";

/** What a level puts into its input: elements by flat position, as the model takes them and as people read them; or characters that are taken out of its text. */
export type Writing =
  | {
      readonly kind: "elements";
      readonly positions: readonly number[];
      readonly values: readonly (number | string)[];
      /** Absent: as `values`. */
      readonly shown?: readonly (number | string)[];
    }
  | { readonly kind: "removal"; readonly span: readonly [number, number] };

/** A part of a sample that is fed to a model. */
export interface FlipPart extends Part {
  readonly input: string;
  write(level: number): Writing;
  describe(level: number): FlipChange;
}
