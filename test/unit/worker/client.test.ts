import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Progress } from "../../../src/protocol/rpc.js";
import { createWorkerClient, type CallOptions, type WorkerClient } from "../../../src/worker/client.js";

const folder = mkdtempSync(join(tmpdir(), "worker-client-"));
const file = join(folder, "worker.cjs");
let client: WorkerClient;

beforeAll(() =>
  build({
    entryPoints: [fileURLToPath(new URL("scriptedWorker.ts", import.meta.url))],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "warning",
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => void (client = createWorkerClient(file)));
afterEach(() => client.dispose());

const ask = (what: string, name?: string, options?: CallOptions) => client.samples([what, name, { from: 0, count: 1 }], options);
const code = (expected: string) => expect.objectContaining({ diagnostic: expect.objectContaining({ code: expected }) as unknown }) as unknown;

test("a call comes back with its own value, and one thread serves them in order", async () => {
  const pages = await Promise.all(["a", "b", "c"].map((name) => ask("", name)));
  expect(pages.map(({ file, total }) => [file, total])).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ]);
});

test("an error of the service keeps its code, message, hint and place", async () => {
  await expect(ask("refuse")).rejects.toMatchObject({
    diagnostic: { code: "FILE_NOT_FOUND", severity: "error", message: "There is no such file.", hint: "Look again.", file: "a.onnx", line: 3 },
  });
});

test("a defect in the service, and an answer that can't cross, are errors of that call alone", async () => {
  const answers = await Promise.allSettled([ask("break"), ask("unclonable"), ask("", "fine")]);
  expect(answers).toEqual([
    { status: "rejected", reason: code("INTERNAL") },
    { status: "rejected", reason: code("INTERNAL") },
    { status: "fulfilled", value: expect.objectContaining({ file: "fine" }) as unknown },
  ]);
});

test("a call that never turns the event loop is cancelled by its flag, and the thread goes on with the next", async () => {
  const stop = new AbortController();
  const steps: Progress[] = [];
  const progress = (step: Progress): void => {
    steps.push(step);
    stop.abort();
  };
  await expect(ask("spin", undefined, { signal: stop.signal, progress })).rejects.toEqual(code("CANCELLED"));
  expect(steps).toEqual([{ message: "spinning", fraction: 0.5 }]);
  expect((await ask("", "next")).total).toBe(2);
});

test("a call that waits behind another is dropped when cancelled", async () => {
  const first = new AbortController();
  const second = new AbortController();
  const running = ask("spin", undefined, { signal: first.signal, progress: () => second.abort() });
  await expect(ask("", "dropped", { signal: second.signal })).rejects.toEqual(code("CANCELLED"));
  first.abort();
  await expect(running).rejects.toEqual(code("CANCELLED"));
  expect((await ask("", "after")).total).toBe(2);
});

test("a signal that was raised before the call starts nothing", async () => {
  await expect(ask("", "late", { signal: AbortSignal.abort() })).rejects.toEqual(code("CANCELLED"));
  expect((await ask("", "first")).total).toBe(1);
});

test.each(["die", "crash"])("when the thread ends by %s, everything pending is rejected and the next call starts a new thread", async (way) => {
  const answers = await Promise.allSettled([ask("", "before"), ask(way), ask("", "behind")]);
  expect(answers).toEqual([
    { status: "fulfilled", value: expect.objectContaining({ file: "before" }) as unknown },
    { status: "rejected", reason: code("WORKER_DIED") },
    { status: "rejected", reason: code("WORKER_DIED") },
  ]);
  expect(await ask("", "anew")).toMatchObject({ file: "anew", total: 1 });
});

test("a call that does not come back after it was cancelled keeps no one waiting, and is remembered", async () => {
  const remembered: string[] = [];
  const crashes = { found: [], crashed: () => false, running: () => undefined, remember: (about: string) => remembered.push(about) };
  const impatient = createWorkerClient(file, { patience: 50, crashes });
  const hanging = new AbortController();
  const call = impatient.samples(["hang", undefined, { from: 0, count: 1 }], { signal: hanging.signal, progress: () => hanging.abort() });
  const waiting = impatient.samples(["", "waits", { from: 0, count: 1 }]);
  await expect(call).rejects.toEqual(code("CANCELLED"));
  // The first call of another thread.
  expect(await waiting).toMatchObject({ file: "waits", total: 1 });
  expect(remembered).toEqual(["hang"]);
  await impatient.dispose();
});

test("a worker file that does not exist rejects the call", async () => {
  const lost = createWorkerClient(join(folder, "none.cjs"));
  await expect(lost.forget(["m"])).rejects.toEqual(code("WORKER_DIED"));
  await lost.dispose();
});

test("a thread that can't be started rejects the call instead of throwing at it", async () => {
  const lost = createWorkerClient("no path at all");
  await expect(lost.forget(["m"])).rejects.toEqual(code("WORKER_DIED"));
  await lost.dispose();
});

test("a call that ended because the window closes hears no more of its progress", async () => {
  let steps = 0;
  const running = ask("report", undefined, { progress: () => (steps += 1) });
  while (steps === 0) await new Promise((resolve) => setImmediate(resolve));
  const ended = client.dispose();
  await expect(running).rejects.toEqual(code("CANCELLED"));
  const told = steps;
  await ended;
  expect(steps).toBe(told);
});

test("disposing cancels what runs, settles when the thread has ended, and rejects later calls", async () => {
  const running = ask("spin", undefined, { progress: () => undefined });
  const waiting = ask("", "waiting");
  const ended = client.dispose();
  await expect(running).rejects.toEqual(code("CANCELLED"));
  await expect(waiting).rejects.toEqual(code("CANCELLED"));
  await ended;
  await expect(ask("", "too late")).rejects.toEqual(code("CANCELLED"));
});
