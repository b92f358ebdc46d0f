import type { FromWorker, ToWorker } from "../protocol/rpc.js";

/** How a host ended that was not asked to. */
export interface Death {
  /** What it threw, if it could still say so. */
  readonly reason?: unknown;
  readonly code: number | null;
  /** The system's signal that ended a process: SIGSEGV, SIGABRT, SIGKILL, … */
  readonly signal: string | null;
}

/** Where the service runs: a thread of this process, or a process of its own that native code can crash without harm to this one. */
export interface ServiceHost {
  post(message: ToWorker): void;
  /** Ends it at once; absent where that would take this process along. */
  kill?(): void;
  /** Keeps this process alive while there is something to wait for. */
  ref(): void;
  unref(): void;
}

/** Starts a host; `ended` is called exactly once. */
export type StartHost = (file: string | URL, receive: (message: FromWorker) => void, ended: (death: Death) => void) => ServiceHost;
