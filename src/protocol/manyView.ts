import type { Bar, Choice, InputView, ManyLook, PixelView, SwarmRow } from "./viewModel.js";

/** Rows that are explained in the panel at most; of more, so many are picked. A data set is explained whole by a command of its own. */
export const mostManyRows = 1000;

/** What the explanations of many rows say together, as the panel and the report of a data set show it: plain data. */

/** The credits of a group of rows. */
export interface CreditsView {
  /** Mean |credit|, with intervals; the largest first. */
  readonly importance: readonly Bar[];
  /** Mean credit of the same features, in the same order. */
  readonly direction: readonly Bar[];
  readonly swarms: readonly SwarmRow[];
  /** How many features have no bar. */
  readonly left: number;
  /** Words, of those in enough rows. */
  readonly words: boolean;
  /** Mean |credit| of each pixel. */
  readonly pictures: readonly PictureView[];
  /** Empty for models with one input. */
  readonly shares: readonly Pick<InputView, "name" | "share" | "net">[];
}

/** The means of a picture's credits. */
export interface PictureView {
  readonly name: string;
  readonly pixels: PixelView;
  /** The largest. */
  readonly bars: readonly Bar[];
}

/** What sets wrong predictions apart: the mean credit of wrong ones minus that of right ones. */
export interface DriversView {
  /** "57 wrong, 174 right". */
  readonly rows: string;
  readonly bars: readonly Bar[];
  readonly pictures: readonly PictureView[];
}

/** Rows of the sample file explained together, so far. */
export interface ManyView {
  readonly phase: "running" | "done" | "cancelled" | "failed";
  readonly done: number;
  readonly total: number;
  /** 0 while nothing is known. */
  readonly rowsPerSecond: number;
  /** Rows that could not be explained. */
  readonly refused: number;
  /** Rows that the filter left, of which `total` were picked. */
  readonly matching: number;
  /** Why it failed; "" where it did not. */
  readonly error: string;
  /** What was asked of which rows, in terms and values. */
  readonly facts: readonly (readonly [term: string, value: string])[];
  readonly look: ManyLook;
  readonly groups: readonly Choice[];
  /** Features that there are to choose from. */
  readonly features: number;
  /** Null while there is nothing to show. */
  readonly credits: CreditsView | null;
  readonly drivers: DriversView | null;
}

/** Host → webview: all that is known of many rows. Apart from the panel's state, which is posted much oftener and would be slow with it. */
export interface ManyMessage {
  readonly kind: "many";
  readonly many: ManyView | null;
}
