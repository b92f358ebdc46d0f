import { cutZipMap } from "../graph/cutZipMap.js";
import { lowerDoubles } from "../graph/double/lowerDoubles.js";
import { fold } from "../graph/fold.js";
import { inlineFunctions } from "../graph/inline.js";
import type { Graph, Model } from "../graph/ir.js";
import { prune } from "../graph/prune.js";
import { upgrade } from "../graph/upgrade/upgrade.js";
import { isHalf, widen, widenTensor } from "../graph/widen.js";
import type { Diagnostic } from "../base/diagnostic.js";
import type { Feeds } from "../attribution/plan.js";
import type { Tensor } from "../tensor/tensor.js";
import { withKnownLocales } from "./locales.js";
import { createSession, type SessionSettings } from "./session.js";

export interface Normalized {
  readonly graph: Graph;
  /** Class labels by value, where the file carries them (ZipMap). */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** What differs from the file in what is computed. */
  readonly remarks: readonly Diagnostic[];
}

/** The feeds in the types that a normalised graph takes: what was half precision in the file is float32 there. */
export function widenFeeds(graph: Graph, feeds: Feeds): Feeds {
  if (!Object.values(feeds).some((t) => isHalf(t.dtype))) return feeds;
  const wide = new Set(graph.inputs.filter((i) => i.dtype === "float32").map((i) => i.name));
  return Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, wide.has(name) ? widenTensor(t) : t]));
}

const widened: Diagnostic = {
  code: "PRECISION_WIDENED",
  severity: "info",
  message:
    "The model computes in half precision (float16 or bfloat16). Predictions and gradients are computed in float32 from its weights: outputs may differ from the file's in the third digit.",
};

function narrowedRemark(ops: readonly string[]): Diagnostic {
  return {
    code: "PRECISION_NARROWED",
    severity: "info",
    message: `The model computes in float64, but ONNX Runtime has no such kernel for ${ops.join(", ")}: there it is computed in float32.`,
  };
}

/** One modern opset, functions inlined, half precision widened to float32, doubles without kernels written as plainer ones, constants folded, ZipMap cut off; value names of the file are kept. */
export async function normalize(model: Model, settings: SessionSettings): Promise<Normalized> {
  const { graph, labels } = cutZipMap(inlineFunctions(model));
  const evaluate = async (constants: Graph): Promise<ReadonlyMap<string, Tensor>> => {
    const session = await createSession(constants, settings);
    try {
      return new Map(Object.entries(await session.run({})));
    } finally {
      await session.release();
    }
  };
  const upgraded = upgrade(graph);
  const wide = widen(upgraded);
  const { graph: lowered, narrowed } = lowerDoubles(wide);
  const local = await withKnownLocales(prune(lowered), evaluate);
  const remarks = [...(wide === upgraded ? [] : [widened]), ...(narrowed.length === 0 ? [] : [narrowedRemark(narrowed)]), ...local.remarks];
  return { graph: await fold(local.graph, evaluate), labels, remarks };
}
