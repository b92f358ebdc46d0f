/** Where one input's values come from. */
export interface InputSource {
  /**
   * `columns`: one number each; `cell`: one column that holds the whole value; `text`: one column that is tokenized, or two that are tokenized as a pair; `image`, `audio`: one column that names a file;
   * `derived`: made along with the tokens, picture or sound of `from`; `default`: the same in every row.
   */
  readonly kind: "columns" | "cell" | "text" | "image" | "audio" | "derived" | "default";
  readonly columns: readonly string[];
  /** Names for people, one an element; absent when the file has none. */
  readonly features?: readonly string[];
  /** The input a derived one follows. */
  readonly from?: string;
  /** Features that belong together, by the group's name. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Words for the numbers of a categorical column, by column. */
  readonly categories?: Readonly<Record<string, readonly string[]>>;
}
