/** Where a thread is asked for its memory. */
export const memoryChannel = "soak memory";
/** Under which name the threads get the shared flag that makes one of them end. */
export const deathKey = "soak death";
/** The variable that names the folder in which processes of the worker leave their numbers. */
export const processesKey = "SOAK_PROCESSES";

/** Bytes in use on one thread after collecting garbage. Needs --expose-gc. */
export interface ThreadMemory {
  readonly heap: number;
  /** What typed arrays hold. */
  readonly buffers: number;
}

export function memoryNow(): ThreadMemory {
  // Twice: what finalizers let go is garbage only then.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, buffers: external };
}
