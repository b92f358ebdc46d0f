import { expect, test } from "vitest";
import { withMetadata } from "../../../src/explain/modelMetadata.js";
import { preprocessingOf } from "../../../src/explain/preprocessorConfig.js";

const nothing = { features: [], samples: [] };

test.each([
  ['["a", "b"]', ["a", "b"]],
  ["['it\\'s', \"b\"]", ["it's", "b"]],
  ["{0: 'person', 1: 'bicycle'}", ["person", "bicycle"]],
  ['{"1": "b", "0": "a"}', ["a", "b"]],
  ["age, mass", ["age", "mass"]],
])("names in a model's metadata: %s", (text, expected) => {
  expect(withMetadata(nothing, { names: text }).labels).toEqual(expected);
  expect(withMetadata(nothing, { feature_names: text }).features).toEqual([{ names: expected, file: "the model's metadata" }]);
});

test.each(["", "[1, 2]", "{3: 'a'}", "[broken", '{"0": {"a": 1}}'])("what is no list of names: %s", (text) => {
  expect(withMetadata(nothing, { names: text, feature_names: text })).toEqual(nothing);
});

test("files beside the model come first", () => {
  expect(withMetadata({ ...nothing, labels: ["x"] }, { names: "a,b" }).labels).toEqual(["x"]);
});

test("preprocessor_config.json of picture models: size, crop, range, mean and deviation", () => {
  const vit = {
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
    resample: 2,
    rescale_factor: 0.00392156862745098,
    size: { height: 224, width: 224 },
  };
  expect(preprocessingOf(vit)).toEqual({
    image: { range: [0, 1], height: 224, width: 224, resample: "bilinear", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  });
  const clip = {
    do_center_crop: true,
    crop_size: { height: 224, width: 224 },
    do_resize: true,
    size: { shortest_edge: 256 },
    resample: 3,
    do_rescale: true,
    do_normalize: false,
  };
  expect(preprocessingOf(clip)).toEqual({ image: { range: [0, 1], height: 224, width: 224, fit: "crop", shortestEdge: 256, resample: "bicubic" } });
  expect(preprocessingOf({ do_rescale: false, image_mean: [104] })).toMatchObject({ image: { range: [0, 255], mean: [104] } });
});

test("preprocessor_config.json of speech models; what is none", () => {
  expect(preprocessingOf({ feature_extractor_type: "Wav2Vec2FeatureExtractor", sampling_rate: 16000, do_normalize: true })).toEqual({
    audio: { rate: 16000, standardise: true },
  });
  expect(preprocessingOf({ name: "x" })).toEqual({});
});
