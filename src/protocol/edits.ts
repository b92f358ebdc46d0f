/** What was changed of a sample, by input: all values of numbers or categories as people read them, or the whole text. */
export type Edits = Readonly<
  Record<string, { readonly kind: "values"; readonly values: readonly (number | string)[] } | { readonly kind: "text"; readonly text: string }>
>;
