import type { Credit, Result } from "../protocol/explanation.js";

/**
 * The mean over rows of each attribution, signed or of absolute values. An input whose shape differs between rows (texts of different length) has no mean and is left out.
 * Labels are kept where all rows agree on them; the sample's values belong to one row and are not.
 */
export function aggregate(
  results: readonly Result[],
  kind: "mean" | "meanAbs",
): { readonly credits: Readonly<Record<string, Credit>>; readonly uneven: readonly string[] } {
  const credits: Record<string, Credit> = {};
  const uneven: string[] = [];
  for (const name of Object.keys(results[0]?.attributions ?? {})) {
    const parts = results.flatMap((r) => r.attributions[name] ?? []);
    const first = parts[0];
    if (first === undefined) continue;
    if (parts.length !== results.length || parts.some((p) => !same(p.dims, first.dims))) {
      uneven.push(name);
      continue;
    }
    const labels = first.labels;
    credits[name] = {
      dims: first.dims,
      data: first.data.map((_, i) => parts.reduce((sum, p) => sum + (kind === "mean" ? (p.data[i] ?? 0) : Math.abs(p.data[i] ?? 0)), 0) / parts.length),
      ...(labels !== undefined && first.spans === undefined && parts.every((p) => p.labels !== undefined && same(p.labels, labels)) ? { labels } : {}),
    };
  }
  return { credits, uneven };
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
