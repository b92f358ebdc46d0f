import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ExplainError } from "../../../../src/base/diagnostic.js";
import type { ManyView } from "../../../../src/protocol/manyView.js";
import type { ExplainRequest } from "../../../../src/protocol/request.js";
import type { TableQuery } from "../../../../src/protocol/viewModel.js";
import { ManySamples } from "../../../../src/vscode/many/manySamples.js";
import type { CallOptions, WorkerClient } from "../../../../src/worker/client.js";
import { createService } from "../../../../src/worker/service.js";

const request: ExplainRequest = { model: resolve("examples/diabetes/model.onnx"), samples: resolve("examples/diabetes/samples.csv"), rows: [7] };
const query: TableQuery = { from: 0, sort: "row", descending: false, only: "all", predicted: "", search: "" };
const rows = (count: number): readonly number[] => Array.from({ length: count }, (_, row) => row);

const service = createService();
afterAll(() => service.dispose());

/** The engine itself, and what it was asked; the calls numbered in `held` wait until they are let go or aborted. */
function many(held: ReadonlySet<number> = new Set()) {
  const asked: (readonly number[])[] = [];
  const views: (ManyView | null)[] = [];
  const gates: (() => void)[] = [];
  const client: Pick<WorkerClient, "explain" | "inspect"> = {
    inspect: ([model]) => service.inspect({ signal: { aborted: false }, progress: () => undefined }, model),
    explain: async ([wanted], { signal }: CallOptions = {}) => {
      asked.push(wanted.rows as readonly number[]);
      if (held.has(asked.length - 1))
        await new Promise<void>((go, stop) => {
          gates.push(go);
          signal?.addEventListener("abort", () => stop(new ExplainError("CANCELLED", "Cancelled.")));
        });
      return service.explain({ signal: signal ?? { aborted: false }, progress: () => undefined }, wanted);
    },
  };
  const samples = new ManySamples(client, (view) => views.push(view));
  return { samples, asked, views, gates };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((go) => setImmediate(go));
}

test("rows are explained portion by portion, spread over all of them, and the charts come with them", async () => {
  const { samples, asked, views } = many();
  await samples.explain(request, { rows: rows(231), query });
  expect(asked.flat().sort((a, b) => a - b)).toEqual(rows(231));
  expect(asked[0]).toHaveLength(4);
  expect(Math.max(...(asked[0] ?? []))).toBeGreaterThan(115);
  const [first] = views.filter((view) => view?.credits !== null && view !== null);
  expect(first).toMatchObject({ phase: "running", done: 4, total: 231 });
  const view = samples.view;
  expect(view).toMatchObject({ phase: "done", done: 231, refused: 0, error: "", features: 8 });
  expect(view?.rowsPerSecond).toBeGreaterThan(0);
  expect(view?.facts).toEqual([
    ["Rows", "231"],
    ["Explained", "what was predicted for each row"],
    ["Method", "Integrated gradients"],
    ["Baseline", "mean of the training rows"],
  ]);
  expect(view?.groups.map(({ label }) => label)).toEqual(["All (231)", "neg (166)", "pos (65)", "Right (170)", "Wrong (61)"]);
  expect(view?.credits?.importance[0]).toMatchObject({ label: "glucose" });
  expect(view?.drivers?.rows).toBe("61 wrong, 170 right");
});

test("the means are those of the command line's averages", async () => {
  const { samples } = many();
  await samples.explain(request, { rows: rows(60), query });
  const own = { signal: { aborted: false }, progress: () => undefined };
  for (const [aggregate, bars] of [
    ["meanAbs", samples.view?.credits?.importance],
    ["mean", samples.view?.credits?.direction],
  ] as const) {
    const credit = (await service.explain(own, { ...request, rows: rows(60), aggregate })).aggregate?.[aggregate]?.["measurements"];
    for (const [i, label] of (credit?.labels ?? []).entries()) {
      const bar = bars?.find((one) => one.label === label);
      expect(bar?.credit).toBeCloseTo(credit?.data[i] ?? NaN, 6);
      expect(bar?.error).toBeCloseTo(credit?.interval?.[i] ?? NaN, 6);
    }
  }
  expect(samples.request?.rows).toEqual(rows(60));
  expect(samples.csv?.split("\r\n")[0]).toBe("rows,number of rows,input,feature,rows with it,mean |attribution|,± 95 %,mean attribution,± 95 %");
  expect(samples.csv?.split("\r\n")[1]).toMatch(/^all,60,measurements,glucose,60,0\./);
});

test("another group, other features", async () => {
  const { samples } = many();
  await samples.explain(request, { rows: rows(231), query });
  samples.look({ group: "predicted:pos", search: "", most: 3 });
  expect(samples.view?.credits).toMatchObject({ left: 5 });
  expect(samples.view?.credits?.swarms.map(({ dots }) => dots.length)).toEqual([65, 65, 65]);
  samples.look({ group: "wrong", search: "GLU", most: 25 });
  expect(samples.view?.credits?.importance.map(({ label }) => label)).toEqual(["glucose"]);
  expect(samples.view?.credits?.swarms[0]?.dots).toHaveLength(61);
  samples.look({ group: "predicted:unheard of", search: "", most: 25 });
  expect(samples.view?.look.group).toBe("all");
});

test("stopped: what is explained stays", async () => {
  const { samples, asked, views } = many(new Set([1]));
  const end = samples.explain(request, { rows: rows(100), query });
  await until(() => asked.length === 2);
  samples.stop();
  await end;
  expect(samples.view).toMatchObject({ phase: "cancelled", done: 4, total: 100, error: "" });
  expect(samples.view?.credits).not.toBeNull();
  expect(views.at(-1)).toMatchObject({ phase: "cancelled" });
});

test("a newer request replaces the one that runs", async () => {
  const { samples, asked } = many(new Set([1]));
  const older = samples.explain(request, { rows: rows(100), query });
  await until(() => asked.length === 2);
  await Promise.all([older, samples.explain(request, { rows: [3, 5, 8], query: { ...query, only: "wrong", search: "a" } })]);
  expect(samples.view).toMatchObject({ phase: "done", done: 3, total: 3 });
  expect(samples.view?.facts[0]).toEqual(["Rows", "3 (wrong ones, with “a”)"]);
});

test("what the panel explains goes first: the portion that runs is given up and asked for again", async () => {
  const { samples, asked } = many(new Set([1]));
  const end = samples.explain(request, { rows: rows(20), query });
  await until(() => asked.length === 2);
  samples.follow({ phase: "running", request: { ...request, rows: [9] } });
  await until(() => samples.view?.done === 4);
  expect(asked).toHaveLength(2);
  samples.follow({ phase: "done", request: { ...request, rows: [9] } });
  await end;
  expect(asked[2]).toEqual(asked[1]);
  expect(samples.view).toMatchObject({ phase: "done", done: 20 });
});

test("another question forgets it, another row does not", async () => {
  const { samples, views } = many();
  await samples.explain(request, { rows: rows(4), query });
  samples.follow({ phase: "done", request: { ...request, rows: [2] } });
  expect(samples.view).not.toBeNull();
  samples.follow({ phase: "running", request: { ...request, method: "saliency" } });
  expect(samples.view).toBeNull();
  expect(views.at(-1)).toBeNull();
  expect(samples.csv).toBeUndefined();
});

test("a row that can't be explained is counted, an error of all is said", async () => {
  const { samples, asked } = many();
  const [header = "", ...lines] = readFileSync(request.samples ?? "", "utf8").split("\n");
  const file = join(mkdtempSync(join(tmpdir(), "many-")), "samples.csv");
  writeFileSync(file, [header, ...lines.slice(0, 6).with(2, "1,high,2,3,4,5,6,7,neg"), ""].join("\n"));
  await samples.explain({ ...request, samples: file }, { rows: rows(6), query });
  expect(samples.view).toMatchObject({ phase: "done", done: 6, refused: 1 });
  expect(samples.view?.groups[0]?.label).toBe("All (5)");
  // Found by halves of the portion that it was in.
  expect(asked.length).toBeGreaterThan(3);
  await samples.explain({ ...request, targets: ["nobody"] }, { rows: [0, 1, 2], query });
  expect(samples.view).toMatchObject({ phase: "failed", done: 0 });
  expect(samples.view?.error).toContain("nobody");
});
