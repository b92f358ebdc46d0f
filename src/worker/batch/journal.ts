import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ExplainError } from "../../base/diagnostic.js";
import { resumable, writeError } from "../../base/writeError.js";
import { writeWhole } from "../../base/writeWhole.js";
import type { BatchPiece, BatchPlan } from "../../protocol/batch.js";

/** The folder beside a result where an unfinished run keeps what it has. */
export function partsFolder(out: string): string {
  return `${out}.parts`;
}

/** An unfinished run: its plan and its pieces. A piece is finished when its file has its name, which it gets last. */
export interface Journal {
  readonly plan: BatchPlan;
  readonly pieces: readonly BatchPiece[];
  /** Positions of pieces that are finished. */
  readonly done: ReadonlySet<number>;
  /** Lets another process continue the run. */
  release(): Promise<void>;
  /** Forgets the run. */
  remove(): Promise<void>;
}

const planFile = "plan.json";
const lockFile = "running";

/** The plan of an unfinished run at this place, if there is one. Throws SAMPLES_INVALID for one that can't be read. */
export async function unfinishedPlan(out: string): Promise<BatchPlan | undefined> {
  const file = join(partsFolder(out), planFile);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const plan = JSON.parse(text) as BatchPlan;
    if (plan.version === 1) return plan;
  } catch {
    // Said below, as for another version.
  }
  throw new ExplainError("SAMPLES_INVALID", `The unfinished run in ${basename(partsFolder(out))} was written by another version.`, {
    file,
    hint: "Delete the folder and start anew.",
  });
}

/** Begins a run: the folder and the plan are there before the first piece. Throws FILE_EXISTS where a run is unfinished already. */
export async function beginJournal(out: string, plan: BatchPlan): Promise<Journal> {
  const folder = partsFolder(out);
  // Not with the folders above it: one that is missing is more likely misspelt.
  await mkdir(folder).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw writeError(error, out, resumable);
  });
  await lock(folder);
  try {
    await writeWhole(join(folder, planFile), JSON.stringify(plan), resumable);
    return await journal(folder, plan);
  } catch (error) {
    await unlock(folder);
    throw error;
  }
}

/** Continues a run whose plan says the same as `plan`. Throws OPTION_INVALID with what differs. */
export async function continueJournal(out: string, before: BatchPlan, plan: BatchPlan): Promise<Journal> {
  const differs = differences(before, plan);
  if (differs.length > 0)
    throw new ExplainError("OPTION_INVALID", `The unfinished run can't be continued: ${differs.join(", ")} changed since it was begun.`, {
      file: partsFolder(out),
      hint: "Ask as before, or start anew with --restart, which deletes what the unfinished run has.",
    });
  const folder = partsFolder(out);
  await lock(folder);
  return journal(folder, before);
}

/** Deletes an unfinished run. */
export async function dropJournal(out: string): Promise<void> {
  await rm(partsFolder(out), { recursive: true, force: true });
}

async function journal(folder: string, plan: BatchPlan): Promise<Journal> {
  const pieces = Array.from({ length: Math.ceil(plan.total / plan.chunk) }, (_, i): BatchPiece => {
    const from = i * plan.chunk;
    return { from, count: Math.min(plan.chunk, plan.total - from), file: join(folder, `${String(i).padStart(8, "0")}.jsonl`) };
  });
  const there = new Set(await readdir(folder));
  return {
    plan,
    pieces,
    done: new Set(pieces.flatMap(({ file }, i) => (there.has(basename(file)) ? [i] : []))),
    release: () => unlock(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function differences(before: BatchPlan, now: BatchPlan): readonly string[] {
  const names = [...new Set([...Object.keys(before.fingerprints), ...Object.keys(now.fingerprints)])];
  const files = names
    .filter((name) => before.fingerprints[name] !== now.fingerprints[name])
    .map((name) => (name === "model" || name === "data" ? `the ${name}` : name));
  const asked = (plan: BatchPlan): string => digest([plan.asked, plan.request, plan.columns, plan.total]);
  return files.length > 0 ? files : asked(before) === asked(now) ? [] : ["the request"];
}

/** Of plain data; the order of an object's fields does not matter. */
function digest(value: unknown): string {
  const sorted = (_: string, item: unknown): unknown =>
    typeof item === "object" && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
  return createHash("sha256").update(JSON.stringify(value, sorted)).digest("hex");
}

/** Folders that this process works on. */
const working = new Set<string>();

/** Two runs in one folder would write the same pieces. A lock of a process that is gone counts for nothing. */
async function lock(folder: string): Promise<void> {
  if (working.has(folder)) throw busy(process.pid, folder);
  await take(folder);
  working.add(folder);
}

async function unlock(folder: string): Promise<void> {
  working.delete(folder);
  await unlink(join(folder, lockFile)).catch(() => undefined);
}

function busy(id: number, folder: string): ExplainError {
  return new ExplainError("FILE_EXISTS", `Process ${id} is working on this run.`, { file: folder, hint: "Wait for it, or end it and try again." });
}

/** Tries to take a lock so often: between two attempts another process has let go, or died. */
const attempts = 5;

async function take(folder: string): Promise<void> {
  const file = join(folder, lockFile);
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST") || attempt === attempts) throw error;
      const holder = await holderOf(file);
      if (alive(holder)) throw busy(holder, folder);
      await dropStale(file, holder, folder);
    }
  }
}

/** The process in a lock file; NaN where there is none. */
async function holderOf(file: string): Promise<number> {
  // One that takes the lock makes the file first and writes its number then.
  for (let look = 0; look < 20; look++) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return NaN;
    if (text !== "") return Number(text);
    await pause(25);
  }
  return NaN;
}

/** Takes away the lock of a process that is gone. Another one may have done so meanwhile and taken its place: what is moved away is looked at first. */
async function dropStale(file: string, holder: number, folder: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await holderOf(aside);
  if (!Object.is(moved, holder) && alive(moved)) {
    await rename(aside, file);
    throw busy(moved, folder);
  }
  await rm(aside, { force: true });
}

function alive(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return id !== process.pid;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
