import type { LayerInfo } from "../../src/protocol/explanation.js";

/** One line of the outline: a module, with its layer where the model has one of that path. */
export interface OutlineRow {
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  readonly depth: number;
  readonly layer: LayerInfo | null;
  readonly children: readonly OutlineRow[];
}

interface Growing {
  path: string;
  name: string;
  depth: number;
  layer: LayerInfo | null;
  children: Growing[];
}

/** Layers as a tree by module path, in order of execution. Layers that are known by a value's name are no modules: they stay in one list. */
export function outlineOf(layers: readonly LayerInfo[]): readonly OutlineRow[] {
  const roots: Growing[] = [];
  const known = new Map<string, Growing>();
  for (const layer of layers) {
    if (layer.path === layer.values[0] && layer.class === null) {
      roots.push({ path: layer.path, name: layer.path, depth: 0, layer, children: [] });
      continue;
    }
    const parts = layer.path.split(".");
    let list = roots;
    for (const [depth, name] of parts.entries()) {
      const path = parts.slice(0, depth + 1).join(".");
      let row = known.get(path);
      if (row === undefined) {
        row = { path, name, depth, layer: null, children: [] };
        known.set(path, row);
        list.push(row);
      }
      if (depth === parts.length - 1) row.layer = layer;
      list = row.children;
    }
  }
  return roots;
}

/** The rows to show, top to bottom: without what is folded. A search shows what matches and the modules around it, whatever is folded. */
export function visibleRows(rows: readonly OutlineRow[], folded: ReadonlySet<string>, search: string): readonly OutlineRow[] {
  const wanted = search.trim().toLowerCase();
  const found: OutlineRow[] = [];
  const walk = (row: OutlineRow): boolean => {
    const at = found.length;
    found.push(row);
    const inside = wanted !== "" || !folded.has(row.path) ? row.children.map(walk).includes(true) : false;
    const keep = wanted === "" || inside || matches(row, wanted);
    if (!keep) found.length = at;
    return keep;
  };
  for (const row of rows) walk(row);
  return found;
}

function matches({ path, layer }: OutlineRow, wanted: string): boolean {
  const source = layer?.source == null ? "" : `${layer.source.file}:${layer.source.definition ?? ""}`;
  return [path, layer?.class ?? "", source, ...(layer?.operators ?? []), ...(layer?.values ?? [])].some((text) => text.toLowerCase().includes(wanted));
}

/** Parameters of the whole model as far as its layers have them: those of outermost modules hold the rest. */
export function totalParameters(rows: readonly OutlineRow[]): number {
  return rows.reduce((total, row) => total + (row.layer?.parameters ?? totalParameters(row.children)), 0);
}
