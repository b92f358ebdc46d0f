import type { ColumnFacts } from "./columns.js";
import type { InputSlot } from "./inputSlot.js";
import type { InputSource } from "./inputSource.js";

/**
 * The column with picture or sound files that feeds an input: of its role where there is one such column for one such input; an input whose role is not known takes the
 * only such column when nothing else could.
 */
export function byMedia(slot: InputSlot, free: readonly ColumnFacts[], rivals: readonly InputSlot[]): InputSource | undefined {
  for (const kind of ["image", "audio"] as const) {
    const [column, ...more] = free.filter((f) => f.media === kind);
    if (column === undefined || more.length > 0 || slot[kind] === undefined) continue;
    const sure = rivals.filter((rival) => rival.role === kind);
    const able = sure.length > 0 ? sure : rivals.filter((rival) => rival[kind] !== undefined && rival.value === undefined && rival.role !== "state");
    if (able.length === 1 && able[0] === slot) return { kind, columns: [column.name] };
  }
  return undefined;
}

/** The sound whose rate a flag takes, if that is what the flag is for. */
export function followed(slot: InputSlot, heard: string | undefined): string | undefined {
  return slot.role === "flag" && slot.value === undefined && /^(sr|rate|sample_?rate|sampling_?rate)$/i.test(slot.name) ? heard : undefined;
}
