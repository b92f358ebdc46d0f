/** A rectangle of pixels: its first column and line, from 0, and its size. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What can be done with a region of a picture: the baseline takes its place, it is blurred, it is all that stays, or it is put back. */
export const regionEdits = ["remove", "blur", "only", "restore"] as const;
export type RegionEdit = (typeof regionEdits)[number];
