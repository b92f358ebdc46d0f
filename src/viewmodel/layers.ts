import type { Explanation, Inspection, LayerShare, LayersAnswer } from "../protocol/explanation.js";
import type { ExplanationView, LayerView, UnitView } from "../protocol/viewModel.js";
import { unitBars } from "./elements.js";
import { withGroups } from "./groupedFeatures.js";
import { inputViews } from "./inputs.js";
import { unitMaps } from "./unitMaps.js";
import { largest } from "./rank.js";

/** A chart of more units than this is noise; the largest are kept, in the layer's order. */
const mostUnits = 512;

const shortClass = (name: string): string => name.split(".").at(-1) ?? name;

/** The layers so that each comes after those that feed it, otherwise in the order of the answer: a container comes after what it holds. */
function inOrder(layers: LayersAnswer["layers"]): LayersAnswer["layers"] {
  const waiting = [...layers];
  const done: LayerShare[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex(({ value, from = [] }) => !from.some((feeder) => feeder !== value && waiting.some((other) => other.value === feeder)));
    // Layers that feed each other keep their places.
    done.push(...waiting.splice(Math.max(0, ready), 1));
  }
  return done;
}

/** Layers from input to output, with class and source line where the model tells. */
export function layerViews(answer: LayersAnswer | undefined, inspection: Inspection | undefined): LayerView[] {
  return inOrder(answer?.layers ?? []).map(({ value, path, units, total, share, from }) => {
    const info = inspection?.layers.find((layer) => layer.values.includes(value) || layer.path === path);
    const call = info?.source?.calls[0];
    const line = info?.source?.definition ?? call?.line;
    return {
      value,
      path: path === "" ? value : path,
      units,
      total,
      share: typeof share === "number" && Number.isFinite(share) ? share : null,
      ...(from === undefined ? {} : { from }),
      ...(info?.class === undefined || info.class === null ? {} : { kind: shortClass(info.class) }),
      ...(info?.source === undefined || info.source === null ? {} : { source: `${info.source.file}${line === undefined ? "" : `:${line}`}` }),
      ...(info?.source?.differs === true ? { differs: true } : {}),
    };
  });
}

/** The units of the chosen layer: from their own explanation, else from the answer for all layers. */
export function unitsView(layer: string | undefined, explanation: Explanation | undefined, answer: LayersAnswer | undefined): ExplanationView["units"] {
  if (layer === undefined) return null;
  const result = explanation?.results[0];
  const own = result === undefined ? undefined : (result.attributions[layer] ?? Object.values(result.attributions)[0]);
  const credit = own ?? answer?.layers.find(({ value, path }) => value === layer || path === layer)?.credit;
  if (credit === undefined) return null;
  const bars = unitBars(credit, result?.error?.[layer]);
  const kept = largest(bars, mostUnits);
  const maps = unitMaps(credit);
  return { layer, bars: kept, ...(kept.length < bars.length ? { total: bars.length } : {}), ...(maps === null ? {} : { maps }) };
}

/** What drives one unit, in the form of the inputs. */
export function unitView(
  part: { readonly layer: string; readonly unit: string; readonly explanation: Explanation },
  roles: ReadonlyMap<string, string>,
): UnitView | null {
  const result = part.explanation.results[0];
  if (result === undefined) return null;
  const own = { layer: part.layer, unit: part.unit, inputs: withGroups(inputViews(result, roles), result) };
  // With a target the score is the target's; without one it is the unit's own.
  if (result.target === undefined) return { ...own, activation: result.score };
  const credits = Object.values(result.attributions).flatMap((credit) => credit.data);
  return { ...own, activation: null, conductance: credits.reduce((total, credit) => total + credit, 0) };
}
