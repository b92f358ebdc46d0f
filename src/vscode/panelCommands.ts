import { commandIds, type panelCommandIds } from "./commandIds.js";
import { explainPrediction } from "./commands/explainPrediction.js";
import { openExample } from "./commands/openExample.js";
import { Panels } from "./panels.js";
import type { ExportMemory } from "./python/exportMemory.js";
import type { Services } from "./services.js";

/** What commands about panels do, and the panels that they share: loaded together with the first, so that commands run in the order in which they were given. */
export interface PanelCommands {
  readonly panels: Panels;
  readonly run: Readonly<Record<(typeof panelCommandIds)[number], (argument: unknown) => unknown>>;
}

export function panelCommands(services: Services, exports: ExportMemory): PanelCommands {
  const panels = new Panels(services);
  const explainPython = async (argument: unknown): Promise<unknown> => {
    const { explainPythonModel } = await import("./commands/explainPythonModel.js");
    return explainPythonModel(services, panels, exports, argument);
  };
  return {
    panels,
    run: {
      [commandIds.explain]: (argument) => explainPrediction(services, panels, argument),
      [commandIds.explainPythonModel]: explainPython,
      [commandIds.explainSavedModel]: explainPython,
      [commandIds.openExample]: (argument) => openExample(services, panels, argument),
      [commandIds.cancel]: () => panels.cancelAll(),
      [commandIds.nextRow]: () => panels.active?.stepRow(1),
      [commandIds.previousRow]: () => panels.active?.stepRow(-1),
      [commandIds.pinExplanation]: () => panels.active?.pin(),
    },
  };
}
