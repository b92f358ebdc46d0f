import { BroadcastChannel } from "node:worker_threads";
import { ExplainError } from "../../src/base/diagnostic.js";
import { createWorkerClient } from "../../src/worker/client.js";
import { choices } from "../fuzz/choices.js";
import { memoryChannel, memoryNow, type ThreadMemory } from "./memoryNow.js";
import { question, subjects } from "./questions.js";

/** What was in use, in megabytes, after so many explanations. `worker` and `host` are heaps after a collection. */
export interface Measurement {
  readonly explanations: number;
  readonly resident: number;
  readonly worker: number;
  readonly buffers: number;
  readonly host: number;
}

export interface MemoryReport {
  readonly measurements: readonly Measurement[];
  /** Codes of requests that were refused, with how often. */
  readonly refused: Readonly<Record<string, number>>;
  /** Why it is not steady; empty when it is. */
  readonly growth: readonly string[];
}

const megabyte = 2 ** 20;
/** What the later half may have above the earlier one: a share of it, and as many megabytes. */
const tolerated = { share: 0.1, megabytes: { resident: 32, worker: 2, buffers: 4, host: 2 } };

/** Asks the real worker `count` questions, a different one each time, and measures its memory `times` times. */
export async function soakMemory(count: number, seed: number, worker: string, examples: string, times = 20): Promise<MemoryReport> {
  const c = choices(seed);
  const list = subjects(examples);
  const client = createWorkerClient(worker);
  const refused: Record<string, number> = {};
  const measurements: Measurement[] = [];
  try {
    for (let i = 1; i <= count; i++) {
      try {
        await client.explain([question(c.of(list), c)], {});
      } catch (error) {
        if (!(error instanceof ExplainError)) throw error;
        const { code, message } = error.diagnostic;
        if (code === "INTERNAL" || code === "WORKER_DIED") throw error;
        const text = `${code} ${message}`;
        refused[text] = (refused[text] ?? 0) + 1;
      }
      if (i % Math.max(1, Math.floor(count / times)) === 0) measurements.push(await measure(i));
    }
  } finally {
    await client.dispose();
  }
  return { measurements, refused, growth: growthOf(measurements) };
}

async function measure(explanations: number): Promise<Measurement> {
  const { heap, buffers } = await workerMemory();
  const host = memoryNow().heap;
  const round = (bytes: number): number => Math.round((10 * bytes) / megabyte) / 10;
  return { explanations, resident: round(process.memoryUsage.rss()), worker: round(heap), buffers: round(buffers), host: round(host) };
}

function workerMemory(): Promise<ThreadMemory> {
  const channel = new BroadcastChannel(memoryChannel);
  return new Promise((resolve) => {
    channel.onmessage = (event) => {
      channel.close();
      resolve((event as { readonly data: ThreadMemory }).data);
    };
    channel.postMessage("ask");
  });
}

/** The first half fills the caches, which have an end; from then on the third quarter is held against the last. */
function growthOf(measurements: readonly Measurement[]): readonly string[] {
  const half = measurements.slice(Math.floor(measurements.length / 2));
  const [third, last] = [half.slice(0, Math.floor(half.length / 2)), half.slice(Math.floor(half.length / 2))];
  return (["resident", "worker", "buffers", "host"] as const).flatMap((what) => {
    const mean = (list: readonly Measurement[]): number => list.reduce((sum, m) => sum + m[what], 0) / list.length;
    const [before, after] = [mean(third), mean(last)];
    const most = before * (1 + tolerated.share) + tolerated.megabytes[what];
    return after > most ? [`${what} grew from ${before.toFixed(1)} to ${after.toFixed(1)} MB`] : [];
  });
}
