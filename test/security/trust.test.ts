import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { limitNames, limitTable } from "../../src/base/limits.js";

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly description: string; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

const { capabilities, contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

/** Settings that are about what is drawn in the editor. All others change what runs. */
const looks = ["explainPrediction.sourceCredit.enabled", "explainPrediction.sampleCredit.enabled", "explainPrediction.codeLens.enabled"];

test("a workspace that is not trusted sets nothing that changes what runs", () => {
  const { supported, description, restrictedConfigurations } = capabilities.untrustedWorkspaces;
  expect(supported).toBe("limited");
  expect(description).toMatch(/^%.*%$/);
  const open = Object.entries(contributes.configuration.properties)
    .filter(([name, { scope }]) => !["machine", "application"].includes(scope ?? "") && !restrictedConfigurations.includes(name))
    .map(([name]) => name);
  expect(open.sort()).toEqual([...looks].sort());
});

test("what runs a workspace's code is not offered there", () => {
  const running = contributes.commands.filter(({ command }) => /Python|SavedModel/.test(command));
  expect(running.length).toBeGreaterThan(0);
  for (const { command, enablement } of running) expect(enablement, command).toContain("isWorkspaceTrusted");
});

test("docs/limits.md has the table's names and defaults", () => {
  const rows = readFileSync("docs/limits.md", "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, name, usual] = /^\| `(\w+)`\s*\|\s*(\d+)\s*\|/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(usual)]];
    });
  expect(rows).toEqual(limitNames.map((name) => [name, limitTable[name].default]));
});
