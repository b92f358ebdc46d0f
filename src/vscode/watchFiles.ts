import { unwatchFile, watchFile, type Stats } from "node:fs";

const intervalMilliseconds = 1000;

/**
 * Tells when one of a few files was written, replaced or removed. It compares file times rather than listening to the system's events:
 * those are lost on network drives, in containers, and when a file is replaced by renaming.
 * @returns the end of watching
 */
export function watchFiles(files: readonly string[], changed: (file: string) => void): { dispose(): void } {
  const watched = files.map((file) => {
    const listener = (now: Stats, before: Stats): void => {
      if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) changed(file);
    };
    watchFile(file, { interval: intervalMilliseconds, persistent: false }, listener);
    return () => unwatchFile(file, listener);
  });
  return { dispose: () => watched.forEach((end) => end()) };
}
