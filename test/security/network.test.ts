import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildOptions, bundles } from "../../scripts/build.mjs";

mkdirSync(".cache", { recursive: true });
const dist = mkdtempSync(resolve(".cache/network-"));
const folder = mkdtempSync(join(tmpdir(), "explain-network-"));
const deny = resolve("test/security/denyNetwork.cjs");

beforeAll(async () => {
  for (const { limit: _, ...bundle } of bundles)
    if (/(worker\.cjs|cli\.js)$/.test(bundle.outfile))
      await build({ ...buildOptions(bundle), outfile: join(dist, bundle.outfile.replace("dist/", "")), logLevel: "error" });
});
afterAll(() => {
  rmSync(dist, { recursive: true });
  rmSync(folder, { recursive: true });
});

function run(args: readonly string[], before: readonly string[] = []): SpawnSyncReturns<string> {
  const [program = process.execPath, ...rest] = [...before, process.execPath, "--require", deny, join(dist, "cli.js"), ...args];
  return spawnSync(program, rest, { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
}

const explained = [
  ["features", ["explain", "examples/diabetes/model.onnx", "examples/diabetes/samples.csv", "--row", "0"]],
  ["texts and a tokenizer", ["explain", "examples/review-profile/model.onnx", "--row", "0", "--method", "saliency"]],
  ["pictures", ["explain", "examples/digits/model.onnx", "--row", "0", "--method", "saliency"]],
] as const;

test.each(explained)("%s are explained where nothing can be reached and no program started", (_, args) => {
  const { status, stdout, stderr } = run(args);
  expect(stderr).not.toContain("REACHED OUT");
  expect(stdout.length).toBeGreaterThan(100);
  expect(status, stderr).toBe(0);
});

// The runtime's own reports: its library keeps what it has to send in a file under the person's cache folder, and sends it later.
test.each([
  ["by the command line", () => [join(dist, "cli.js"), ...explained[0][1]]],
  ["by a session in the main thread", () => [sessionScript()]],
] as const)("no report of the model is kept for sending, explained %s", (name, program) => {
  const home = join(folder, `home ${name}`);
  mkdirSync(home);
  const { CI: _, ORT_DISABLE_TELEMETRY: __, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [...program()], {
    encoding: "utf8",
    env: { ...env, NODE_OPTIONS: "", HOME: home, XDG_CACHE_HOME: join(home, ".cache"), LOCALAPPDATA: home },
  });
  expect(status, stderr).toBe(0);
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});

function sessionScript(): string {
  const file = join(dist, "session.mjs");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      resolve("node_modules/esbuild/bin/esbuild"),
      "--bundle",
      "--platform=node",
      "--format=esm",
      "--packages=external",
      "--log-level=error",
      `--outfile=${file}`,
    ],
    { input: 'import { openModel } from "./src/runtime/open.js"; await (await openModel("examples/diabetes/model.onnx")).dispose();', encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  return file;
}

test("the guard is in the threads too: a program that reaches out is seen", () => {
  const file = join(folder, "reaches.mjs");
  writeFileSync(
    file,
    `import { Worker } from "node:worker_threads"; new Worker('require("node:http").get("http://127.0.0.1:1/")', { eval: true }).on("error", () => undefined);`,
  );
  const { stderr } = spawnSync(process.execPath, ["--require", deny, file], { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  expect(stderr).toContain("REACHED OUT: node:http.get");
});

// Where the system lets a program be cut off from the network as a whole, native code included, it is.
const cutOff =
  process.platform === "linux" && spawnSync("unshare", ["--net", "--map-root-user", "true"]).status === 0 ? [["unshare", "--net", "--map-root-user"]] : [];

test.each(cutOff.length === 0 ? [[]] : cutOff)("a process without any network explains (%s)", (...before) => {
  const { status, stderr } = run(explained[0][1], before);
  expect(status, stderr).toBe(0);
});
