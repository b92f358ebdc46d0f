import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { LayerTrace } from "../../../src/protocol/trace.js";
import { findSources } from "../../../src/source/findSources.js";
import { shown } from "./layouts.js";

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/source/${name}`, import.meta.url), "utf8");
const traces = JSON.parse(fixture("torch-2.13.json")) as Readonly<Record<"default" | "legacy", readonly LayerTrace[]>>;
const files = new Map(["pkg/base.py", "pkg/net.py"].map((name) => [name, fixture(name)]));
const search = { list: () => Promise.resolve([...files.keys()]), read: (file: string) => Promise.resolve(files.get(file)) };

/** Where the layers are that differ only by their number. */
const block = (i: number): Record<string, string> => ({
  [`layers.${i}`]: "pkg/net.py:26 < 44",
  [`layers.${i}.norm`]: "pkg/net.py:13 < 20",
  [`layers.${i}.mix`]: "pkg/net.py:14 < 20",
  [`layers.${i}.mix.0`]: "pkg/net.py:15 < 20",
  [`layers.${i}.mix.1`]: "pkg/net.py:16 < 20",
});
const blocks = Object.assign({}, ...[0, 1, 2].map(block)) as Record<string, string>;

test("every layer of a real export by torch's default exporter is found", async () => {
  expect(shown(await findSources(traces.default, search))).toEqual({
    stem: "pkg/base.py:8 < 11",
    ...blocks,
    tail: "pkg/net.py:31 < 40",
    "tail.act": "pkg/net.py:32 < 40",
    "tail.out": "pkg/net.py:33 < 40",
    "parts.0": "pkg/net.py:37 < 47",
    "parts.1": "pkg/net.py:37 < 47",
    "heads.left": "pkg/net.py:28 < 48",
    "heads.right": "pkg/net.py:29 < 48",
  });
});

test("and of an export by the older one, from names alone", async () => {
  const found = shown(await findSources(traces.legacy, search));
  expect(found).toMatchObject({ stem: "pkg/base.py:8 < 11", ...blocks, tail: "pkg/net.py:31 < 40", left: "pkg/net.py:28 < 48", right: "pkg/net.py:29 < 48" });
  expect(Object.keys(found)).toHaveLength(traces.legacy.length);
});
