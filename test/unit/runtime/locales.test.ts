import { expect, test } from "vitest";
import { withKnownLocales } from "../../../src/runtime/locales.js";
import { graphOf, op, run } from "../graph/build.js";

const text = { dtype: "string", dims: [2], data: ["Ärger", "GUT"] } as const;
const lower = (locale: string) =>
  graphOf({
    inputs: { text: { name: "text", dtype: "string", dims: [2] } },
    nodes: [op("StringNormalizer", ["text"], ["y"], { case_change_action: "LOWER", locale })],
    outputs: ["y"],
  });

test("a locale that the system lacks is replaced by one that it has, and said", async () => {
  await expect(run(lower("xx_YY.UTF-8"), { text })).rejects.toThrow(/locale/);
  const { graph, remarks } = await withKnownLocales(lower("xx_YY.UTF-8"), run);
  expect((await run(graph, { text })).get("y")?.data[1]).toBe("gut");
  expect(remarks.map(({ message }) => message)).toEqual([expect.stringContaining('does not have the locale "xx_YY.UTF-8"')]);
});

test("a locale that every system has stays", async () => {
  const graph = lower("C");
  expect(await withKnownLocales(graph, run)).toEqual({ graph, remarks: [] });
});
