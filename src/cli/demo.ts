import type { Io } from "./io.js";

export const demoHelp = `explain-prediction demo`;

/** Explains the bundled example. */
export function demo(_args: readonly string[], io: Io): Promise<number> {
  io.out("");
  return Promise.resolve(0);
}
