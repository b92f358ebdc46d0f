import { ExplainError } from "../base/diagnostic.js";
import type { Limits } from "../base/limits.js";
import type { FromWorker, Progress, ToWorker, WorkerCall } from "../protocol/rpc.js";
import type { Death, ServiceHost, StartHost } from "./serviceHost.js";

/** How a caller follows and stops one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** A host and the calls that it answers, one after the other. */
export interface Lane {
  /** Settles always: with the value, with an ExplainError, or with the CANCELLED one. */
  call(file: string, request: (id: number) => WorkerCall, options: CallOptions, limits: Limits): Promise<unknown>;
  /** Whether a host is running: one that is not has nothing to forget. */
  readonly running: boolean;
  /** Cancels what runs, lets the host finish the step it is in, and settles when it has ended. Later calls are rejected. */
  dispose(): Promise<void>;
}

interface Pending {
  /** What the call is about: a model, or a file of samples. */
  readonly file: string;
  /** As it was sent, for sending it again to another host. */
  readonly message: Extract<ToWorker, { readonly kind: "call" }>;
  readonly progress: (progress: Progress) => void;
  resolve(value: unknown): void;
  reject(error: ExplainError): void;
  /** Where it is now; undefined before it was sent. */
  on: Running | undefined;
}

interface Running {
  readonly host: ServiceHost;
  /** Calls the host has not answered yet, also those whose caller has gone, in the order it takes them: it is idle when there are none. */
  readonly unanswered: Map<number, Pending>;
  readonly ended: Promise<void>;
}

/** What a lane tells, and how patient it is. */
export interface LaneEvents {
  /** What the host works on from now on; undefined when it has nothing to do. */
  readonly working?: (file: string | undefined) => void;
  /** The error of the call that ran when the host died. */
  readonly died: (death: Death, file: string) => ExplainError;
  /** The host did not come back from a call that was cancelled, and was given up. */
  readonly gaveUp?: (file: string) => void;
  /** Milliseconds that a cancelled call may go on inside the runtime, where nothing can stop it. Default 10 seconds. */
  readonly patience?: number | undefined;
}

const usualPatience = 10_000;

/**
 * A lane whose host is started at the first call and again after it died or was given up. A call that had not begun by then is asked again of the new host; behind
 * a thread that died by itself nothing is, as what killed it (memory) is likely to hit the next one too.
 */
export function createLane(start: StartHost, file: string | URL, { working, died, gaveUp, patience = usualPatience }: LaneEvents): Lane {
  let current: Running | undefined;
  let nextId = 1;
  let disposed = false;
  let worksOn: string | undefined;

  /** Calls are answered in the order they came: the first of them is the one that runs. */
  function tell(): void {
    const [first] = current?.unanswered.values() ?? [];
    if (first?.file !== worksOn) working?.((worksOn = first?.file));
  }

  function launch(): Running {
    const unanswered = new Map<number, Pending>();
    let settle = (): void => undefined;
    const ended = new Promise<void>((resolve) => (settle = resolve));
    const receive = (message: FromWorker): void => {
      const pending = unanswered.get(message.id);
      if (pending === undefined) return;
      if (message.kind === "progress") return pending.progress(message.progress);
      unanswered.delete(message.id);
      tell();
      // An idle host must not keep a finished command-line program alive.
      if (unanswered.size === 0 && !disposed) host.unref();
      if (message.kind === "value") pending.resolve(message.value);
      else pending.reject(toError(message.diagnostic));
    };
    const host = start(file, receive, (death) => {
      if (current?.host === host) current = undefined;
      const [first, ...waiting] = unanswered.values();
      unanswered.clear();
      if (first !== undefined) {
        const error = died(death, first.file);
        first.reject(error);
        if (host.kill !== undefined && !disposed) waiting.forEach(send);
        else for (const pending of waiting) pending.reject(error);
      }
      tell();
      settle();
    });
    return { host, unanswered, ended };
  }

  function send(pending: Pending): void {
    try {
      current ??= launch();
    } catch (reason) {
      // No thread can be had, or the file's name is none.
      pending.reject(died({ reason, code: null, signal: null }, pending.file));
      return;
    }
    pending.on = current;
    current.unanswered.set(pending.message.call.id, pending);
    tell();
    current.host.ref();
    current.host.post(pending.message);
  }

  /** A host that is inside the runtime still, long after its call was cancelled, keeps no one else waiting. A thread closes itself if ever it comes back. */
  function giveUp(running: Running): void {
    const [first, ...waiting] = running.unanswered.values();
    if (current !== running || first === undefined) return;
    current = undefined;
    for (const pending of waiting) running.unanswered.delete(pending.message.call.id);
    gaveUp?.(first.file);
    if (running.host.kill === undefined) {
      running.host.post({ kind: "close" });
      running.host.unref();
    } else running.host.kill();
    waiting.forEach(send);
    tell();
  }

  return {
    get running() {
      return current !== undefined;
    },
    call(about, request, { signal, progress }, limits) {
      if (disposed) return Promise.reject(new ExplainError("CANCELLED", "The window is closing."));
      if (signal?.aborted === true) return Promise.reject(cancelled());
      const id = nextId++;
      const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      return new Promise<unknown>((resolve, reject) => {
        const stop = (): void => {
          Atomics.store(new Int32Array(flag), 0, 1);
          const { on } = pending;
          on?.host.post({ kind: "cancel", id });
          setTimeout(() => {
            const [first] = on?.unanswered.values() ?? [];
            if (on !== undefined && first === pending) giveUp(on);
          }, patience).unref();
          reject(cancelled());
        };
        let over = false;
        const settled = (): void => {
          over = true;
          signal?.removeEventListener("abort", stop);
        };
        signal?.addEventListener("abort", stop, { once: true });
        const pending: Pending = {
          on: undefined,
          file: about,
          message: { kind: "call", call: request(id), limits, flag },
          progress: (step) => {
            // The host may be at its work still after the call was rejected.
            if (!over && signal?.aborted !== true) progress?.(step);
          },
          resolve: (value) => (settled(), resolve(value)),
          reject: (error) => (settled(), reject(error)),
        };
        send(pending);
      });
    },
    async dispose() {
      disposed = true;
      if (current === undefined) return;
      const { host, unanswered, ended } = current;
      for (const pending of unanswered.values()) {
        Atomics.store(new Int32Array(pending.message.flag), 0, 1);
        pending.reject(cancelled());
      }
      host.ref();
      host.post({ kind: "close" });
      await ended;
    },
  };
}

function cancelled(): ExplainError {
  return new ExplainError("CANCELLED", "Cancelled.");
}

/** An error that crossed the boundary is its diagnostic; here it becomes one that can be thrown again. */
function toError({ code, message, severity: _, ...details }: Extract<FromWorker, { kind: "error" }>["diagnostic"]): ExplainError {
  return new ExplainError(code, message, details);
}
