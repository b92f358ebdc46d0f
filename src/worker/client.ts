import { basename } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { Limits } from "../base/limits.js";
import { isOutOfMemory, memoryHint } from "../base/outOfMemory.js";
import type { WorkerApi, WorkerCall } from "../protocol/rpc.js";
import type { CrashMemory } from "./crashMemory.js";
import { createLane, type CallOptions } from "./lane.js";
import { missingRuntime } from "./missingRuntime.js";
import { startProcess } from "./processHost.js";
import type { Death } from "./serviceHost.js";
import { startThread } from "./threadHost.js";

export type { CallOptions } from "./lane.js";

/** WorkerApi as its callers see it. Every call settles: with its value, with an ExplainError, or with the CANCELLED one. */
export type WorkerClient = {
  readonly [K in keyof WorkerApi]: (args: Parameters<WorkerApi[K]>, options?: CallOptions) => Promise<ReturnType<WorkerApi[K]>>;
} & {
  /** Cancels what runs, lets the thread finish the step it is in, and settles when it has ended. Later calls are rejected. */
  dispose(): Promise<void>;
};

/** Where a file's calls run: in a thread of this process, or in a process of its own that a crash can't leave. */
export type Isolation = "thread" | "process";

/** What a client is told beyond the worker's file. */
export interface ClientOptions {
  /** Asked before every call, with the model (or the file) that it is about. Default: a thread. */
  readonly isolation?: (file: string) => Isolation;
  /** Asked before every call. Default: those of the table. */
  readonly limits?: () => Limits;
  /** Milliseconds that a cancelled call may go on inside the runtime before its thread or process is given up. Default 10 seconds. */
  readonly patience?: number;
  /** Where crashes are kept; without it none are. */
  readonly crashes?: CrashMemory;
}

/**
 * Runs calls on one worker thread, and those that have to be kept apart in one process; each is started at its first call and again after it died.
 * @param file the worker's built file
 */
export function createWorkerClient(file: string | URL, { isolation, limits = () => ({}), patience, crashes }: ClientOptions = {}): WorkerClient {
  const remember = (about: string): void => crashes?.remember(about);
  const thread = createLane(startThread, file, {
    // A thread that crashes takes this process along: the note has to be there before.
    working: (about) => crashes?.running(about),
    died: (death, about) => missingRuntime(death.reason) ?? (remember(about), threadDeath(death)),
    gaveUp: remember,
    patience,
  });
  const process = createLane(startProcess, file, { died: (death, about) => (remember(about), processDeath(death, about)), patience });

  function call(request: (id: number) => WorkerCall, options: CallOptions): Promise<unknown> {
    const about = fileOf(request(0));
    return (isolation?.(about) === "process" ? process : thread).call(about, request, options, limits());
  }

  /** Both may have the model open. */
  async function forget(args: Parameters<WorkerApi["forget"]>, options: CallOptions = {}): Promise<null> {
    const lanes = [thread, process].filter((lane) => lane.running);
    for (const lane of lanes.length === 0 ? [thread] : lanes) await lane.call(args[0], (id) => ({ id, method: "forget", args }), options, {});
    return null;
  }

  // One line a method: TypeScript can't follow that a method's name and its arguments belong together through one generic function.
  return {
    inspect: (args, options = {}) => call((id) => ({ id, method: "inspect", args }), options) as Promise<ReturnType<WorkerApi["inspect"]>>,
    samples: (args, options = {}) => call((id) => ({ id, method: "samples", args }), options) as Promise<ReturnType<WorkerApi["samples"]>>,
    explain: (args, options = {}) => call((id) => ({ id, method: "explain", args }), options) as Promise<ReturnType<WorkerApi["explain"]>>,
    layers: (args, options = {}) => call((id) => ({ id, method: "layers", args }), options) as Promise<ReturnType<WorkerApi["layers"]>>,
    activations: (args, options = {}) => call((id) => ({ id, method: "activations", args }), options) as Promise<ReturnType<WorkerApi["activations"]>>,
    outline: (args, options = {}) => call((id) => ({ id, method: "outline", args }), options) as Promise<ReturnType<WorkerApi["outline"]>>,
    traces: (args, options = {}) => call((id) => ({ id, method: "traces", args }), options) as Promise<ReturnType<WorkerApi["traces"]>>,
    ranges: (args, options = {}) => call((id) => ({ id, method: "ranges", args }), options) as Promise<ReturnType<WorkerApi["ranges"]>>,
    predictions: (args, options = {}) => call((id) => ({ id, method: "predictions", args }), options) as Promise<ReturnType<WorkerApi["predictions"]>>,
    flip: (args, options = {}) => call((id) => ({ id, method: "flip", args }), options) as Promise<ReturnType<WorkerApi["flip"]>>,
    sidecar: (args, options = {}) => call((id) => ({ id, method: "sidecar", args }), options) as Promise<ReturnType<WorkerApi["sidecar"]>>,
    examples: (args, options = {}) => call((id) => ({ id, method: "examples", args }), options) as Promise<ReturnType<WorkerApi["examples"]>>,
    sampleTable: (args, options = {}) => call((id) => ({ id, method: "sampleTable", args }), options) as Promise<ReturnType<WorkerApi["sampleTable"]>>,
    predictionCheck: (args, options = {}) =>
      call((id) => ({ id, method: "predictionCheck", args }), options) as Promise<ReturnType<WorkerApi["predictionCheck"]>>,
    companions: (args, options = {}) => call((id) => ({ id, method: "companions", args }), options) as Promise<ReturnType<WorkerApi["companions"]>>,
    compile: (args, options = {}) => call((id) => ({ id, method: "compile", args }), options) as Promise<ReturnType<WorkerApi["compile"]>>,
    batchPlan: (args, options = {}) => call((id) => ({ id, method: "batchPlan", args }), options) as Promise<ReturnType<WorkerApi["batchPlan"]>>,
    batchPiece: (args, options = {}) => call((id) => ({ id, method: "batchPiece", args }), options) as Promise<ReturnType<WorkerApi["batchPiece"]>>,
    batchJoin: (args, options = {}) => call((id) => ({ id, method: "batchJoin", args }), options) as Promise<ReturnType<WorkerApi["batchJoin"]>>,
    clusterSummary: (args, options = {}) => call((id) => ({ id, method: "clusterSummary", args }), options) as Promise<ReturnType<WorkerApi["clusterSummary"]>>,
    forget,
    dispose: async () => void (await Promise.all([thread.dispose(), process.dispose()])),
  };
}

/** What a call is about: its first argument is a file, a request with one, or a plan with a request. */
function fileOf({ args: [first] }: WorkerCall): string {
  return typeof first === "string" ? first : "model" in first ? first.model : first.request.model;
}

function threadDeath({ reason, code }: Death): ExplainError {
  const cause = reason instanceof Error ? reason.message : `exit code ${code}`;
  if (isOutOfMemory(reason)) return outOfMemory("What was asked needs more memory than there is", cause);
  return new ExplainError("WORKER_DIED", `The process that runs models ended unexpectedly (${cause}).`, {
    hint: "Try again: it is started anew. A model that is larger than the free memory ends it every time.",
  });
}

function processDeath({ reason, code, signal }: Death, file: string): ExplainError {
  const how = signal ?? (code === null ? "it could not be started" : `exit code ${code}`);
  const cause = reason instanceof Error ? `${how}: ${reason.message}` : how;
  if (isOutOfMemory(reason)) return outOfMemory(`${basename(file)} needs more memory than there is`, cause);
  return new ExplainError("WORKER_DIED", `${basename(file)} ended the process that it ran in (${cause}).`, {
    hint:
      signal === "SIGKILL"
        ? "Nothing else was affected, and the process is started anew when you try again. The system ends a process like this when memory runs out."
        : "Nothing else was affected, and the process is started anew when you try again. ONNX Runtime crashed on this model: it may be damaged.",
  });
}

/** A host whose heap reached its limit ended alone: the next call starts another. */
function outOfMemory(what: string, cause: string): ExplainError {
  return new ExplainError("OUT_OF_MEMORY", `${what}; what it ran in was ended (${cause}).`, { hint: `The next call is answered again. ${memoryHint}` });
}
