// Times the workloads of one model and prints JSON: node bench.mjs time NAME FILE | names | compile | trees FILE TRAIN SAMPLES | write FILE MEGABYTES WHERE | memory WAY FILE
import { present } from "../../src/base/assert.js";
import type { OpenModel } from "../../src/runtime/openModel.js";
import { openModel } from "../../src/runtime/open.js";
import { writeChain } from "./chain.js";
import { compileTime } from "./compile.js";
import { residentMemory } from "./memory.js";
import { treeTimes } from "./treeTimes.js";
import { workloads, type Workload } from "./workloads.js";

interface Timing {
  readonly name: string;
  readonly captum?: string;
  readonly goal?: number;
  readonly forwards?: number;
  /** Of one explanation, in milliseconds; and of one forward pass of the same rows. */
  readonly milliseconds: number;
  readonly forward: number;
  readonly points: number;
  /** What the first explanation took besides, to compile. */
  readonly compile: number;
}

const [command, name = "", file = "", where = ""] = process.argv.slice(2);
switch (command) {
  case "names":
    print(Object.fromEntries(Object.entries(workloads).map(([model, list]) => [model, list.map((w) => w.captum)])));
    break;
  case "time":
    print(await timeAll(file, present(workloads[name], name)));
    break;
  case "trees":
    print(await treeTimes(name, file, where));
    break;
  case "compile":
    print(await compileTime());
    break;
  case "write":
    await writeChain(name, Number(file), where === "external");
    break;
  case "memory":
    print(await residentMemory(name === "backward", file));
    break;
  default:
    throw new Error(`There is no command "${command ?? ""}".`);
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function timeAll(path: string, list: readonly Workload[]): Promise<{ readonly load: number; readonly results: readonly Timing[] }> {
  const started = performance.now();
  const model = await openModel(path);
  const load = performance.now() - started;
  const results: Timing[] = [];
  for (const workload of list) results.push(await time(model, workload));
  await model.dispose();
  return { load, results };
}

async function time(model: OpenModel, workload: Workload): Promise<Timing> {
  const { name: title, captum, goal, forwards, first = false } = workload;
  const samples = await workload.samples(model.file);
  const jobs = samples.flatMap((inputs) => workload.requests.map((request) => ({ ...request, inputs })));
  let compile = 0;
  const counts: number[] = [];
  for (const job of jobs) {
    const { result, milliseconds } = await model.attribute(job);
    compile += milliseconds.compile;
    counts.push(result.points);
  }
  const ours = async (): Promise<number> => {
    let spent = 0;
    for (const job of jobs) spent += first ? await firstPicture(model, job) : await clock(() => model.attribute(job));
    return spent / jobs.length;
  };
  const bare = async (): Promise<number> => {
    let spent = 0;
    for (const inputs of samples) spent += await clock(() => model.run(inputs));
    return spent / samples.length;
  };
  // In turn, so that whatever else the machine does meets both.
  const [work, forward]: [number[], number[]] = [[], []];
  const until = performance.now() + 1500;
  for (let turn = 0; turn < 7 || (performance.now() < until && turn < 300); turn += 1) {
    forward.push(await bare());
    work.push(await ours());
    if (performance.now() > until + 18_500) break;
  }
  return {
    name: title,
    milliseconds: median(work),
    forward: median(forward),
    points: counts.reduce((s, c) => s + c, 0) / counts.length,
    compile,
    ...(captum === undefined ? {} : { captum }),
    ...(goal === undefined ? {} : { goal }),
    ...(forwards === undefined ? {} : { forwards }),
  };
}

async function clock(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Milliseconds until the first usable result is offered; the rest is not waited for. */
async function firstPicture(model: OpenModel, job: Parameters<OpenModel["attribute"]>[0]): Promise<number> {
  const started = performance.now();
  let seen = NaN;
  const signal = { aborted: false };
  await model
    .attribute(job, {
      signal,
      progress: (_, partial) => {
        if (partial === undefined || signal.aborted) return;
        partial();
        seen = performance.now() - started;
        signal.aborted = true;
      },
    })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  return seen;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}
