import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Which models ended the process they ran in. */
export interface CrashMemory {
  /** Whether the file as it is now has crashed a process before. */
  crashed(file: string): boolean;
  remember(file: string): void;
  /** Notes what is being worked on in this process; undefined takes the note back. A note that is left behind tells of a crash. */
  running(file: string | undefined): void;
  /** Models that were being worked on when a former process ended without taking its notes back. */
  readonly found: readonly string[];
}

/** So many models are remembered; the oldest are forgotten. */
const mostRemembered = 200;
const crashedName = "crashed.json";
const note = /^running-(\d+)\.json$/;

interface Crash {
  readonly file: string;
  /** A file that was replaced is another one. */
  readonly stamp: string;
}

/**
 * A crash memory in a folder. Notes are written at once, because a process that crashes writes nothing any more. Where nothing can be written, nothing is
 * remembered. Two windows share the folder: each has notes of its own, and only those of processes that are gone are read.
 */
export function createCrashMemory(folder: string): CrashMemory {
  const place = join(folder, crashedName);
  const own = join(folder, `running-${process.pid}.json`);

  const known = (): readonly Crash[] => read(place).flatMap((x) => (isCrash(x) ? [x] : []));
  const remember = (file: string): void => {
    const crash = { file, stamp: stampOf(file) };
    write(place, [...known().filter((other) => other.file !== file), crash].slice(-mostRemembered));
  };

  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // Said by what follows: nothing is remembered.
  }
  const found = [...new Set(leftBehind(folder))];
  for (const file of found) remember(file);
  return {
    found,
    crashed: (file) => known().some((crash) => crash.file === file && crash.stamp === stampOf(file)),
    remember,
    running: (file) => (file === undefined ? remove(own) : write(own, [file])),
  };
}

/** The notes of processes that are gone, which are read once. */
function leftBehind(folder: string): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const pid = Number(note.exec(name)?.[1] ?? NaN);
    // A note under the number of this process was written by one that had the number before.
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) return [];
    const files = read(join(folder, name)).filter((x): x is string => typeof x === "string");
    remove(join(folder, name));
    return files;
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of someone else's may not be asked.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isCrash(x: unknown): x is Crash {
  return typeof x === "object" && x !== null && "file" in x && typeof x.file === "string" && "stamp" in x && typeof x.stamp === "string";
}

function stampOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return "none";
  }
}

function read(file: string): readonly unknown[] {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(content) ? content : [];
  } catch {
    return [];
  }
}

function write(file: string, content: readonly unknown[]): void {
  try {
    writeFileSync(file, JSON.stringify(content));
  } catch {
    // A full or read-only disk must not keep a model from running.
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // As in `write`.
  }
}
