import type { Diagnostic } from "../base/diagnostic.js";
import type { AudioView } from "./audioView.js";
import type { FeatureRange } from "./explanation.js";
import type { MeasureName } from "./names.js";
import type { ExplainRequest } from "./request.js";

/** What the panel, the HTML report and the command line's tables show: plain data, complete at every update. */

/** One signed bar of a chart: a feature, a layer, a unit. */
export interface Bar {
  readonly label: string;
  /** The sample's value, formatted; "" when there is none. */
  readonly value: string;
  readonly credit: number;
  /** Half-width of the error bar; absent when there is no estimate. */
  readonly error?: number;
  /** What a click selects (a layer's value name, a unit's index); absent when nothing. */
  readonly key?: string;
  /** The credit before a value was edited, drawn as a ghost. */
  readonly former?: number;
  /** Of features that belong together: each of them; the credit is their sum. */
  readonly members?: readonly Bar[];
}

/** One word or token with its credit. */
export interface TokenMark {
  readonly text: string;
  readonly credit: number;
  readonly error?: number;
  /** Whitespace that follows in the original text. */
  readonly after: string;
  /** Where it stands in the original text (UTF-16 offsets); absent for what the tokenizer added. */
  readonly span?: readonly [number, number];
  /** Tokens it is made of, when there are several: "absorb +0.04, ##ing +0.01". Of a sentence the words with most credit. */
  readonly parts?: readonly { readonly text: string; readonly credit: number }[];
}

/** What the original text has and an edited one has not. */
export interface RemovedText {
  readonly text: string;
  /** Where in the edited text it would be put back (UTF-16 offset). */
  readonly at: number;
}

/** A picture's numbers, channel by channel, row by row; `channels` × `height` × `width` of each. */
export interface PixelView {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The sample's values; empty when they are not known (units of a layer). */
  readonly values: readonly number[];
  readonly credits: readonly number[];
}

/** Features with their credits, the largest first. */
export interface FeatureRows {
  readonly bars: readonly Bar[];
  /** Of thousands: how many with smaller credits are not among the bars, and their sum. */
  readonly cut?: { readonly count: number; readonly sum: number };
}

interface InputCommon {
  readonly name: string;
  /** Part of Σ |credit| over all inputs. */
  readonly share: number;
  /** Σ credit: what the input as a whole adds to the score. */
  readonly net: number;
}

export type InputView =
  | (InputCommon & FeatureRows & { readonly kind: "features"; /** The same with features that belong together as one bar. */ readonly grouped?: FeatureRows })
  /** Words; `pieces` are the tokenizer's own units, when they differ from words; `sentences` where the text is known and has several. */
  | (InputCommon & {
      readonly kind: "tokens";
      readonly tokens: readonly TokenMark[];
      readonly pieces?: readonly TokenMark[];
      readonly sentences?: readonly TokenMark[];
      /** Of an edited text, in the order of the text. */
      readonly removed?: readonly RemovedText[];
    })
  | (InputCommon & {
      readonly kind: "image";
      readonly pixels: PixelView;
      readonly bars: readonly Bar[];
      /** Before an edit, to three digits: it is only looked at. */
      readonly former?: PixelView;
    })
  /** Sounds, by stretches of time. */
  | (InputCommon & { readonly kind: "audio"; readonly audio: AudioView; readonly bars: readonly Bar[] })
  /** Anything else: shape and the largest credits. */
  | (InputCommon & { readonly kind: "tensor"; readonly dims: readonly number[]; readonly bars: readonly Bar[] });

export interface Check {
  /** `partial`: the estimate is still being refined. */
  readonly state: "good" | "poor" | "none" | "partial";
  /** One sentence: can the numbers be trusted, and if not what to do. */
  readonly sentence: string;
  readonly score: number | null;
  readonly baselineScore: number | null;
  readonly delta: number | null;
  readonly points: number;
  readonly largestError: number | null;
  readonly milliseconds: number;
}

export interface LayerView {
  readonly value: string;
  readonly path: string;
  readonly units: number;
  readonly total: number;
  /** Of the change in score; null when undefined. */
  readonly share: number | null;
  /** The layer's class without its package ("Linear"), when the model tells. */
  readonly kind?: string;
  /** Where the layer is defined ("network.py:13"), when the model tells. */
  readonly source?: string;
  /** Set when that source is not what was exported. */
  readonly differs?: true;
  /** The layers that feed it, by value; absent or empty where inputs do. */
  readonly from?: readonly string[];
}

/** A text's credit as it passes the layers that keep one row of units a token. */
export interface TokenLayers {
  readonly tokens: readonly string[];
  /** The same with the tokens of each sentence summed, where the text has several. */
  readonly sentences?: Omit<TokenLayers, "sentences">;
  readonly rows: readonly { readonly path: string; readonly value: string; readonly credits: readonly number[] }[];
}

/** All inputs moved together beside each moved alone. */
export interface IsolatedView {
  readonly inputs: readonly { readonly name: string; readonly joint: number; readonly alone: number }[];
  readonly sentence: string;
}

/** One element that can be edited. */
export interface EditableFeature {
  readonly position: number;
  readonly label: string;
  /** As in the sample file. */
  readonly original: number | string;
  readonly now: number | string;
  readonly range?: FeatureRange;
}

/** Features of which one is 1 and the others 0: edited as one. */
export interface EditableCategory {
  readonly name: string;
  readonly choices: readonly { readonly position: number; readonly label: string }[];
  /** The position of the one that is 1; null when none is. */
  readonly original: number | null;
  readonly now: number | null;
}

export type EditableInput =
  | { readonly kind: "features"; readonly name: string; readonly features: readonly EditableFeature[]; readonly categories?: readonly EditableCategory[] }
  | { readonly kind: "text"; readonly name: string; readonly original: string; readonly now: string }
  /** Too many elements for a field each: regions of it can be changed. `changed` of `size` pixels are. */
  | { readonly kind: "picture"; readonly name: string; readonly changed: number; readonly size: number };

/** What can be tried, and what came of it. */
export interface WhatIfView {
  readonly inputs: readonly EditableInput[];
  readonly edited: boolean;
  /** "positive 64.2 % → negative 51.3 %: the score of positive falls by 0.155." "" while nothing is edited. */
  readonly sentence: string;
  readonly scoreBefore: number | null;
  readonly scoreNow: number | null;
}

/** What the search for the smallest change can be asked. */
export interface FlipChoices {
  /** Classes that can be wanted, the predicted one left out; none for a single number. */
  readonly classes: readonly Choice[];
  /** Whether a value has to be named, as for a regression. */
  readonly value: boolean;
  /** Inputs that can be the only one to change; none where there is one. */
  readonly inputs: readonly Choice[];
}

/** What a search for the smallest change came to. */
export interface FlipView {
  readonly found: boolean;
  /** "neg 75.1 % → pos 50.2 % with one change." */
  readonly sentence: string;
  /** What was verified, and with how many runs. */
  readonly detail: string;
  readonly rows: readonly { readonly label: string; readonly from: string; readonly to: string; readonly size: string }[];
  /** How sizes are measured; "" where no number changed. */
  readonly unit: string;
  readonly notes: readonly string[];
}

/** The search for the smallest change: while it runs, what it came to, or why it could not be done. */
export type FlipState =
  | { readonly phase: "running"; readonly message: string }
  | { readonly phase: "done"; readonly view: FlipView }
  | { readonly phase: "failed"; readonly message: string };

/** Two explanations side by side. */
export interface ComparisonView {
  readonly pins: readonly Choice[];
  /** The pin that is compared with what is shown. */
  readonly chosen: string;
  readonly sentence: string;
  readonly sides: readonly { readonly title: string; readonly prediction: string; readonly score: number | null; readonly inputs: readonly InputView[] }[];
  /** By input: only those whose elements are the same on both sides. */
  readonly inputs: readonly {
    readonly name: string;
    readonly rows: readonly { readonly label: string; readonly here: number; readonly there: number }[];
    /** Spearman's ρ of the credits; null when one side does not vary. */
    readonly rankCorrelation: number | null;
  }[];
}

/** How the table of samples is looked at. */
export interface TableQuery {
  readonly from: number;
  readonly sort: "row" | "score" | "predicted" | "label";
  readonly descending: boolean;
  readonly only: "all" | "wrong" | "right";
  readonly predicted: string;
  readonly search: string;
}

/** How many rows that were explained together are looked at. */
export interface ManyLook {
  /** The id of one of the groups. */
  readonly group: string;
  readonly search: string;
  /** How many features. */
  readonly most: number;
}

/** A page of the sample file with what the model says of each row. */
export interface TableView {
  readonly query: TableQuery;
  readonly labelled: boolean;
  readonly rows: readonly {
    readonly row: number;
    readonly text: string;
    readonly label: string;
    readonly predicted: string;
    readonly score: number;
    readonly right: boolean | null;
  }[];
  /** Rows that the filter leaves, of those read so far. */
  readonly matching: number;
  readonly read: number;
  readonly total: number;
  readonly classes: readonly string[];
  readonly pageSize: number;
  /** Share of right ones among the labelled rows read so far. */
  readonly accuracy: number | null;
  readonly error: string;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** Why it can't be chosen; absent when it can. */
  readonly reason?: string;
}

/** A unit's drivers, shown in the same form as the inputs. */
export interface UnitView {
  readonly layer: string;
  readonly unit: string;
  readonly activation: number | null;
  /** What of the target's change in score passes through the unit: the sum of its drivers; absent when they credit the unit's own value. */
  readonly conductance?: number;
  readonly inputs: readonly InputView[];
}

/** The same explanation of the value before the last Softmax or Sigmoid. */
export interface LogitView {
  /** What a request for it alone names. */
  readonly target: string;
  readonly score: number | null;
  /** Why it is shown, and whether the two agree. */
  readonly sentence: string;
  readonly inputs: readonly InputView[];
}

/** How a number compares with what it is worth to know: `good` speaks for the explanation, `poor` against it. */
export type TrustVerdict = "good" | "fair" | "poor" | "unknown";

/** One measure of how far the explanation can be trusted: an offer, or what it found. */
export interface TrustMeasure {
  readonly name: MeasureName;
  readonly title: string;
  /** What it asks, in one sentence. */
  readonly question: string;
  /** Absent until it was measured. */
  readonly found?: {
    /** What the number says of this explanation, in one sentence. */
    readonly sentence: string;
    readonly verdict: TrustVerdict;
    readonly value: number;
    /** Half-width of a 95 % interval. */
    readonly error?: number;
    readonly curve?: { readonly share: readonly number[]; readonly value: readonly number[]; readonly chance?: readonly number[] };
    readonly matrix?: { readonly names: readonly string[]; readonly values: readonly (readonly number[])[] };
  };
  /** Why there is no such number for this method or model. */
  readonly refused?: string;
}

/** The sample explained: everything below one prediction. */
export interface ExplanationView {
  readonly model: string;
  readonly row: number;
  readonly rows: number | null;
  /** The row in one line ("glucose 134, mass 23.8, …"). */
  readonly sample: string;
  readonly prediction: {
    readonly classes: readonly { readonly label: string; readonly score: number; readonly explained: boolean; readonly target: string }[];
    readonly sentence: string;
    /** What was predicted, alone, and how sure, as text; "" when there is no such number. */ readonly label?: string;
    readonly confidence?: string;
    /** What the sample file says is true; `right` is absent where it can't be held against the prediction. */
    readonly truth?: { readonly label: string; readonly right?: boolean };
  };
  readonly target: string;
  readonly targets: readonly Choice[];
  /** The class that the target's score is compared with; "" for none. */
  readonly versus: string;
  readonly versusChoices: readonly Choice[];
  readonly method: string;
  readonly methods: readonly Choice[];
  readonly baseline: string;
  readonly baselines: readonly Choice[];
  readonly check: Check;
  readonly inputs: readonly InputView[];
  /** The largest |credit| of an element of any input: the end of the common colour scale. */
  readonly largest: number;
  /** Where the explained probability has saturated. */
  readonly logit?: LogitView;
  readonly isolated: IsolatedView | null;
  readonly whatIf: WhatIfView | null;
  /** Absent where nothing says what the prediction is, and of a first picture. */
  readonly flip?: FlipChoices;
  readonly layers: readonly LayerView[];
  readonly tokenLayers: TokenLayers | null;
  /** The chosen layer's units, signed conductance, key = unit index. */
  readonly units: {
    readonly layer: string;
    readonly bars: readonly Bar[];
    /** How many units the layer has, when only the largest are listed. */ readonly total?: number;
    /** The units as channels of pictures, for layers that have them. */
    readonly maps?: PixelView;
  } | null;
  readonly unit: UnitView | null;
  /** Measures of how far this can be trusted, in the order in which they are offered; absent where none has a meaning. */
  readonly trust?: readonly TrustMeasure[];
  readonly diagnostics: readonly Diagnostic[];
  /** Which column of the sample file feeds which input, in words; absent when every value was given. */
  readonly mapping?: readonly string[];
}

/** One sample's credit for a feature, among those of many samples. */
export interface SwarmDot {
  readonly credit: number;
  /** Where the sample's value lies between the feature's lowest (0) and highest (1); null where values have no order. */
  readonly level: number | null;
  /** What a click chooses: the sample's row. */
  readonly key?: string;
  /** What is said of it ("row 7, glucose = 134"). */
  readonly title?: string;
}

/** The credits of one feature for many samples. */
export interface SwarmRow {
  readonly label: string;
  readonly dots: readonly SwarmDot[];
}

/** What the panel shows: always the whole state, never a change to it. */
export interface PanelState {
  readonly phase: "empty" | "running" | "done" | "failed" | "cancelled" | "stale";
  readonly message: string;
  readonly fraction?: number;
  readonly view: ExplanationView | null;
  readonly error: Diagnostic | null;
  /** What is looked at inside the model, and whether there is a way back and forward. */
  readonly path?: { readonly layer?: string; readonly unit?: string; readonly back: boolean; readonly forward: boolean };
  readonly comparison?: ComparisonView | null;
  /** What is still of the former question while the new one is worked on: everything, or layers and units. */
  readonly lag?: "all" | "inside";
  /** Absent until the table was opened. */
  readonly table?: TableView | null;
  /** The measure that is being taken. */
  readonly measuring?: { readonly name: MeasureName; readonly fraction?: number };
  /** Absent until the smallest change was asked for. */
  readonly flip?: FlipState;
  /** What was asked; the webview keeps it with the state, so that the host can ask again after the window was reloaded. */
  readonly request?: ExplainRequest;
}
