import { readFileSync } from "node:fs";
import { Summary } from "../../src/summary/summary.js";
import type { ManyView } from "../../src/protocol/manyView.js";
import type { ObservedCredit, ObservedRow } from "../../src/protocol/summary.js";
import type { TableQuery } from "../../src/protocol/viewModel.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import { manyFacts, manyGroups } from "../../src/viewmodel/many.js";
import { creditsView, driversView } from "../../src/viewmodel/manyCredits.js";

/** Views of many samples, made by rule and added up as the extension does. */

const { explanation } = JSON.parse(readFileSync("test/fixtures/panel/diabetes.json", "utf8")) as ViewParts;
const wrongOnes: TableQuery = { from: 0, sort: "row", descending: false, only: "wrong", predicted: "", search: "" };

function wave(i: number): number {
  return Math.sin(i * 12.9898) * Math.cos(i * 78.233);
}

const features = ["glucose", "mass", "pregnant", "pedigree", "age", "triceps", "pressure", "insulin"];
const words = "the movie was great but plot dull and cast shines".split(" ");

function observed(row: number, credits: readonly ObservedCredit[], pictures: ObservedRow["pictures"] = []): ObservedRow {
  const predicted = wave(row) > 0 ? "pos" : "neg";
  const right = row % 4 !== 0;
  return { row, id: null, predicted, truth: right === (predicted === "pos") ? "pos" : "neg", right, score: 0.8, delta: 0, credits, pictures, drawn: true };
}

const feature = (row: number, k: number, label = features[k] ?? `feature ${k}`): ObservedCredit => {
  const value = Math.round(100 * (1 + wave(row + 31 * k)));
  const credit = ((value - 90) / 100) * (0.4 / (1 + k)) + (row % 4 === 0 ? -0.05 : 0.02) * wave(k + 3);
  return { key: `x\n${k}`, input: "x", label, credit, value, word: false };
};

/** How many features the rows have; "words" and "pictures" are of texts and of pictures beside numbers. */
export type ManyKind = number | "words" | "pictures";

const makers: Readonly<Record<"words" | "pictures", (row: number) => ObservedRow>> = {
  words: (row) => {
    const own = words.filter((_, k) => (row * 7 + k * k) % 5 !== 0);
    return observed(row, [
      ...own.map((word, k) => ({ key: word, input: "text", label: `text: ${word}`, credit: wave(row + 17 * k) / (2 + k), value: null, word: true })),
      { ...feature(row, 3), input: "profile", label: "profile: stars" },
    ]);
  },
  pictures: (row) => {
    const credits = Array.from({ length: 144 }, (_, i) => wave(row + i) * Math.exp(-(((i % 12) - 6) ** 2 + (Math.floor(i / 12) - 5) ** 2) / 12));
    return observed(row, [], [{ input: "image", dims: [1, 12, 12], credits }]);
  },
};

/** Few enough for a check of every dot. */
const rows = 60;

export function manyView(kind: ManyKind, change: Partial<ManyView> = {}): ManyView {
  const summary = new Summary();
  const make =
    typeof kind === "number"
      ? (row: number): ObservedRow =>
          observed(
            row,
            Array.from({ length: kind }, (_, k) => feature(row, k)),
          )
      : makers[kind];
  for (let row = 0; row < rows; row++) summary.add(make(row));
  const query = { features: 25, swarms: { features: 12, dots: 2000 } };
  const [group, drivers] = [summary.group("all", query), summary.drivers(query)];
  return {
    phase: "done",
    done: rows,
    total: rows,
    rowsPerSecond: 412,
    refused: 0,
    matching: rows,
    error: "",
    facts: manyFacts(explanation, wrongOnes, { total: rows, matching: rows }),
    look: { group: "all", search: "", most: 25 },
    groups: manyGroups(summary),
    features: group?.count ?? 0,
    credits: group === undefined ? null : creditsView(group, { chosen: true }),
    drivers: drivers === null ? null : driversView(drivers),
    ...change,
  };
}
