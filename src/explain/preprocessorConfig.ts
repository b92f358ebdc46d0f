import type { SidecarAudio, SidecarImage } from "../protocol/sidecar.js";

/** What a preprocessor_config.json of the transformers library says about pictures and sounds, in the sidecar's words. */
export interface Preprocessing {
  readonly image?: SidecarImage;
  readonly audio?: SidecarAudio;
}

type Fields = Readonly<Record<string, unknown>>;

/** Pillow's numbers for resampling filters. */
const resampling: Readonly<Record<number, SidecarImage["resample"]>> = { 0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic" };

/** Reads the fields that are there; a file of another kind says nothing. */
export function preprocessingOf(config: Fields): Preprocessing {
  const image = imageOf(config);
  const audio = audioOf(config);
  return { ...(Object.keys(image).length === 0 ? {} : { image }), ...(Object.keys(audio).length === 0 ? {} : { audio }) };
}

function imageOf(config: Fields): SidecarImage {
  const isImage = ["image_mean", "do_resize", "do_rescale", "image_std", "crop_size", "image_processor_type"].some((name) => name in config);
  if (!isImage) return {};
  const rescales = config["do_rescale"] !== false;
  const factor = number(config["rescale_factor"]) ?? 1 / 255;
  const normalises = config["do_normalize"] === true || (config["do_normalize"] === undefined && "image_mean" in config);
  const mean = numbers(config["image_mean"]);
  const std = numbers(config["image_std"]);
  const crop = config["do_center_crop"] === true ? sizeOf(config["crop_size"]) : undefined;
  const size = config["do_resize"] === false ? undefined : sizeOf(config["size"]);
  const edge = size?.edge;
  const box = crop ?? size;
  const filter = resampling[number(config["resample"]) ?? -1];
  return {
    range: rescales ? [0, rounded(255 * factor)] : [0, 255],
    ...(box?.height === undefined || box.width === undefined ? {} : { height: box.height, width: box.width }),
    ...(crop !== undefined || edge !== undefined ? { fit: "crop" as const } : {}),
    ...(edge === undefined ? (crop === undefined || size?.height === undefined ? {} : { shortestEdge: size.height }) : { shortestEdge: edge }),
    ...(filter === undefined ? {} : { resample: filter }),
    ...(normalises && mean !== undefined ? { mean } : {}),
    ...(normalises && std !== undefined ? { std } : {}),
  };
}

function audioOf(config: Fields): SidecarAudio {
  const rate = number(config["sampling_rate"]);
  if (rate === undefined) return {};
  return { rate, ...(config["do_normalize"] === true ? { standardise: true } : {}) };
}

/** { height, width }, { shortest_edge } or one number: which for a crop means a square, for a size the shorter edge in old files; both are read as a square. */
function sizeOf(value: unknown): { readonly height?: number; readonly width?: number; readonly edge?: number } | undefined {
  const side = number(value);
  if (side !== undefined) return { height: side, width: side };
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Fields;
  const height = number(fields["height"]);
  const width = number(fields["width"]);
  const edge = number(fields["shortest_edge"]);
  if (height !== undefined && width !== undefined) return { height, width };
  return edge === undefined ? undefined : { edge, height: edge, width: edge };
}

/** 255 × 0.00392156862745098 is one, not a little more. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function numbers(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((x): x is number => typeof x === "number" && Number.isFinite(x)) ? value : undefined;
}
