import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { methods } from "../src/attribution/methods/index.js";
import { commandIds } from "../src/vscode/commandIds.js";

const root = resolve(import.meta.dirname, "..");
const maximumLines = 400;

const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Files of the tree: tracked, and new ones that Git would not ignore. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })
  .split("\0")
  .filter((file) => file !== "" && existsSync(join(root, file)));

const ours = files.filter((file) => /^(src|webview|test|scripts)\/.*\.(ts|mjs)$/.test(file) && !/^(src\/onnx\/generated|test\/fixtures)\//.test(file));

describe("source files", () => {
  it("are found", () => {
    expect(ours).toContain("test/tidy.test.ts");
    expect(ours).toContain("src/extension.ts");
  });

  it(`have at most ${maximumLines} lines`, () => {
    const all = [...ours, ...files.filter((file) => /^(media|scripts)\/.*\.py$/.test(file))];
    expect(all).toContain("media/ray/explain_ray/job.py");
    expect(all.filter((file) => read(file).trimEnd().split("\n").length > maximumLines)).toEqual([]);
  });

  it("are named for what they do", () => {
    expect(ours.filter((file) => /^(utils?|helpers?|misc|common)\./i.test(basename(file)) || /\/(utils?|helpers?|misc)\//i.test(file))).toEqual([]);
  });

  it("say no explicit any", () => {
    const product = ours.filter((file) => /^(src|webview)\//.test(file));
    expect(product.filter((file) => /(:\s*any\b(?! [a-z]))|<any\b|\bas any\b|\bany\[\]/.test(withoutComments(read(file))))).toEqual([]);
  });
});

describe("tests", () => {
  it("all run", () => {
    const held = /\b(it|test|describe)\.(only|skip|todo|fails)\b/;
    expect(ours.filter((file) => file.startsWith("test/") && held.test(withoutComments(read(file))))).toEqual([]);
  });
});

describe("the tree", () => {
  it("names no machine's folders and no private registry", () => {
    const folders = ["work", "root", "home"].map((name) => `/${name}/`);
    const foreign = new RegExp(
      `(^|[\\s"'\`(=:])(${folders.join("|")})|\\b(npm|pypi|registry|artifactory|nexus)\\.(?!npmjs\\.org)[\\w-]+\\.(internal|local|corp|net|io)\\b`,
      "m",
    );
    const binary = /\.(onnx|png|npy|npz|pb|gz|zip|ico|woff2?|parquet|ort)$/;
    expect(files.filter((file) => !binary.test(file) && foreign.test(read(file)))).toEqual([]);
  });

  it("locks packages without saying where they were downloaded from", () => {
    expect(read("package-lock.json")).not.toContain('"resolved"');
  });
});

describe("commands", () => {
  it("are the same in the manifest and in the code", () => {
    const manifest = JSON.parse(read("package.json")) as { contributes: { commands: { command: string }[] } };
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
  });
});

describe("settings", () => {
  it("that say where something runs are not for a workspace to change that nobody trusts", () => {
    const { capabilities, contributes } = JSON.parse(read("package.json")) as {
      capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
      contributes: { configuration: { properties: Record<string, { scope?: string }> } };
    };
    const overridable = Object.entries(contributes.configuration.properties).filter(([, { scope }]) => scope === "machine-overridable");
    expect(overridable.map(([name]) => name).sort()).toEqual(["explainPrediction.python", "explainPrediction.ray.address"]);
    for (const [name] of overridable) expect(capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(name);
  });
});

describe("methods", () => {
  const names = Object.keys(methods);

  it("are each computed against a reference case or in a unit test", () => {
    const folder = join(root, "test/fixtures/reference/cases");
    const cases = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".json"))
      .map((file) => readFileSync(join(folder, file), "utf8"));
    const unit = ours.filter((file) => /^test\/(unit|properties)\/.*\.test\.ts$/.test(file)).map(read);
    const computed = (name: string): boolean =>
      cases.some((text) => new RegExp(`"method":\\s*"${name}"`).test(text)) || unit.some((text) => text.includes(`"${name}"`));
    expect(names.filter((name) => !computed(name))).toEqual([]);
  });
});

/** Code with its comments blanked, so that prose may use any word. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}
