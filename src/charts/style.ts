import { colourLevels } from "../viewmodel/scale.js";

/**
 * Rules that charts and sections need wherever they stand, in terms of the --ep-… properties (theme.ts). The report carries them itself;
 * media/panel.css contains the same text, since the panel's content policy wants files (a test compares them).
 */
export function chartStyle(): string {
  const levels = Array.from({ length: colourLevels }, (_, i) => i + 1).flatMap((level) =>
    (["for", "against"] as const).map(
      (side) => `.ep-${side}-${level} { background-color: color-mix(in srgb, var(--ep-${side}-mark) ${level * (100 / colourLevels)}%, transparent); }`,
    ),
  );
  return `.ep-chart { display: block; max-width: 100%; height: auto; overflow: visible; }
.ep-button { cursor: pointer; outline: none; }
.ep-button:hover .ep-hit, .ep-button.ep-hit:hover { stroke: var(--ep-muted); }
.ep-button:focus-visible .ep-hit, .ep-button.ep-hit:focus-visible { stroke: var(--ep-focus); stroke-width: 2; }
.ep-tokens { margin: 4px 0; font-size: 1.2em; line-height: 1.75; overflow-wrap: anywhere; white-space: pre-wrap; }
.ep-token { padding: 2px 3px; margin: 0 -1px; border-radius: 3px; }
.ep-for, .ep-against { color: var(--ep-mark-text); }
.ep-for { border-bottom: 1px solid var(--ep-outline); }
.ep-against { border-bottom: 1px dashed var(--ep-outline); }
${levels.join("\n")}
.ep-current { outline: 2px solid var(--ep-focus); outline-offset: 1px; }
.ep-removed { padding: 2px 3px; color: var(--ep-muted); background-color: var(--ep-background); border-radius: 3px; text-decoration: line-through; }
.ep-told { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; min-height: 28px; }
.ep-tokens:focus-visible { outline: 1px solid var(--ep-focus); outline-offset: 4px; }
.ep-long { max-height: 70vh; overflow-y: auto; }
.ep-chunk { margin: 0; content-visibility: auto; contain-intrinsic-size: auto 12em; }
.ep-tools { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; margin-bottom: 8px; }
.ep-figures { display: flex; flex-wrap: wrap; gap: 8px 12px; outline-offset: 4px; }
.ep-figures:focus-visible { outline: 1px solid var(--ep-focus); }
.ep-former { margin-top: 8px; }
.ep-figure { margin: 0; min-width: 0; }
.ep-figure figcaption { margin-top: 3px; color: var(--ep-muted); font-size: 0.92em; }
.ep-sound { display: grid; gap: 8px; outline-offset: 4px; }
.ep-sound + .ep-note { margin-top: 8px; }
.ep-sound:focus-visible { outline: 1px solid var(--ep-focus); }
.ep-sound .ep-current { outline: none; }
.ep-sound .ep-current .ep-stretch { stroke: var(--ep-focus); stroke-width: 1.5px; }
.ep-overlay { opacity: var(--ep-overlay, 0.8); }
.ep-shares { margin: 8px 0 4px; }
.ep-sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 4px 24px; }
.ep-sides p { margin: 2px 0; }
.ep-scroll { overflow-x: auto; max-width: 100%; }
.ep-scroll:focus-visible { outline: 1px solid var(--ep-focus); }
.ep-scroll .ep-chart { max-width: none; }
.ep-scale { display: flex; gap: 8px; align-items: center; justify-content: flex-end; color: var(--ep-muted); font-size: 0.9em; }
.ep-ramp { display: inline-block; width: 120px; max-width: 30%; height: 8px; border-radius: 1px; background: linear-gradient(to right, var(--ep-against-mark), transparent 50%, var(--ep-for-mark)); }
.ep-section { padding: 10px 0 12px; border-top: 1px solid var(--ep-line); min-width: 0; }
.ep-section > summary { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; justify-content: space-between; margin-bottom: 8px; cursor: pointer; list-style: none; }
.ep-section > summary::-webkit-details-marker { display: none; }
.ep-section > summary h2::before { content: "▸"; display: inline-block; width: 1.1em; color: var(--ep-muted); }
.ep-section[open] > summary h2::before { content: "▾"; }
.ep-section > summary .ep-note { margin: 0; }
.ep-section h2 { margin: 0; font-size: 1em; font-weight: 600; color: var(--ep-text); overflow-wrap: anywhere; }
.ep-section h3 { margin: 10px 0 4px; font-size: 1em; font-weight: 600; color: var(--ep-muted); }
.ep-section h2 span { font-weight: 400; color: var(--ep-muted); }
.ep-note { margin: 4px 0; color: var(--ep-muted); font-size: 0.92em; overflow-wrap: anywhere; }
.ep-alternative { margin-top: 6px; color: var(--ep-muted); font-size: 0.92em; overflow-x: auto; }
.ep-alternative > summary { cursor: pointer; width: fit-content; }
.ep-table { margin-top: 4px; border-collapse: collapse; color: var(--ep-text); font-variant-numeric: tabular-nums; }
.ep-table th, .ep-table td { padding: 2px 12px 2px 0; border-bottom: 1px solid var(--ep-line); text-align: right; font-weight: 400; white-space: nowrap; }
.ep-table th:first-child { text-align: left; }
.ep-table .ep-member { padding-left: 1.4em; }
.ep-table thead th { color: var(--ep-muted); }
.ep-prediction h1 { margin: 4px 0; font-size: 1.6em; font-weight: 400; overflow-wrap: anywhere; }
.ep-prediction h1 strong { font-weight: 600; }
.ep-prediction h1 .ep-explained { color: var(--ep-for); }
.ep-prediction h1 .ep-confidence { color: var(--ep-muted); white-space: nowrap; }
.ep-explains { margin: 6px 0; }
.ep-check { margin: 8px 0 12px; padding: 6px 10px; border: 1px solid var(--ep-line); border-left: 3px solid var(--ep-muted); border-radius: 3px; max-width: 720px; }
.ep-check > summary { display: flex; gap: 8px; cursor: pointer; list-style: none; overflow-wrap: anywhere; }
.ep-check > summary::-webkit-details-marker { display: none; }
.ep-check-sign { font-weight: 700; min-width: 1em; text-align: center; }
.ep-check-good { border-left-color: var(--ep-good); }
.ep-check-good .ep-check-sign { color: var(--ep-good); }
.ep-check-partial { border-left-style: dashed; border-left-color: var(--ep-focus); }
.ep-check-poor { border: 2px solid var(--ep-poor); background: color-mix(in srgb, var(--ep-poor) 12%, transparent); font-weight: 600; }
.ep-check-poor .ep-check-sign { color: var(--ep-poor); }
.ep-check dl { margin: 8px 0 2px; font-weight: 400; font-variant-numeric: tabular-nums; }
.ep-check dl div { display: flex; gap: 12px; justify-content: space-between; max-width: 420px; padding: 1px 0; }
.ep-check dt { color: var(--ep-muted); }
.ep-check dd { margin: 0; text-align: right; }
.ep-trust + .ep-trust { margin-top: 10px; }
.ep-trust-head { display: flex; gap: 4px 16px; align-items: center; justify-content: space-between; }
.ep-trust-head h3 { margin: 4px 0 0; color: var(--ep-text); }
.ep-trust-head .ep-note { margin: 0 0 4px; }
.ep-trust-reading { display: flex; gap: 8px; margin: 2px 0 8px; }
.ep-trust-sign { flex: none; min-width: 1em; font-weight: 700; text-align: center; }
[data-verdict="good"] .ep-trust-sign { color: var(--ep-good); }
[data-verdict="poor"] .ep-trust-sign { color: var(--ep-poor); }
.ep-trust-progress { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; margin: 2px 0 8px; }
.ep-diagnostic { display: flex; gap: 10px; margin: 6px 0; overflow-wrap: anywhere; }
.ep-diagnostic p { margin: 0 0 2px; }
.ep-diagnostic-sign { flex: none; width: 1.4em; height: 1.4em; border: 1px solid currentColor; border-radius: 50%; text-align: center; line-height: 1.4em; font-size: 0.85em; font-weight: 700; color: var(--ep-muted); }
.ep-warning .ep-diagnostic-sign, .ep-error .ep-diagnostic-sign { color: var(--ep-poor); }
.ep-hint { color: var(--ep-muted); }
.ep-facts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; }
.ep-facts div { display: flex; gap: 6px; }
.ep-facts dt { color: var(--ep-muted); }
.ep-facts dd { margin: 0; overflow-wrap: anywhere; }
.ep-columns { display: grid; grid-template-columns: minmax(0, 1fr); column-gap: 40px; }
@media (min-width: 1000px) { .ep-columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@media (forced-colors: active) { .ep-chart, .ep-token { forced-color-adjust: none; } }
`;
}
