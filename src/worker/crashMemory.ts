import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathKey, samePath } from "../base/samePath.js";

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
const crashName = /^crash-[0-9a-f]{16}\.json$/;
const note = /^running-(\d+)\.json$/;

interface Crash {
  readonly file: string;
  /** A file that was replaced is another one. */
  readonly stamp: string;
}

/**
 * A crash memory in a folder. Notes are written at once, because a process that crashes writes nothing any more. Where nothing can be written, nothing is
 * remembered. Windows share the folder: each has notes of its own, of which only those of processes that are gone are read, and every crash has a file of its own.
 */
export function createCrashMemory(folder: string): CrashMemory {
  const own = join(folder, `running-${process.pid}.json`);
  const placeOf = (file: string): string => join(folder, `crash-${createHash("sha256").update(pathKey(file)).digest("hex").slice(0, 16)}.json`);

  const crashed = (file: string): boolean => {
    const [crash] = read(placeOf(file));
    return isCrash(crash) && samePath(crash.file, file) && crash.stamp === stampOf(file);
  };
  const remember = (file: string): void => {
    write(placeOf(file), [{ file, stamp: stampOf(file) } satisfies Crash]);
    forgetOldest(folder);
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
    crashed,
    remember,
    running: (file) => (file === undefined ? remove(own) : write(own, [file])),
  };
}

function forgetOldest(folder: string): void {
  const crashes = names(folder).filter((name) => crashName.test(name));
  if (crashes.length <= mostRemembered) return;
  const age = new Map(crashes.map((name) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0]));
  const newest = crashes.sort((a, b) => (age.get(b) ?? 0) - (age.get(a) ?? 0));
  for (const name of newest.slice(mostRemembered)) remove(join(folder, name));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The notes of processes that are gone, which are read once. */
function leftBehind(folder: string): string[] {
  return names(folder).flatMap((name) => {
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
  const unfinished = `${file}.${process.pid}`;
  try {
    // Another window never reads half of it.
    writeFileSync(unfinished, JSON.stringify(content));
    renameSync(unfinished, file);
  } catch {
    remove(unfinished);
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
