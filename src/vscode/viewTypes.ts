/** The kinds of our webviews, as package.json declares them. */
export const viewTypes = {
  panel: "explainPrediction.panel",
  model: "explainPrediction.model",
} as const;
