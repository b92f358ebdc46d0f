import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeBarePython } from "../export/barePython.js";

const folder = mkdtempSync(join(tmpdir(), "cli-export-"));
const bare = makeBarePython();

function cli(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", "export", ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
  if (!existsSync("dist/cli.js") || !existsSync("dist/worker.cjs")) spawnSync(process.execPath, ["scripts/build.mjs"]);
});

describe("explain-prediction export", () => {
  it("says how it is used", () => {
    expect(cli("--help")).toMatchObject({ code: 0, err: "" });
    expect(cli()).toMatchObject({ code: 2, out: "" });
    expect(cli("a.py", "b.py").err).toContain('one argument too many: "b.py"');
  });

  it("tells a file that it can't be made of, and what to give", () => {
    expect(cli("examples/diabetes/model.onnx")).toMatchObject({ code: 1, err: expect.stringContaining("It is an ONNX file already") as unknown });
    const text = join(folder, "notes.txt");
    writeFileSync(text, "nothing of use\n");
    expect(cli(text).err).toContain('its first line is "tree"');
    expect(cli(join(folder, "none.py")).err).toContain("There is no such file.");
  });

  it("names what the interpreter lacks before anything is run", () => {
    const { code, out, err } = cli("examples/diabetes/network.py", "--python", bare ?? "/nowhere/python", "--format", "json");
    expect(code).toBe(1);
    expect(err).toMatch(
      bare === undefined ? /does not run/ : /does not have torch, onnx and onnxscript\.\nInstall them: "\S[^"]*python" -m pip install torch onnx onnxscript/,
    );
    expect(err).not.toContain("Runs the model's code");
    expect(JSON.parse(out)).toMatchObject({ error: { code: bare === undefined ? "PYTHON_MISSING" : "PYTHON_PACKAGE_MISSING" } });
  });
});
