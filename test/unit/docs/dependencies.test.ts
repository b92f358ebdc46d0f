import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

test("docs/dependencies.md names every package once, in the table it belongs to, with its licence", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const [, packed = "", building = ""] = readFileSync("docs/dependencies.md", "utf8").split(/^## .*$/m);
  for (const [names, text] of [
    [Object.keys(dependencies), packed],
    [Object.keys(devDependencies), building],
  ] as const) {
    const rows = text.split("\n").filter((line) => line.startsWith("| `"));
    const listed = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    expect(listed.sort()).toEqual([...names].sort());
    for (const name of names) {
      const { license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { readonly license: string };
      const row = rows.find((line) => line.includes(`\`${name}\``)) ?? "";
      for (const part of license.replaceAll(/[()]/g, "").split(/ AND | OR /)) expect(row, name).toContain(part);
    }
  }
});
