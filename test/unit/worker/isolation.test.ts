import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { createWorkerClient, type Isolation, type WorkerClient } from "../../../src/worker/client.js";
import { createCrashMemory, type CrashMemory } from "../../../src/worker/crashMemory.js";
import { buildWorker, type WorkerFiles } from "./buildWorker.js";
import { crashingModel } from "./crashingModel.js";

const folder = mkdtempSync(join(tmpdir(), "explain-isolation-"));
let host: WorkerFiles;
const crashing = join(folder, "crashing.onnx");
const diabetes = resolve("examples/diabetes/model.onnx");
const crash: ExplainRequest = { model: crashing, values: { x: "[1,2,3,4]" } };
let client: WorkerClient | undefined;

beforeAll(async () => {
  writeFileSync(crashing, crashingModel());
  host = await buildWorker();
});
afterEach(() => client?.dispose());
afterAll(() => {
  rmSync(host.folder, { recursive: true });
  rmSync(folder, { recursive: true });
});

const memory = (name: string): CrashMemory => createCrashMemory(join(folder, name));
function open(isolation: (file: string) => Isolation, crashes?: CrashMemory): WorkerClient {
  client = createWorkerClient(host.worker, crashes === undefined ? { isolation } : { isolation, crashes });
  return client;
}

test("a model that crashes ONNX Runtime ends its own process: the call says so, what is asked next is answered by a new one, and it is remembered", async () => {
  const crashes = memory("process");
  const { explain, inspect } = open(() => "process", crashes);
  await expect(explain([crash])).rejects.toMatchObject({
    diagnostic: {
      code: "WORKER_DIED",
      message: expect.stringMatching(/^crashing\.onnx ended the process that it ran in \((SIGSEGV|SIGABRT|SIGBUS|exit code \d+)/) as string,
      hint: expect.stringContaining("started anew") as string,
    },
  });
  expect(crashes.crashed(crashing)).toBe(true);
  expect(crashes.crashed(diabetes)).toBe(false);
  expect((await inspect([diabetes])).model.file).toBe("model.onnx");
  // The memory is the folder's, and of the file as it is: another one under its name has not crashed.
  expect(memory("process").crashed(crashing)).toBe(true);
  const copy = join(folder, "replaced.onnx");
  copyFileSync(crashing, copy);
  crashes.remember(copy);
  expect(crashes.crashed(copy)).toBe(true);
  copyFileSync(diabetes, copy);
  expect(crashes.crashed(copy)).toBe(false);
});

test("an answer of a process is that of a thread, types of numbers and numbers that are none included", async () => {
  const request: ExplainRequest = { model: diabetes, samples: resolve("examples/diabetes/samples.csv"), rows: [0, 3], threads: 1 };
  let isolation: Isolation = "process";
  const { explain } = open(() => isolation);
  const progress: string[] = [];
  const apart = await explain([request], { progress: ({ message }) => progress.push(message) });
  isolation = "thread";
  const here = await explain([request]);
  expect(apart.results).toEqual(here.results);
  expect(progress).toContain("Explaining");
});

test("a call in a process is cancelled while the runtime works, and disposing ends the process", async () => {
  const isolated = open(() => "process");
  const stop = new AbortController();
  const slow: ExplainRequest = {
    model: diabetes,
    samples: resolve("examples/diabetes/samples.csv"),
    rows: "all",
    method: "shapleyValueSampling",
    options: { samples: 2000 },
  };
  await expect(isolated.explain([slow], { signal: stop.signal, progress: () => stop.abort() })).rejects.toMatchObject({ diagnostic: { code: "CANCELLED" } });
  await isolated.dispose();
  await expect(isolated.explain([slow])).rejects.toMatchObject({ diagnostic: { code: "CANCELLED" } });
});

test("what waited behind a crash is answered by the next process", async () => {
  const isolated = open(() => "process");
  const answers = await Promise.allSettled([isolated.explain([crash]), isolated.inspect([diabetes]), isolated.outline([diabetes])]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
});

test("a crash in a thread takes the host along; the next one finds its note, and none where everything was answered", () => {
  const notes = join(folder, "thread");
  const run = (request: ExplainRequest) =>
    host.run(`
      const client = createWorkerClient(worker, { crashes: createCrashMemory(${JSON.stringify(notes)}) });
      await client.explain([${JSON.stringify(request)}]);
      await client.dispose();`);
  expect(run({ model: diabetes, samples: resolve("examples/diabetes/samples.csv") }).status).toBe(0);
  expect(createCrashMemory(notes).found).toEqual([]);
  const { status, signal } = run(crash);
  expect(signal ?? status).not.toBe(0);
  const found = createCrashMemory(notes);
  expect(found.found).toEqual([crashing]);
  expect(found.crashed(crashing)).toBe(true);
  expect(createCrashMemory(notes).found).toEqual([]);
});

test("what can't be written is not remembered, and harms nothing", () => {
  const occupied = join(folder, "occupied");
  writeFileSync(occupied, "");
  const crashes = createCrashMemory(occupied);
  crashes.running(crashing);
  crashes.remember(crashing);
  crashes.running(undefined);
  expect(crashes.crashed(crashing)).toBe(false);
  expect(existsSync(occupied)).toBe(true);
});

test("broken notes are passed over, and those of a process that runs are left alone", () => {
  const notes = join(folder, "broken");
  createCrashMemory(notes).remember(crashing);
  const [crash = ""] = readdirSync(notes);
  for (const [name, text] of [[crash, "{"], ["running-1.json", '["/of/another.onnx"]'], ["running-999999999.json", "[1,null,{}]"]] as const) writeFileSync(join(notes, name), text); // prettier-ignore
  const crashes = createCrashMemory(notes);
  expect(crashes.found).toEqual([]);
  expect(crashes.crashed(crashing)).toBe(false);
  expect(readdirSync(notes).sort()).toEqual([crash, "running-1.json"]);
});
