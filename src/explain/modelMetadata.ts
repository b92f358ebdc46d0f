import type { Neighbours } from "./neighbours.js";

/** Keys under which exporters write names of features and of classes into an ONNX file. */
const featureKeys = ["feature_names", "features", "feature_name", "input_features", "columns"];
const labelKeys = ["labels", "class_names", "classes", "names", "id2label", "label_names"];

/** Where names come from, for people. */
const fromMetadata = "the model's metadata";

/** What stands in the model file's metadata, behind what the files beside it say. */
export function withMetadata(neighbours: Neighbours, metadata: Readonly<Record<string, string>>): Neighbours {
  const features = featureKeys.map((key) => names(metadata[key])).find((list) => list !== undefined);
  const labels = neighbours.labels === undefined ? labelKeys.map((key) => names(metadata[key])).find((list) => list !== undefined) : undefined;
  return {
    ...neighbours,
    features: features === undefined ? neighbours.features : [...neighbours.features, { names: features, file: fromMetadata }],
    ...(labels === undefined ? {} : { labels, labelsFile: fromMetadata }),
  };
}

/** A list as JSON, as Python writes it ("['a', 'b']", "{0: 'a', 1: 'b'}"), or with commas. */
function names(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text.trim() === "" || text.length > 1e6) return undefined;
  const trimmed = text.trim();
  const list = /^[[{]/.test(trimmed) ? (fromJson(trimmed) ?? fromJson(pythonToJson(trimmed))) : trimmed.split(",").map((name) => name.trim());
  return list === undefined || list.length === 0 || list.includes("") ? undefined : list;
}

function fromJson(text: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  // A map from numbers to names is read in the order of the numbers; they have to be 0, 1, 2, …
  const map = value as Readonly<Record<string, unknown>>;
  const list = Array.isArray(value) ? value : Object.keys(map).map((_, i) => map[String(i)]);
  return list.every((name): name is string => typeof name === "string") ? list : undefined;
}

/** Python's way of writing: single quotes, numbers as keys. */
function pythonToJson(text: string): string {
  return text
    .replace(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner.replace(/\\'/g, "'")))
    .replace(/([{,]\s*)(\d+)\s*:/g, '$1"$2":')
    .replace(/,\s*([\]}])/g, "$1");
}
