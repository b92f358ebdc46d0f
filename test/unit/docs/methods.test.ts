import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { measures } from "../../../src/attribution/measures/index.js";
import { methods } from "../../../src/attribution/methods/index.js";

test("docs/methods.md has a formula, a cost and the paper of every method", () => {
  const text = readFileSync("docs/methods.md", "utf8");
  for (const { name, paper } of Object.values(methods)) {
    expect(
      text.split("\n").filter((line) => line.startsWith(`| \`${name}\``)),
      name,
    ).toHaveLength(2);
    expect(text, name).toContain(paper);
  }
});

test("docs/methods.md names every option that a method lists", () => {
  const text = readFileSync("docs/methods.md", "utf8");
  for (const { name, options = {} } of Object.values(methods))
    for (const option of Object.keys(options)) expect(text, `${option} of ${name}`).toMatch(new RegExp(`\\b${option}\\b`));
});

test("docs/methods.md has a line and the paper of every measure", () => {
  const text = readFileSync("docs/methods.md", "utf8");
  for (const { name, paper } of Object.values(measures)) {
    expect(
      text.split("\n").filter((line) => line.startsWith(`| \`${name}\``)),
      name,
    ).toHaveLength(1);
    expect(text, name).toContain(paper);
  }
});
