/** Most points that are compared with each other; more are thinned out evenly. */
const medoidLimit = 1000;

const mostRounds = 50;

/**
 * Positions of `count` points that stand for all: each point is assigned to the nearest, and the sum of those distances is small. Coordinates are divided by their standard
 * deviation, so that units do not matter; constant ones are left out. The first medoids are chosen greedily (BUILD), then each cluster's best member takes over until none
 * does. The same points give the same medoids, in order of the size of their clusters.
 * Source: Kaufman and Rousseeuw, Finding Groups in Data, 1990, chapter 2; Park and Jun, https://doi.org/10.1016/j.eswa.2008.01.039.
 */
export function medoids(points: readonly (readonly number[])[], count: number): readonly number[] {
  const kept = thinned(points.length);
  const scaled = standardised(kept.map((i) => points[i] ?? []));
  const n = scaled.length;
  const distance = distances(scaled);
  const between = (i: number, j: number): number => distance[i * n + j] ?? 0;
  let chosen = build(n, Math.min(count, n), between);
  for (let round = 0; round < mostRounds; round++) {
    const clusters = assign(n, chosen, between);
    const next = clusters.map((members, k) => best(members, between) ?? chosen[k] ?? 0);
    if (next.every((medoid, k) => medoid === chosen[k])) break;
    chosen = next;
  }
  const sizes = assign(n, chosen, between).map((members) => members.length);
  return chosen
    .map((medoid, k) => ({ medoid, size: sizes[k] ?? 0 }))
    .sort((a, b) => b.size - a.size || a.medoid - b.medoid)
    .map(({ medoid }) => kept[medoid] ?? 0);
}

function thinned(total: number): readonly number[] {
  const length = Math.min(total, medoidLimit);
  return Array.from({ length }, (_, i) => Math.floor((i * total) / length));
}

function standardised(points: readonly (readonly number[])[]): readonly Float64Array[] {
  const width = points[0]?.length ?? 0;
  const scales = Array.from({ length: width }, (_, d) => {
    const mean = points.reduce((sum, p) => sum + (p[d] ?? 0), 0) / points.length;
    const deviation = Math.sqrt(points.reduce((sum, p) => sum + ((p[d] ?? 0) - mean) ** 2, 0) / points.length);
    return deviation > 0 && Number.isFinite(deviation) ? 1 / deviation : 0;
  });
  return points.map((p) => Float64Array.from(scales, (scale, d) => (scale === 0 ? 0 : (p[d] ?? 0) * scale)));
}

function distances(points: readonly Float64Array[]): Float64Array {
  const n = points.length;
  const table = new Float64Array(n * n);
  for (const [i, a] of points.entries())
    for (let j = 0; j < i; j++) {
      const b = points[j];
      let sum = 0;
      for (let d = 0; d < a.length; d++) sum += ((a[d] ?? 0) - (b?.[d] ?? 0)) ** 2;
      table[i * n + j] = table[j * n + i] = Math.sqrt(sum);
    }
  return table;
}

type Between = (i: number, j: number) => number;

/** One by one the point that lowers the sum of distances most. */
function build(n: number, count: number, between: Between): number[] {
  const nearest = new Float64Array(n).fill(Infinity);
  const chosen: number[] = [];
  while (chosen.length < count) {
    let least = { point: -1, cost: Infinity };
    for (let candidate = 0; candidate < n; candidate++) {
      if (chosen.includes(candidate)) continue;
      let cost = 0;
      for (let i = 0; i < n; i++) cost += Math.min(nearest[i] ?? Infinity, between(candidate, i));
      if (cost < least.cost) least = { point: candidate, cost };
    }
    chosen.push(least.point);
    for (let i = 0; i < n; i++) nearest[i] = Math.min(nearest[i] ?? Infinity, between(least.point, i));
  }
  return chosen;
}

function assign(n: number, chosen: readonly number[], between: Between): number[][] {
  const clusters: number[][] = chosen.map(() => []);
  for (let i = 0; i < n; i++) {
    let nearest = 0;
    for (let k = 1; k < chosen.length; k++) if (between(i, chosen[k] ?? 0) < between(i, chosen[nearest] ?? 0)) nearest = k;
    clusters[nearest]?.push(i);
  }
  return clusters;
}

function best(members: readonly number[], between: Between): number | undefined {
  let least = { point: members[0], cost: Infinity };
  for (const candidate of members) {
    const cost = members.reduce((sum, i) => sum + between(candidate, i), 0);
    if (cost < least.cost) least = { point: candidate, cost };
  }
  return least.point;
}
