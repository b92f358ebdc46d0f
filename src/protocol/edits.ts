/** What was changed of a sample, by input: all values of numbers or categories as people read them, with their shape where they have several axes; or the whole text. */
export type Edits = Readonly<
  Record<
    string,
    | { readonly kind: "values"; readonly values: readonly (number | string)[]; readonly dims?: readonly number[] }
    | { readonly kind: "text"; readonly text: string }
  >
>;
