/** The commands' ids, as package.json declares them. */
export const commandIds = {
  explain: "explainPrediction.explain",
  cancel: "explainPrediction.cancel",
  showLog: "explainPrediction.showLog",
} as const;
