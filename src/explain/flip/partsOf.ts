import type { Diagnostic } from "../../base/diagnostic.js";
import type { InputSlot } from "../../data/inputSlot.js";
import type { ExplainRequest } from "../../protocol/request.js";
import { toNumbers } from "../../tensor/tensor.js";
import { gridOf } from "../baseline/picture.js";
import { baselineSet } from "../baselineSet.js";
import type { PredictedRow, Prepared } from "../prepare.js";
import type { FlipPart } from "./flipPart.js";
import { readPopulation, type Population } from "./population.js";
import { pictureParts, soundParts } from "./regionParts.js";
import { valueParts } from "./valueParts.js";
import { wordParts } from "./wordParts.js";

/** Everything of a sample that can be changed, and what is worth knowing about what can't. */
interface Changeables {
  readonly parts: readonly FlipPart[];
  readonly population: Population | undefined;
  readonly remarks: readonly Diagnostic[];
}

const pieced: readonly string[] = ["image", "audio"];

/** The parts of the inputs `names`, by what each input is. Throws as reading samples and baselines does. */
export async function partsOf(prepared: Prepared, base: PredictedRow, request: ExplainRequest, names: readonly string[]): Promise<Changeables> {
  const { setting } = prepared;
  const slots = setting.slots.filter(({ name }) => names.includes(name));
  const valued = slots.filter(({ role }) => role !== "tokens" && !pieced.includes(role)).map(({ name }) => name);
  const population = await readPopulation(setting, prepared.sampleFile ?? request.samples, valued);
  const covered = slots.filter(({ role }) => pieced.includes(role));
  const others = setting.slots.filter((slot) => !covered.includes(slot)).map(({ name }) => name);
  const { baselines, words } = await baselineSet(prepared, request, others, false);
  const remarks: Diagnostic[] = [];
  const parts = slots.flatMap((slot): readonly FlipPart[] => {
    const found = covered.includes(slot) ? regions(slot, base, baselines[slot.name], words[slot.name] ?? "") : plain(slot, base, population);
    if (found.length === 0)
      remarks.push({ code: "FIXED_INPUT", severity: "info", message: `The input "${slot.name}" stays as it is: ${why(slot, population)}.` });
    return found;
  });
  if (parts.some((part) => part.write(1).kind === "removal"))
    remarks.push({
      code: "APPROXIMATION",
      severity: "info",
      message: "Words are only taken out. Other words are not put in their place: that would take a model of the language.",
    });
  return { parts, population, remarks };
}

function plain(slot: InputSlot, base: PredictedRow, population: Population | undefined): readonly FlipPart[] {
  return slot.role === "tokens" ? wordParts(slot.name, base.details[slot.name] ?? { values: [] }) : valueParts(slot, base, population?.rows ?? []);
}

function regions(
  slot: InputSlot,
  base: PredictedRow,
  baseline: Awaited<ReturnType<typeof baselineSet>>["baselines"][string] | undefined,
  word: string,
): readonly FlipPart[] {
  const value = base.feeds[slot.name];
  const [then] = baseline?.kind === "rows" ? baseline.rows : [];
  if (value === undefined || value.dtype === "string" || then?.data.length !== value.data.length) return [];
  const covered = { input: slot.name, now: toNumbers(value), then: toNumbers(then), word };
  if (slot.role === "audio") return soundParts(covered, value.dims.at(-1) ?? 0);
  const grid = slot.image === undefined ? undefined : gridOf(value.dims, slot.image.layout);
  return grid === undefined ? [] : pictureParts(covered, grid);
}

function why(slot: InputSlot, population: Population | undefined): string {
  if (slot.role === "tokens") return "it holds ids without their text";
  if (pieced.includes(slot.role)) return "it has no single baseline that parts of it could be set to, or is there already";
  return population === undefined ? "no sample file tells what values it takes" : "the sample file shows no other values for it, or it is no table of features";
}
