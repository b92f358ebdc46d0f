/** What explanations of many rows say together: what each row adds, and the sums of groups of rows. Plain data. */

/** Words in fewer rows than this say little about the model, and are left out. */
export const fewestWordRows = 3;

/** The credit of one feature or word in a row, and what it is added up under. */
export interface ObservedCredit {
  /** The same for the same feature or word in every row. */
  readonly key: string;
  readonly input: string;
  /** With the input's name in front where there are several. */
  readonly label: string;
  readonly credit: number;
  /** The sample's value; null where there is none to show. */
  readonly value: number | string | null;
  /** Words of a text are in some rows only. */
  readonly word: boolean;
}

/** The credits of a picture, in the order of its tensor. */
export interface ObservedPicture {
  readonly input: string;
  readonly dims: readonly number[];
  readonly credits: readonly number[];
}

/** What one explained row adds to a summary. */
export interface ObservedRow {
  readonly row: number;
  /** What the data calls it. */
  readonly id: string | null;
  /** Null for models that give one number. */
  readonly predicted: string | null;
  readonly truth: string | null;
  /** Absent where there is no true answer to hold the prediction against. */
  readonly right?: boolean;
  /** The highest of the scores. */
  readonly score: number;
  /** Σ credits − change in score; null where the method promises none. */
  readonly delta: number | null;
  readonly credits: readonly ObservedCredit[];
  readonly pictures: readonly ObservedPicture[];
  /** Whether the row is kept, to be drawn as a dot. */
  readonly drawn: boolean;
}

/** One feature (or word) over the rows of a group that have it. */
export interface FeatureSummary {
  readonly label: string;
  readonly input: string;
  readonly rows: number;
  readonly meanAbs: number;
  readonly mean: number;
  /** Half-width of a 95 % interval of meanAbs. */
  readonly interval: number;
  /** The same of mean. */
  readonly meanInterval: number;
  /** Words are in some rows only: then `rows` is worth telling. */
  readonly word?: true;
}

/** A picture's means over the rows of a group, element by element. */
export interface PictureSummary {
  readonly input: string;
  readonly dims: readonly number[];
  readonly meanAbs: readonly number[];
  readonly mean: readonly number[];
}

/** What part of all |credit| an input has in a group of rows, and the mean of the sum of its credits. */
export interface ShareSummary {
  readonly input: string;
  readonly share: number;
  readonly net: number;
}

/** Credits of single rows: [row, credit, value]. */
export interface SwarmSummary {
  readonly label: string;
  readonly dots: readonly (readonly [row: number, credit: number, value: number | string | null])[];
}

/** What the rows of a group say together. */
export interface GroupSummary {
  readonly rows: number;
  /** The strongest features. */
  readonly features: readonly FeatureSummary[];
  /** How many features there are. */
  readonly count: number;
  readonly swarms: readonly SwarmSummary[];
  readonly pictures: readonly PictureSummary[];
  /** Empty for models with one input. */
  readonly shares: readonly ShareSummary[];
}

/** How the credits of wrong predictions differ from those of right ones: mean of the wrong minus mean of the right. */
export interface DriverSummary {
  readonly right: number;
  readonly wrong: number;
  readonly features: readonly {
    readonly label: string;
    readonly input: string;
    readonly right: number;
    readonly wrong: number;
    readonly difference: number;
    /** Half-width of a 95 % interval of the difference; null where one side has fewer than two rows. */
    readonly interval: number | null;
  }[];
  /** `mean` is the difference of the means, `meanAbs` its size. */
  readonly pictures: readonly PictureSummary[];
}
