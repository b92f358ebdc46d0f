import { measureNames } from "../src/protocol/names.js";
import type { FromPanel } from "../src/protocol/panelMessages.js";
import type { ExplanationView } from "../src/protocol/viewModel.js";

/** The choice that stands for one more that is typed or picked in the editor. */
export const asked = "ask:";

/** The message a control stands for; null when it says nothing that can be asked. `value` is the control's choice; "" stands for what is in use already. */
export function intent(name: string, value: string): FromPanel | null {
  switch (name) {
    case "target":
      return value === "" ? null : value === asked ? { kind: "ask", what: "target" } : { kind: "target", target: value };
    case "versus":
      return value === asked ? { kind: "ask", what: "versus" } : { kind: "versus", versus: value };
    case "columns":
      return { kind: "ask", what: "columns" };
    case "method":
      return { kind: "method", method: value };
    case "baseline":
      return value === "" ? null : value === asked ? { kind: "ask", what: "baseline" } : { kind: "baseline", baseline: value };
    case "row": {
      const row = Number(value);
      return Number.isInteger(row) && row >= 0 ? { kind: "row", row } : null;
    }
    case "export":
      return value === "html" || value === "json" || value === "csv" ? { kind: "export", format: value } : null;
    case "source":
      return value === "" ? null : { kind: "source", layer: value };
    case "cancel":
    case "retry":
    case "isolated":
    case "back":
    case "forward":
    case "home":
    case "reset":
    case "pin":
      return { kind: name };
    case "stopFlip":
    case "applyFlip":
    case "stopMeasuring":
      return { kind: name };
    case "measure": {
      const measure = [...measureNames, "all" as const].find((one) => one === value);
      return measure === undefined ? null : { kind: "measure", measure };
    }
    case "many":
      return value === "start" || value === "stop" || value === "csv" || value === "command" || value === "dataset" ? { kind: "many", what: value } : null;
    case "region":
      // The button holds the whole message; the extension checks it.
      return JSON.parse(value) as Extract<FromPanel, { kind: "region" }>;
    case "flip":
      return flipIntent(value);
    case "unpin":
      return { kind: "unpin", pin: value };
    case "layer":
      return { kind: "layer", layer: value };
    case "copy":
      return value === "markdown" || value === "command" || value === "python" ? { kind: "copy", what: value } : null;
    default:
      return null;
  }
}

/** The search's button carries what is wanted as JSON. */
function flipIntent(value: string): FromPanel | null {
  const { to, input } = JSON.parse(value) as { readonly to?: unknown; readonly input?: unknown };
  return typeof to === "string" && typeof input === "string" ? { kind: "flip", to, input } : null;
}

/** The message for a chosen row or cell of a chart. */
export function chartIntent(button: Element, view: ExplanationView): FromPanel | null {
  const key = button.getAttribute("data-key");
  if (key === null) return null;
  if (button.closest("[data-swarm]") !== null) return intent("row", key);
  if (button.hasAttribute("data-target")) return { kind: "target", target: key };
  if (button.hasAttribute("data-layer")) return { kind: "layer", layer: key };
  return view.units === null ? null : { kind: "unit", layer: view.units.layer, unit: key };
}
