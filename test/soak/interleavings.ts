import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setEnvironmentData } from "node:worker_threads";
import { ExplainError } from "../../src/base/diagnostic.js";
import type { Explanation } from "../../src/protocol/explanation.js";
import { createWorkerClient, type CallOptions, type WorkerClient } from "../../src/worker/client.js";
import { choices, type Choices } from "../fuzz/choices.js";
import { deathKey, processesKey } from "./memoryNow.js";
import { question, subjects, type Subject } from "./questions.js";

export interface InterleavingReport {
  /** How calls ended, by "value" or code. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What happened to the clients and the files, by kind. */
  readonly events: Readonly<Record<string, number>>;
  /** What must not be, each with the seed that shows it again. */
  readonly failures: readonly string[];
}

/** A call that is not settled after this long hangs, in milliseconds: one that hangs does so for ever, and a machine with other work to do has some that take minutes. */
const patience = 300_000;
/** What a call on a model that is replaced, cut off or gone, or on a thread that dies, may end with. */
const expected = new Set(["CANCELLED", "WORKER_DIED", "FILE_NOT_FOUND", "NOT_A_MODEL", "MODEL_TRUNCATED", "MODEL_INVALID", "UNKNOWN_INPUT", "UNKNOWN_TARGET", "INPUT_MISSING", "INPUT_INVALID", "COLUMN_MISSING", "COLUMNS_AMBIGUOUS", "SIDECAR_INVALID", "UNKNOWN_LAYER", "OPTION_INVALID", "BASELINE_INVALID", "ROW_MISSING", "VALUE_NOT_A_NUMBER", "UNSUPPORTED_OPERATOR"]); // prettier-ignore

/** So many of the subjects lie in a folder of their own: what happens to their files happens to no other interleaving. */
const touched = 3;

/** After so many it is told how far it is. */
const told = 100;

/** What a window does at some moment. */
type Action = (world: World, c: Choices) => void;

class World {
  readonly folder = mkdtempSync(join(tmpdir(), "soak-"));
  readonly subjects: readonly Subject[];
  readonly clients: WorkerClient[];
  /** Where the worker's processes leave their numbers. */
  readonly processes: string;
  readonly ending: Promise<void>[] = [];
  readonly running: { readonly stop: AbortController; readonly settled: Promise<void> }[] = [];
  readonly tally: { readonly outcomes: Record<string, number>; readonly events: Record<string, number>; readonly failures: string[] };

  constructor(
    readonly seed: number,
    private readonly worker: string,
    /** How often, of all models, one is run in a process of its own. */
    readonly apart: number,
    readonly death: Int32Array,
    examples: string,
    windows: number,
    tally: World["tally"],
  ) {
    this.tally = tally;
    this.subjects = subjects(this.folder).slice(0, touched);
    for (const { name } of this.subjects) cpSync(join(examples, name), join(this.folder, name), { recursive: true });
    this.processes = join(this.folder, "processes");
    mkdirSync(this.processes);
    process.env[processesKey] = this.processes;
    this.clients = Array.from({ length: windows }, () => this.open());
  }

  /** A new window. The models that are kept apart stay so. */
  open(): WorkerClient {
    return createWorkerClient(this.worker, {
      isolation: (file) => (this.subjects.findIndex(({ model }) => model === file) < this.apart ? "process" : "thread"),
    });
  }

  event(name: string): void {
    this.tally.events[name] = (this.tally.events[name] ?? 0) + 1;
  }

  fail(what: string): void {
    this.tally.failures.push(`seed ${this.seed}: ${what}`);
  }

  /** Makes a call and watches how it ends. */
  call(name: string, make: (options: CallOptions) => Promise<unknown>, check: (value: unknown) => string | undefined = () => undefined): void {
    this.event(name);
    const stop = new AbortController();
    let ended = false;
    const options: CallOptions = {
      signal: stop.signal,
      progress: () => {
        if (stop.signal.aborted || ended) this.fail(`${name} told its progress after it had been ${ended ? "answered" : "cancelled"}`);
      },
    };
    const outcome = (what: string): void => {
      ended = true;
      this.tally.outcomes[what] = (this.tally.outcomes[what] ?? 0) + 1;
    };
    const answer = make(options).then(
      (value) => {
        outcome("value");
        if (stop.signal.aborted) this.fail(`${name} gave a value after it had been cancelled`);
        const wrong = check(value);
        if (wrong !== undefined) this.fail(`${name}: ${wrong}`);
      },
      (error: unknown) => {
        const code = error instanceof ExplainError ? error.diagnostic.code : "no code";
        outcome(code);
        if (!expected.has(code)) this.fail(`${name} ended with ${code}: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.fail(`${name} was not settled after ${patience / 1000} s`);
        resolve();
      }, patience);
    });
    this.running.push({ stop, settled: Promise.race([answer, late]).finally(() => clearTimeout(timer)) });
  }

  async end(): Promise<void> {
    await Promise.all(this.running.map(({ settled }) => settled));
    await Promise.all([...this.ending, ...this.clients.map((client) => client.dispose())]);
    rmSync(this.folder, { recursive: true });
  }
}

const explain: Action = (world, c) => {
  const asked = question(c.of(world.subjects), c);
  const partials = c.chance(0.3);
  world.call(
    "explain",
    (options) => c.of(world.clients).explain([asked, partials], options),
    (value) => unfit(value as Explanation),
  );
};

const other: Action = (world, c) => {
  const { model } = c.of(world.subjects);
  const client = c.of(world.clients);
  const calls: readonly (readonly [string, (options: CallOptions) => Promise<unknown>])[] = [
    ["inspect", (o) => client.inspect([model], o)],
    ["samples", (o) => client.samples([model, undefined, { from: c.below(5), count: 5 }], o)],
    ["layers", (o) => client.layers([{ model }], o)],
    ["ranges", (o) => client.ranges([model, undefined], o)],
    ["predictions", (o) => client.predictions([{ model }, { from: 0, count: 4 }], o)],
    ["outline", (o) => client.outline([model], o)],
    ["forget", (o) => client.forget([model], o)],
  ];
  world.call(...c.of(calls));
};

const cancel: Action = (world, c) => {
  world.event("cancel");
  if (world.running.length > 0) c.of(world.running).stop.abort();
};

const cancelLast: Action = (world) => {
  world.event("cancel");
  world.running.at(-1)?.stop.abort();
};

/** Explains again and again, the former question cancelled by the next, as when a value is dragged. */
const refine: Action = (world, c) => {
  for (let i = 0; i < 3; i++) {
    world.running.at(-1)?.stop.abort();
    explain(world, c);
  }
};

const replace: Action = (world, c) => {
  world.event("replace");
  const [from, to] = [c.of(world.subjects), c.of(world.subjects)];
  const bytes = readFileSafely(from.model);
  if (bytes === undefined) return;
  if (c.chance(0.5)) writeFileSync(to.model, bytes);
  else {
    writeFileSync(`${to.model}.new`, bytes);
    renameSync(`${to.model}.new`, to.model);
  }
};

const damage: Action = (world, c) => {
  world.event("damage");
  const { model } = c.of(world.subjects);
  const bytes = readFileSafely(model);
  if (bytes === undefined) return;
  if (c.chance(0.5)) truncateSync(model, c.below(bytes.length));
  else writeFileSync(model, "no model");
};

const remove: Action = (world, c) => {
  world.event("remove");
  rmSync(c.of(world.subjects).model, { force: true });
};

const restore = (examples: string): Action => {
  return (world, c) => {
    world.event("restore");
    const { name, model } = c.of(world.subjects);
    copyFileSync(join(examples, name, "model.onnx"), model);
  };
};

/** The thread that reports next ends in the midst of its call. */
const kill: Action = (world) => {
  world.event("kill");
  Atomics.store(world.death, 0, 1);
};

/** The system ends the processes that there are, or the next one, whatever it is at. */
const killProcess: Action = (world, c) => {
  const [later, patience] = [c.below(300), 60];
  const kill = async (): Promise<void> => {
    for (let i = 0; i < patience && readdirSync(world.processes).length === 0; i++) await pause(10);
    if (readdirSync(world.processes).length > 0) await pause(later);
    for (const number of readdirSync(world.processes)) {
      rmSync(join(world.processes, number), { force: true });
      try {
        process.kill(Number(number), "SIGKILL");
        world.event("kill process");
      } catch {
        // It has ended already.
      }
    }
  };
  if (world.apart > 0) world.ending.push(kill());
};

/** A window closes, and another one opens. */
const reload: Action = (world, c) => {
  world.event("reload");
  const at = c.below(world.clients.length);
  const [closed] = world.clients.splice(at, 1, world.open());
  if (closed !== undefined) world.ending.push(closed.dispose());
};

/** What is wrong with an explanation, whatever model it is of: pieces of two models that got mixed would show. */
function unfit({ model, results }: Explanation): string | undefined {
  if (results.length === 0) return "an explanation without results";
  const names = new Set(model.inputs.map((i) => i.name));
  for (const { attributions, delta, score, baselineScore } of results) {
    const known = Object.keys(attributions).some((name) => names.has(name));
    if (known && !Object.keys(attributions).every((name) => names.has(name)))
      return `credits of ${Object.keys(attributions).join()} for inputs ${[...names].join()}`;
    if (Object.values(attributions).some(({ dims, data }) => dims.reduce((n, d) => n * d, 1) !== data.length)) return "credits whose number is not their dims'";
    if (typeof delta === "number" && score !== null && baselineScore !== null && known) {
      const sum = Object.values(attributions).reduce((s, { data }) => s + data.reduce((p, x) => p + x, 0), 0);
      if (!(Math.abs(sum - (score - baselineScore) - delta) <= 1e-4 * Math.max(1, Math.abs(score)))) return "credits, scores and delta are not of one run";
    }
  }
  return undefined;
}

function readFileSafely(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Runs `count` interleavings from a seed on: random calls, cancellations, files that change, threads that die and windows that close, with random pauses. */
export async function soakInterleavings(count: number, seed: number, worker: string, examples: string): Promise<InterleavingReport> {
  const tally: World["tally"] = { outcomes: {}, events: {}, failures: [] };
  const actions: readonly Action[] = [
    explain,
    explain,
    explain,
    other,
    other,
    cancel,
    cancelLast,
    refine,
    replace,
    damage,
    remove,
    restore(examples),
    restore(examples),
    kill,
    killProcess,
    reload,
  ];
  const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  setEnvironmentData(deathKey, flag);
  const death = new Int32Array(flag);
  const before = handles().length;
  for (let k = 0; k < count; k++) {
    const c = choices(seed + k);
    Atomics.store(death, 0, 0);
    const apart = c.chance(0.3) ? 1 + c.below(3) : 0;
    const world = new World(seed + k, worker, apart, death, examples, c.chance(0.4) ? 2 : 1, tally);
    for (let i = 3 + c.below(8); i > 0; i--) {
      c.of(apart > 0 ? [...actions, killProcess, killProcess] : actions)(world, c);
      if (c.chance(0.7)) await pause(c.chance(0.8) ? c.below(20) : c.below(120));
    }
    await world.end();
    // A handle is closed a turn of the loop after its thread or process ended.
    for (let turn = 0; turn < 50 && handles().length > before; turn++) await pause(2);
    const left = handles().length - before;
    if (left > 0) world.fail(`${left} threads, processes or channels are left (${handles().join(", ")})`);
    if ((k + 1) % told === 0) console.error(`  ${k + 1} of the ${count} from seed ${seed} on`);
  }
  return tally;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Threads, processes and channels that keep this process busy. */
function handles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => /worker|messageport|process/i.test(kind));
}
