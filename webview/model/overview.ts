import type { ModelValue } from "../../src/protocol/explanation.js";
import type { ModelAbilities, ModelViewState } from "../../src/protocol/modelView.js";
import { element } from "./dom.js";
import { shapeText } from "./tree.js";

const units = ["bytes", "KB", "MB", "GB"] as const;

function sizeText(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${step === 0 ? bytes : (bytes / 1024 ** step).toFixed(1)} ${units[step] ?? ""}`;
}

/** File, producer and what can be done with the model. */
export function header({ outline, sidecar }: ModelViewState): HTMLElement {
  const { file, bytes, producer, opset } = outline.model;
  const facts = [sizeText(bytes), producer, ...Object.entries(opset).map(([domain, version]) => `opset ${domain === "" ? "" : `${domain} `}${version}`)];
  return element(
    "header",
    {},
    element("h1", {}, file),
    element("p", { class: "facts" }, facts.filter((fact) => fact !== "").join(" · ")),
    element(
      "div",
      { class: "buttons" },
      element("button", { class: "primary", "data-intent": "explain" }, "Explain prediction"),
      element("button", { class: "secondary", "data-intent": "sidecar" }, sidecar ? "Open sidecar" : "Write sidecar"),
    ),
  );
}

const typeText = ({ type, dims }: ModelValue): string => `${type} ${shapeText(dims)}`.trim();

const withoutRole = (value: ModelValue): ModelValue & { readonly role: string; readonly evidence: string; readonly labels?: readonly string[] } => ({
  ...value,
  role: "…",
  evidence: "",
});

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
    element(
      "tbody",
      {},
      ...rows.map(([first = "", ...rest]) => element("tr", {}, element("th", { scope: "row" }, first), ...rest.map((text) => element("td", {}, text)))),
    ),
  );
}

/** Inputs with the roles that were inferred, and outputs. Roles come once the runtime has opened the model. */
export function values({ outline, inspection }: ModelViewState): HTMLElement {
  const { inputs, outputs } = inspection ?? { inputs: outline.inputs.map(withoutRole), outputs: outline.outputs.map(withoutRole) };
  return element(
    "div",
    { class: "values" },
    table(
      "Inputs",
      ["Name", "Type", "Role", "Because"],
      inputs.map((input) => [input.name, typeText(input), input.role, input.evidence]),
    ),
    table(
      "Outputs",
      ["Name", "Type", "Role", "Labels"],
      outputs.map((output) => [output.name, typeText(output), output.role, output.labels?.join(", ") ?? ""]),
    ),
  );
}

/** Which methods work, which do not and why; the operators; remarks. */
export function abilities({ methods, operators, diagnostics }: ModelAbilities): HTMLElement {
  const works = methods.filter(({ available }) => available);
  const reasons = new Map<string, string[]>();
  for (const { name, available, reason = "" } of methods) if (!available) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return element(
    "div",
    { class: "abilities" },
    fold(`Methods (${works.length} of ${methods.length} work)`, [
      element("p", {}, works.map(({ name }) => name).join(", ")),
      ...[...reasons].map(([reason, names]) => element("p", {}, element("strong", {}, "Not: "), `${names.join(", ")}. ${reason}`)),
    ]),
    fold(`Operators (${operators.reduce((total, { count }) => total + count, 0)} nodes of ${operators.length} kinds)`, [
      table(
        "Operators",
        ["Operator", "Count", "Gradient"],
        operators.map(({ type, domain, count, gradient, reason }) => [
          domain === "" ? type : `${domain}.${type}`,
          String(count),
          gradient === "rule" ? "yes" : gradient === "zero" ? "none: constant" : (reason ?? "not supported"),
        ]),
      ),
    ]),
    ...diagnostics.map(({ message, hint, severity }) => element("p", { class: `remark ${severity}` }, `${message}${hint === undefined ? "" : ` ${hint}`}`)),
  );
}

function fold(title: string, content: readonly Node[]): HTMLElement {
  return element("details", {}, element("summary", {}, title), ...content);
}
