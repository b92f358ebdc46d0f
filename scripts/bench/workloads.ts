import { openTokenizer } from "../../src/data/tokenizer.js";
import type { AttributionRequest, TargetElement } from "../../src/protocol/request.js";
import { tensor, type Tensor } from "../../src/tensor/tensor.js";

type Inputs = AttributionRequest["inputs"];

/** One line of the bench: what is timed, on which samples (their mean counts), and which of Captum's workloads it answers. */
export interface Workload {
  readonly name: string;
  readonly captum?: string;
  /** How many times faster than Captum we want to be. */
  readonly goal?: number;
  /** The time to the first usable picture counts, not to the end. */
  readonly first?: boolean;
  /** What a point of the path may cost, in forward passes. */
  readonly forwards?: number;
  readonly samples: (file: string) => Promise<readonly Inputs[]>;
  readonly requests: readonly Omit<AttributionRequest, "inputs">[];
}

const gauss = { rule: "gausslegendre", steps: 50 } as const;

/** Workloads by the folder of their model. */
export const workloads: Readonly<Record<string, readonly Workload[]>> = {
  diabetes: diabetes(),
  digits: digits(),
  "review-profile": reviewProfile(),
  "review-minilm": reviewMinilm(),
};

function probability(index: number): { readonly targets: readonly TargetElement[] } {
  return { targets: [{ value: "probabilities", index: [index] }] };
}

function diabetes(): Workload[] {
  const samples = (rows: number) => () => Promise.resolve([{ measurements: measurements(rows) }]);
  const integrated = (rows: number, goal?: number): Workload => ({
    name: `integrated gradients, ${rows} rows`,
    captum: `diabetes-ig-${rows}`,
    samples: samples(rows),
    requests: [{ method: "integratedGradients", ...probability(1) }],
    ...(goal === undefined ? {} : { goal }),
  });
  const neurons = (rows: number, goal?: number): Workload => ({
    name: `neuron conductance of all 12 units, ${rows} rows`,
    captum: `diabetes-neuron-conductance-all-${rows}`,
    samples: samples(rows),
    requests: [{ method: "neuronConductance", layer: "sigmoid", neuron: "all", ...probability(1) }],
    ...(goal === undefined ? {} : { goal }),
  });
  return [
    integrated(1, 10),
    integrated(154, 25),
    integrated(231),
    {
      name: "integrated gradients, 50 Gauss points, 154 rows",
      captum: "diabetes-ig-154",
      samples: samples(154),
      requests: [{ method: "integratedGradients", ...probability(1), options: gauss }],
    },
    {
      name: "layer conductance, 154 rows",
      captum: "diabetes-layer-conductance-154",
      samples: samples(154),
      requests: [{ method: "layerConductance", layer: "sigmoid", ...probability(1) }],
    },
    neurons(1),
    neurons(154, 100),
    {
      name: "exact Shapley values, 1 row",
      captum: "diabetes-shapley-exact-1",
      goal: 1000,
      samples: samples(1),
      requests: [{ method: "shapleyValues", ...probability(1) }],
    },
    {
      name: "KernelSHAP, 256 coalitions, 1 row",
      captum: "diabetes-kernel-shap-256-1",
      goal: 20,
      samples: samples(1),
      requests: [{ method: "kernelShap", ...probability(1), options: { samples: 256 } }],
    },
  ];
}

function digits(): Workload[] {
  const samples = (rows: number) => () => {
    const next = uniform();
    return Promise.resolve([{ image: tensor("float32", [rows, 1, 8, 8], Array.from({ length: rows * 64 }, next)) }]);
  };
  const integrated = (rows: number, goal: number): Workload => ({
    name: `integrated gradients, 50 Gauss points, ${rows} images`,
    captum: `digits-ig-${rows}`,
    goal,
    forwards: 2.5,
    samples: samples(rows),
    requests: [{ method: "integratedGradients", ...probability(3), options: gauss }],
  });
  return [
    integrated(1, 3),
    integrated(64, 1.5),
    {
      name: "occlusion by 2 × 2, 1 image",
      captum: "digits-occlusion-2x2-1",
      goal: 20,
      samples: samples(1),
      requests: [{ method: "occlusion", ...probability(3), options: { window: { image: [1, 2, 2] }, stride: { image: [1, 1, 1] } } }],
    },
  ];
}

function reviewProfile(): Workload[] {
  return [20, 64].map((length) => ({
    name: `joint integrated gradients, 50 Gauss points, ${length} tokens`,
    captum: `review-profile-joint-ig-${length}`,
    goal: 1,
    forwards: 2.5,
    samples: () => {
      const next = uniform();
      return Promise.resolve([
        {
          tokens: tensor(
            "int64",
            [1, length],
            Array.from({ length }, () => 2 + Math.floor(next() * 2990)),
          ),
          profile: tensor(
            "float32",
            [1, 5],
            Array.from({ length: 5 }, () => next() * 2 - 1),
          ),
        },
      ]);
    },
    requests: [{ method: "integratedGradients", ...probability(1), options: gauss }],
  }));
}

function reviewMinilm(): Workload[] {
  const targets = ["logits", "probabilities"].map((value) => ({ targets: [{ value, index: [1] }] }));
  const both = targets.map((t) => ({ method: "integratedGradients", fixed: ["attention_mask"], ...t }) as const);
  const fixedRule = (length: number, goal?: number): Workload => ({
    name: `integrated gradients, 50 Gauss points, ${length} tokens`,
    captum: `review-minilm-ig-${length}`,
    forwards: 2.1,
    samples: (file) => sentences(file, length, 1),
    requests: both.slice(1).map((r) => ({ ...r, options: gauss })),
    ...(goal === undefined ? {} : { goal }),
  });
  return [
    fixedRule(16),
    fixedRule(64, 1.05),
    {
      name: "to the default tolerance, 64 tokens, mean of 5 texts and 2 targets",
      captum: "review-minilm-ig-64",
      goal: 1.25,
      samples: (file) => sentences(file, 64, 5),
      requests: both,
    },
    {
      name: "first picture, 64 tokens",
      captum: "review-minilm-ig-64",
      goal: 5,
      first: true,
      samples: (file) => sentences(file, 64, 1),
      requests: both.slice(1),
    },
  ];
}

/** Texts of exactly `length` tokens, made of sentences. */
async function sentences(file: string, length: number, count: number): Promise<Inputs[]> {
  const tokenizer = await openTokenizer(file.replace(/model\.onnx$/, "tokenizer.json"));
  const parts = [
    "A wonderful film with a clever script and superb acting.",
    "The sound is awful and the buttons stick.",
    "I fell asleep before the end of it.",
    "The zoom lens works beautifully, even in poor light.",
    "Predictable, noisy and without a single likeable character.",
  ];
  const texts = Array.from({ length: count }, (_, i) => Array.from({ length: 10 }, (__, k) => parts[(i + k * (1 + (i % 3))) % parts.length]).join(" "));
  const encoded = await Promise.all(texts.map((text) => tokenizer.encode(text)));
  return encoded.map(({ ids }) => ({
    input_ids: tensor("int64", [1, length], [...ids.slice(0, length - 1), ids.at(-1) ?? 0]),
    attention_mask: tensor("int64", [1, length], Array<number>(length).fill(1)),
  }));
}

/** Seeded normal numbers around typical values: the same samples in every run. */
function measurements(rows: number): Tensor {
  const next = uniform();
  const typical = [4, 120, 69, 20, 80, 32, 0.47, 33];
  return tensor(
    "float32",
    [rows, 8],
    Array.from({ length: rows * 8 }, (_, i) => (typical[i % 8] ?? 0) * (1 + 0.3 * Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()))),
  );
}

/** Numbers in (0, 1), the same in every run. */
function uniform(): () => number {
  let state = 20_260_101;
  return () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
}
