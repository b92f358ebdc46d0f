import type { InputRole, MethodName, OutputRole } from "./names.js";

/** `model.explain.json` beside a model: what the files themselves can't say. Every field is optional; paths are relative to the sidecar and stay inside its folder. Schema: schemas/explain.schema.json. */
export interface Sidecar {
  readonly inputs?: Readonly<Record<string, SidecarInput>>;
  readonly outputs?: Readonly<Record<string, { readonly labels?: readonly string[]; readonly role?: OutputRole }>>;
  /** Sample file. */
  readonly samples?: string;
  /** Rows that stand for the population: `mean` and `median` baselines come from it. */
  readonly training?: string;
  /** Column that holds the true label. */
  readonly label?: string;
  readonly method?: MethodName;
  readonly target?: string;
  readonly baselines?: Readonly<Record<string, string>>;
  /** Layers of interest, by module path or value name; default: all. */
  readonly layers?: readonly string[];
}

export interface SidecarInput {
  readonly role?: InputRole;
  /** Columns of the sample file, in order. */
  readonly columns?: readonly string[];
  /** Feature names, when they differ from the columns. */
  readonly features?: readonly string[];
  readonly tokenizer?: string;
  /** Features that belong together, by the group's name: the columns of one category. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly units?: Readonly<Record<string, string>>;
  readonly categories?: Readonly<Record<string, readonly string[]>>;
  /** How an image file becomes this input. */
  readonly image?: SidecarImage;
  /** How a sound file becomes this input. */
  readonly audio?: SidecarAudio;
  /** The value of an input that no sample brings along: a number, or a list in the input's shape. */
  readonly value?: number | boolean | readonly unknown[];
}

/** A pixel p of 0 … 255 becomes (least + (p / 255) · (most − least) − mean) / std. What is left out comes from preprocessor_config.json, else from the input's shape. */
export interface SidecarImage {
  readonly layout?: "NCHW" | "NHWC";
  readonly colours?: ColourOrder;
  /** Size that the picture gets, in pixels; default the input's own. */
  readonly height?: number;
  readonly width?: number;
  readonly fit?: ImageFit;
  /** For fit "crop": the shorter edge is scaled to this before the middle is cut out. */
  readonly shortestEdge?: number;
  readonly resample?: Resample;
  readonly range?: readonly [number, number];
  /** One number a channel, or one for all. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

export const colourOrders = ["rgb", "bgr", "grey", "rgba"] as const;
export type ColourOrder = (typeof colourOrders)[number];

/** `stretch` scales both sides to the size; `crop` scales the shorter one and cuts out the middle; `pad` scales the longer one and fills with black. */
export const imageFits = ["stretch", "crop", "pad"] as const;
export type ImageFit = (typeof imageFits)[number];

export const resamples = ["nearest", "bilinear", "bicubic", "lanczos"] as const;
export type Resample = (typeof resamples)[number];

/** Sound becomes samples of −1 … 1 at `rate`, of one channel unless said otherwise. */
export interface SidecarAudio {
  /** Samples a second. */
  readonly rate?: number;
  readonly channels?: number;
  /** Samples that the model sees at once, where its input does not fix them. */
  readonly length?: number;
  /** Factor for samples of −1 … 1: 32768 for models that take 16-bit numbers. */
  readonly scale?: number;
  /** Whether a sound gets mean 0 and variance 1 first. */
  readonly standardise?: boolean;
}
