import { Worker } from "node:worker_threads";
import { ExplainError } from "../base/diagnostic.js";
import type { FromWorker, Progress, ToWorker, WorkerApi, WorkerCall } from "../protocol/rpc.js";
import { missingRuntime } from "./missingRuntime.js";

/** How a caller follows and stops one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** WorkerApi as its callers see it. Every call settles: with its value, with an ExplainError, or with the CANCELLED one. */
export type WorkerClient = {
  readonly [K in keyof WorkerApi]: (args: Parameters<WorkerApi[K]>, options?: CallOptions) => Promise<ReturnType<WorkerApi[K]>>;
} & {
  /** Cancels what runs, lets the thread finish the step it is in, and settles when it has ended. Later calls are rejected. */
  dispose(): Promise<void>;
};

interface Pending {
  readonly flag: Int32Array;
  readonly progress: ((progress: Progress) => void) | undefined;
  resolve(value: unknown): void;
  reject(error: ExplainError): void;
}

interface Thread {
  readonly worker: Worker;
  /** Calls the thread has not answered yet, also those whose caller has gone: the thread is idle when there are none. */
  readonly unanswered: Map<number, Pending>;
  readonly ended: Promise<void>;
}

/**
 * Runs calls on one worker thread, started at the first call and again after it died.
 * A thread is never terminated: ending one inside ONNX Runtime aborts the whole process. It is asked to close, and does so when idle.
 * @param file the worker's built file
 */
export function createWorkerClient(file: string | URL): WorkerClient {
  let thread: Thread | undefined;
  let nextId = 1;
  let disposed = false;

  function start(): Thread {
    const worker = new Worker(file);
    const unanswered = new Map<number, Pending>();
    let reason: unknown;
    const ended = new Promise<void>((resolve) => {
      worker.on("error", (error) => (reason = error));
      worker.on("exit", (code) => {
        if (thread?.worker === worker) thread = undefined;
        for (const pending of unanswered.values()) pending.reject(deathOf(reason, code));
        unanswered.clear();
        resolve();
      });
    });
    worker.on("message", (message: FromWorker) => {
      const pending = unanswered.get(message.id);
      if (pending === undefined) return;
      if (message.kind === "progress") return pending.progress?.(message.progress);
      unanswered.delete(message.id);
      // An idle thread must not keep a finished command-line program alive.
      if (unanswered.size === 0 && !disposed) worker.unref();
      if (message.kind === "value") pending.resolve(message.value);
      else pending.reject(toError(message.diagnostic));
    });
    return { worker, unanswered, ended };
  }

  function call(request: (id: number) => WorkerCall, options: CallOptions): Promise<unknown> {
    const { signal, progress } = options;
    if (disposed) return Promise.reject(new ExplainError("CANCELLED", "The window is closing."));
    if (signal?.aborted === true) return Promise.reject(cancelled());
    const target = (thread ??= start());
    const id = nextId++;
    const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const post = (message: ToWorker): void => target.worker.postMessage(message);
    const answer = new Promise<unknown>((resolve, reject) => {
      const stop = (): void => {
        Atomics.store(new Int32Array(flag), 0, 1);
        post({ kind: "cancel", id });
        reject(cancelled());
      };
      const settled = (): void => signal?.removeEventListener("abort", stop);
      signal?.addEventListener("abort", stop, { once: true });
      target.unanswered.set(id, {
        flag: new Int32Array(flag),
        progress: (step) => {
          if (signal?.aborted !== true) progress?.(step);
        },
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
    });
    target.worker.ref();
    post({ kind: "call", call: request(id), flag });
    return answer;
  }

  async function dispose(): Promise<void> {
    disposed = true;
    if (thread === undefined) return;
    const { worker, unanswered, ended } = thread;
    for (const pending of unanswered.values()) {
      Atomics.store(pending.flag, 0, 1);
      pending.reject(cancelled());
    }
    worker.ref();
    worker.postMessage({ kind: "close" } satisfies ToWorker);
    await ended;
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
    sidecar: (args, options = {}) => call((id) => ({ id, method: "sidecar", args }), options) as Promise<ReturnType<WorkerApi["sidecar"]>>,
    examples: (args, options = {}) => call((id) => ({ id, method: "examples", args }), options) as Promise<ReturnType<WorkerApi["examples"]>>,
    sampleTable: (args, options = {}) => call((id) => ({ id, method: "sampleTable", args }), options) as Promise<ReturnType<WorkerApi["sampleTable"]>>,
    predictionCheck: (args, options = {}) =>
      call((id) => ({ id, method: "predictionCheck", args }), options) as Promise<ReturnType<WorkerApi["predictionCheck"]>>,
    companions: (args, options = {}) => call((id) => ({ id, method: "companions", args }), options) as Promise<ReturnType<WorkerApi["companions"]>>,
    forget: (args, options = {}) => call((id) => ({ id, method: "forget", args }), options) as Promise<ReturnType<WorkerApi["forget"]>>,
    dispose,
  };
}

function cancelled(): ExplainError {
  return new ExplainError("CANCELLED", "Cancelled.");
}

/** An error that crossed the thread boundary is its diagnostic; here it becomes one that can be thrown again. */
function toError({ code, message, severity: _, ...details }: Extract<FromWorker, { kind: "error" }>["diagnostic"]): ExplainError {
  return new ExplainError(code, message, details);
}

function deathOf(reason: unknown, code: number): ExplainError {
  const cause = reason instanceof Error ? reason.message : `exit code ${code}`;
  return (
    missingRuntime(reason) ??
    new ExplainError("WORKER_DIED", `The process that runs models ended unexpectedly (${cause}).`, {
      hint: "Try again: it is started anew. A model that is larger than the free memory ends it every time.",
    })
  );
}
