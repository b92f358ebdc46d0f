import type { RayProgress } from "../../ray/runRayJob.js";

/** How far a run is and how fast. */
export interface Pace {
  readonly rows: number;
  /** Null while nobody knows it. */
  readonly total: number | null;
  readonly rejected: number;
  /** Of this run, not of what it continues; 0 while nothing is known. */
  readonly rowsPerSecond: number;
  readonly secondsLeft: number | null;
}

/** Counts rows against the clock. `before`: rows that an earlier run has done. */
export function createPace(
  total: number,
  before: number,
  now: () => number = () => performance.now(),
): { finished(rows: number, rejected: number): void; now(partly: number): Pace } {
  const started = now();
  let own = 0;
  let refused = 0;
  return {
    finished(rows, rejected) {
      own += rows;
      refused += rejected;
    },
    now(partly) {
      const seconds = (now() - started) / 1000;
      const done = own + partly;
      const rowsPerSecond = seconds > 0 ? done / seconds : 0;
      const rows = Math.min(total, Math.round(before + done));
      return { rows, total, rejected: refused, rowsPerSecond, secondsLeft: rowsPerSecond > 0 ? (total - before - done) / rowsPerSecond : null };
    },
  };
}

/** How far a job of a cluster is. */
export function clusterPace({ rows, explained, total, seconds }: RayProgress): Pace {
  const rowsPerSecond = seconds > 0 ? explained / seconds : 0;
  return { rows, total, rejected: 0, rowsPerSecond, secondsLeft: total === null || rowsPerSecond === 0 ? null : (total - rows) / rowsPerSecond };
}

/** "12,288 of 20,000 rows (61 %), 5,400 rows a second, 2 s left, 3 rejected". */
export function paceWords({ rows, total, rejected, rowsPerSecond, secondsLeft }: Pace): string {
  const number = (x: number): string => (x >= 10 ? Math.round(x) : Math.round(x * 10) / 10).toLocaleString("en");
  return [
    total === null ? `${number(rows)} rows` : `${number(rows)} of ${number(total)} rows (${Math.floor((100 * rows) / Math.max(1, total))} %)`,
    ...(rowsPerSecond > 0 ? [`${number(rowsPerSecond)} rows a second`] : []),
    ...(secondsLeft === null || total === null || rows >= total ? [] : [`${durationWords(secondsLeft)} left`]),
    ...(rejected > 0 ? [`${number(rejected)} rejected`] : []),
  ].join(", ");
}

/** "45 s", "12 min 5 s", "3 h 20 min". */
export function durationWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
