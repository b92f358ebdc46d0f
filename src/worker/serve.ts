import type { CancelSignal } from "../base/cancellation.js";
import { ExplainError, toDiagnostic } from "../base/diagnostic.js";
import { withLimits, type Limits } from "../base/limits.js";
import type { FromWorker, Progress, ToWorker, WorkerApi, WorkerCall } from "../protocol/rpc.js";
import { missingRuntime } from "./missingRuntime.js";

/** What a running call reports to and is stopped by. */
export interface CallContext {
  readonly signal: CancelSignal;
  progress(progress: Progress): void;
}

/** The logic behind WorkerApi, without any thread. */
export type ServedApi = {
  readonly [K in keyof WorkerApi]: (context: CallContext, ...args: Parameters<WorkerApi[K]>) => Promise<ReturnType<WorkerApi[K]>>;
} & { dispose(): Promise<void> };

/** The thread's end of the channel: worker_threads' MessagePort has it. */
export interface Port {
  postMessage(message: FromWorker): void;
  on(event: "message", listener: (message: ToWorker) => void): unknown;
  close(): void;
}

interface Job {
  readonly call: WorkerCall;
  readonly limits: Limits;
  readonly flag: Int32Array;
}

/**
 * Answers calls one at a time, in the order they came: there is one runtime, and it blocks the thread while it works.
 * The service is made at the first call, so that a runtime that can't be loaded is that call's answer and not the thread's death.
 */
export function serve(port: Port, makeService: () => Promise<ServedApi>): void {
  const waiting: Job[] = [];
  let service: Promise<ServedApi> | undefined;
  let busy = false;
  let closing = false;

  const fail = (id: number, error: unknown): void => port.postMessage({ kind: "error", id, diagnostic: toDiagnostic(missingRuntime(error) ?? error) });
  const cancelled = new ExplainError("CANCELLED", "Cancelled.");

  async function answer({ call, limits, flag }: Job): Promise<void> {
    const { id } = call;
    const context: CallContext = {
      signal: {
        get aborted() {
          return Atomics.load(flag, 0) !== 0;
        },
      },
      progress: (progress) => port.postMessage({ kind: "progress", id, progress }),
    };
    try {
      if (context.signal.aborted) throw cancelled;
      const made = await (service ??= makeService());
      port.postMessage({ kind: "value", id, value: await withLimits(limits, () => dispatch(made, context, call)) });
    } catch (error) {
      fail(id, error);
    }
  }

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await answer(job);
    busy = false;
    if (closing) await close();
  }

  async function close(): Promise<void> {
    const made = await service?.catch(() => undefined);
    await made?.dispose();
    port.close();
  }

  port.on("message", (message) => {
    switch (message.kind) {
      case "call":
        waiting.push({ call: message.call, limits: message.limits, flag: new Int32Array(message.flag) });
        break;
      case "cancel": {
        const index = waiting.findIndex((job) => job.call.id === message.id);
        if (index >= 0) for (const job of waiting.splice(index, 1)) fail(job.call.id, cancelled);
        return;
      }
      case "close":
        closing = true;
        break;
    }
    void work();
  });
}

function dispatch(service: ServedApi, context: CallContext, call: WorkerCall): Promise<unknown> {
  switch (call.method) {
    case "inspect":
      return service.inspect(context, ...call.args);
    case "samples":
      return service.samples(context, ...call.args);
    case "explain":
      return service.explain(context, ...call.args);
    case "layers":
      return service.layers(context, ...call.args);
    case "activations":
      return service.activations(context, ...call.args);
    case "outline":
      return service.outline(context, ...call.args);
    case "traces":
      return service.traces(context, ...call.args);
    case "ranges":
      return service.ranges(context, ...call.args);
    case "predictions":
      return service.predictions(context, ...call.args);
    case "flip":
      return service.flip(context, ...call.args);
    case "sidecar":
      return service.sidecar(context, ...call.args);
    case "examples":
      return service.examples(context, ...call.args);
    case "sampleTable":
      return service.sampleTable(context, ...call.args);
    case "predictionCheck":
      return service.predictionCheck(context, ...call.args);
    case "companions":
      return service.companions(context, ...call.args);
    case "compile":
      return service.compile(context, ...call.args);
    case "batchPlan":
      return service.batchPlan(context, ...call.args);
    case "batchPiece":
      return service.batchPiece(context, ...call.args);
    case "batchJoin":
      return service.batchJoin(context, ...call.args);
    case "clusterSummary":
      return service.clusterSummary(context, ...call.args);
    case "forget":
      return service.forget(context, ...call.args);
  }
}
