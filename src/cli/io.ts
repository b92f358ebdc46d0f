/** Where a command writes: lines to stdout and stderr, and whether a person watches. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Progress: drawn over on the terminal, nothing elsewhere. "" clears it. */
  status(text: string): void;
  readonly signal: AbortSignal;
}

/** The process's own streams. Progress goes to stderr and only when it is a terminal and nobody asked for quiet. */
export function processIo(signal: AbortSignal, quiet: boolean): Io {
  const shown = process.stderr.isTTY && !quiet;
  const status = (text: string): void => {
    if (shown) process.stderr.write(`\r\u001b[2K${text}`);
  };
  return {
    out: (text) => {
      status("");
      process.stdout.write(`${text}\n`);
    },
    err: (text) => {
      status("");
      process.stderr.write(`${text}\n`);
    },
    status,
    signal,
  };
}
