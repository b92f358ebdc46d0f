import { cutZipMap } from "../graph/cutZipMap.js";
import { fold } from "../graph/fold.js";
import { inlineFunctions } from "../graph/inline.js";
import type { Graph, Model } from "../graph/ir.js";
import { prune } from "../graph/prune.js";
import { upgrade } from "../graph/upgrade/upgrade.js";
import type { Tensor } from "../tensor/tensor.js";
import { createSession, type SessionSettings } from "./session.js";

export interface Normalized {
  readonly graph: Graph;
  /** Class labels by value, where the file carries them (ZipMap). */
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** One modern opset, functions inlined, constants folded, ZipMap cut off; value names of the file are kept. */
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
  return { graph: await fold(prune(upgrade(graph)), evaluate), labels };
}
