import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { present } from "../../src/base/assert.js";
import { driverLine, startJobsServer, type JobsServer, type Look } from "../unit/ray/jobsServer.js";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** A data set from the explorer to a Ray cluster, here a server that speaks its Jobs API: address, cancelling, going on, the report, an address where nothing answers. */

const features = ["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"];

/** Rows as the driver draws them. */
const sample = Array.from({ length: 60 }, (_, i) => ({
  cells: {
    row: i,
    diabetes: i % 3 === 0 ? "pos" : "neg",
    prediction: i % 4 === 0 ? "pos" : "neg",
    "prediction.neg": i % 4 === 0 ? 0.3 : 0.8,
    "prediction.pos": i % 4 === 0 ? 0.7 : 0.2,
    target: "neg",
    delta: 1e-7,
    ...Object.fromEntries(features.map((name, k) => [`measurements.${name}`, ((i % 7) - 3) * (k + 1) * 0.01])),
    file: "/shared/rows.parquet",
  },
  values: { measurements: features.map((_, k) => i + k) },
}));

const running = (rows: number): Look => ({
  status: "RUNNING",
  logs: `Running entrypoint\n${driverLine("progress", { rows, explained: rows, total: 1_000_000, seconds: rows / 20_000 })}`,
});
const finished = driverLine("finished", { rows: 1_000_000, explained: 600_000, rejected: 5, seconds: 30, nodes: 2 });

let workbench: Workbench;
let cluster: JobsServer;
beforeAll(async () => {
  cluster = await startJobsServer([
    // It runs until it is stopped.
    [{ status: "PENDING", logs: "" }, ...Array<Look>(100).fill(running(400_000)), { status: "STOPPED", logs: "" }],
    [running(700_000), { status: "SUCCEEDED", logs: running(700_000).logs + driverLine("sample", { rows: sample }) + finished }],
  ]);
  workbench = await Workbench.start(await packagedExtension());
}, 180_000);
afterAll(async () => {
  await workbench.dispose();
  await cluster.close();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

const notice = (text: string | RegExp): Locator => workbench.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
const field = (): Locator => workbench.page.locator(".quick-input-widget input[type=text]");
const jobs = (): readonly { readonly resume: boolean; readonly data: string; readonly out: string }[] =>
  cluster.bodies
    .filter((_, i) => i % 2 === 0)
    .map((body) => JSON.parse(Buffer.from(present(unzipSync(body)["job.json"], "job")).toString()) as ReturnType<typeof jobs>[number]);

async function answer(text: RegExp, value: string | undefined = undefined): Promise<void> {
  await workbench.page.locator(".quick-input-widget", { hasText: text }).waitFor();
  if (value !== undefined) await field().fill(value);
  await workbench.page.keyboard.press("Enter");
}

test("from the explorer's menu to a cluster: cancelled there, gone on with, summed up in a panel", async () => {
  // Started, the extension knows the folders that hold models.
  await workbench.runCommand("Explain Prediction: Show log");
  await workbench.page.locator(".part.panel .monaco-editor.focused").waitFor();
  await workbench.explorerContext("diabetes/samples.csv", "Explain dataset…");
  await workbench.waitForQuickPick(/Where the rows/);
  expect(await workbench.quickPickLabels()).toEqual(["On this machine", "On a Ray cluster…"]);
  await workbench.pickItem("On a Ray cluster…");
  await answer(/Address of the Ray cluster/, "nowhere");
  await workbench.page.locator(".quick-input-message", { hasText: "such as http://HOST:8265" }).waitFor();
  await answer(/Address of the Ray cluster/, cluster.address);
  await answer(/The data as the cluster's nodes see it/, "/shared/rows.parquet");
  await workbench.page.locator(".quick-input-widget", { hasText: "Where the nodes write" }).waitFor();
  expect(await field().inputValue()).toBe("/shared/rows.attributions");
  await workbench.page.keyboard.press("Enter");

  const progress = notice(/400,000 of 1,000,000 rows \(40 %\), 20,000 rows a second, 30 s left/);
  await progress.waitFor({ timeout: 60_000 });
  await workbench.screenshot("cluster-running");
  await progress.getByText("Cancel", { exact: true }).click();
  const cancelled = notice("The job was stopped on the cluster");
  await cancelled.waitFor({ timeout: 30_000 });
  expect(cluster.asked).toContain("POST /api/jobs/job-1/stop");
  await cancelled.getByText("Continue", { exact: true }).click();

  const report = await workbench.frameWith("[data-section=importance]");
  expect(await report.locator("[data-section=importance] [data-label]").count()).toBe(8);
  expect(await report.locator("[data-swarm=glucose]").count()).toBe(1);
  await notice(/999,995 rows are explained in rows\.attributions; 5 could not be/).waitFor();
  await workbench.screenshot("cluster-report");
  expect(jobs().map(({ resume, data: seen, out }) => [resume, seen, out])).toEqual([
    [false, "/shared/rows.parquet", "/shared/rows.attributions"],
    [true, "/shared/rows.parquet", "/shared/rows.attributions"],
  ]);
});

test("by keyboard from a Parquet file; JSON lines are read by this machine alone, so nothing is asked", async () => {
  await workbench.closeEditors();
  copyFileSync("test/fixtures/data/diabetes.parquet", join(workbench.examples, "diabetes/rows.parquet"));
  const { page } = workbench;
  await (await workbench.explorerRow("diabetes/rows.parquet")).click();
  await page.locator(".explorer-folders-view .monaco-list-row.focused", { hasText: "rows.parquet" }).waitFor();
  await page.keyboard.press("Shift+F10");
  const focused = page.locator(".monaco-menu .action-item.focused");
  await page.locator(".monaco-menu").waitFor();
  for (let i = 0; i < 30 && !((await focused.count()) > 0 && (await focused.innerText()).includes("Explain dataset…")); i++)
    await page.keyboard.press("ArrowDown");
  await workbench.screenshot("dataset-menu-keyboard");
  await page.keyboard.press("Enter");
  await workbench.waitForQuickPick(/Where the rows/);
  await page.keyboard.press("Escape");

  await workbench.explorerContext("review-profile/samples.jsonl", "Explain dataset…");
  await field().waitFor();
  await expect.poll(() => field().inputValue()).toContain("samples.attributions.parquet");
  await page.keyboard.press("Escape");
});

test("the address is kept; where nothing answers any more the message names it and offers to change it", async () => {
  await workbench.runCommand("Notifications: Clear All Notifications");
  await cluster.close();
  await workbench.explorerContext("diabetes/samples.csv", "Explain dataset…");
  await workbench.waitForQuickPick(/Where the rows/);
  const { host } = new URL(cluster.address);
  expect(await workbench.quickPickLabels()).toEqual(["On this machine", `On the Ray cluster at ${host}`, "On another Ray cluster…"]);
  await workbench.pickItem(`On the Ray cluster at ${host}`);
  await answer(/The data as the cluster's nodes see it/);
  await answer(/Where the nodes write/);
  const message = notice(new RegExp(`No Ray cluster answers at http://${host}/`));
  await message.waitFor({ timeout: 60_000 });
  await workbench.screenshot("cluster-unreachable");
  await message.getByText("Change address", { exact: true }).click();
  await workbench.page.locator(".quick-input-widget", { hasText: "Address of the Ray cluster" }).waitFor();
  expect(await field().inputValue()).toBe(cluster.address);
  await workbench.page.keyboard.press("Escape");
});
