import { AsyncLocalStorage } from "node:async_hooks";
import { totalmem } from "node:os";
import { ExplainError, type Diagnostic, type DiagnosticCode } from "./diagnostic.js";

interface LimitEntry {
  readonly default: number;
  /** The largest value that makes sense: what the machinery below can hold at all. */
  readonly most: number;
  readonly unit: string;
  /** What is limited, as the setting describes it. */
  readonly what: string;
}

/**
 * What a file from a stranger may ask of the machine. Each is a setting `explainPrediction.limits.NAME` and an option `--limit NAME=N`; a refusal names both.
 * The numbers are far above what published models and their samples need.
 */
export const limitTable = {
  modelMegabytes: { default: 8192, most: 1_048_576, unit: "MB", what: "a model file together with its external weights" },
  sampleMegabytes: {
    default: 512,
    most: 2047,
    unit: "MB",
    what: "a sample file that has to be read whole (JSON, NumPy, Parquet, archives), packed and unpacked",
  },
  mediaMegabytes: { default: 256, most: 2047, unit: "MB", what: "a picture or sound file" },
  pixels: { default: 50_000_000, most: 268_000_000, unit: "pixels", what: "a picture" },
  soundSamples: { default: 115_200_000, most: 1_000_000_000, unit: "samples", what: "a sound, all channels together" },
  folderFiles: { default: 200_000, most: 10_000_000, unit: "files", what: "a folder of samples" },
  rows: { default: 1_000_000, most: 100_000_000, unit: "rows", what: "one request" },
  tokens: { default: 100_000, most: 10_000_000, unit: "tokens", what: "a text, padding included" },
  tensorMegabytes: { default: 2048, most: 65_536, unit: "MB", what: "one tensor that a sample fills or a model holds in its own file" },
  unrollSteps: { default: 4096, most: 1_000_000, unit: "steps", what: "a recurrence (LSTM, GRU, RNN) that is laid out for its derivative" },
  planNodes: { default: 500_000, most: 10_000_000, unit: "nodes", what: "a graph that a method runs, loops laid out" },
  memoryMegabytes: { default: 0, most: 16_777_216, unit: "MB", what: "the estimated memory of one run; 0: what the machine has" },
} as const satisfies Readonly<Record<string, LimitEntry>>;

export type LimitName = keyof typeof limitTable;

export const limitNames = Object.keys(limitTable) as readonly LimitName[];

/** Limits that differ from the table's. */
export type Limits = Readonly<Partial<Record<LimitName, number>>>;

const current = new AsyncLocalStorage<Limits>();

/** What holds while `run` works, in everything that it calls and awaits. */
export function withLimits<T>(limits: Limits, run: () => T): T {
  return current.run(limits, run);
}

/** All that were set where this is called, to be handed on to another thread. */
export function limitsHere(): Limits {
  return current.getStore() ?? {};
}

/** The limit that holds here. */
export function limitOf(name: LimitName): number {
  return current.getStore()?.[name] ?? limitTable[name].default;
}

/** Megabytes that one run may take: the setting's, or what the machine has. */
export function memoryHere(): number {
  const set = limitOf("memoryMegabytes");
  return set === 0 ? totalmem() / megabyte : set;
}

/** A limit's value from a setting or an argument: a whole number from 1 (from 0 where 0 is the default); undefined for anything else. */
export function readLimit(name: LimitName, value: unknown): number | undefined {
  const { default: usual, most } = limitTable[name];
  const least = usual === 0 ? 0 : 1;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined;
}

/** The refusal of what is beyond a limit: how much was found, how much may be, and where that is set. `found` is in the limit's unit. */
export function overLimit(
  name: LimitName,
  what: string,
  found: number,
  {
    code = "LIMIT_EXCEEDED",
    limit = limitOf(name),
    ...details
  }: Partial<Omit<Diagnostic, "message" | "severity">> & { code?: DiagnosticCode; limit?: number } = {},
): ExplainError {
  const { unit } = limitTable[name];
  const advice = details.hint === undefined ? "" : `${details.hint} `;
  return new ExplainError(code, `${what} ${shown(found)} ${unit}; the limit is ${shown(limit)}.`, {
    ...details,
    hint: `${advice}The limit is the setting explainPrediction.limits.${name}, on the command line --limit ${name}=N.`,
  });
}

function shown(n: number): string {
  return Number.isSafeInteger(Math.ceil(n)) ? String(Math.ceil(n)) : n === Infinity ? "more than can be counted" : n.toExponential(1);
}

export const megabyte = 2 ** 20;
