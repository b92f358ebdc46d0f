/** A rectangle of pixels: its first column and line, from 0, and its size. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What can be done with a region of a picture: the baseline takes its place, it is blurred, or it is all that stays. */
export const regionEdits = ["remove", "blur", "only"] as const;
export type RegionEdit = (typeof regionEdits)[number];
