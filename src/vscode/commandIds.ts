/** The commands' ids, as package.json declares them. */
export const commandIds = {
  explain: "explainPrediction.explain",
  explainDataset: "explainPrediction.explainDataset",
  cancel: "explainPrediction.cancel",
  nextRow: "explainPrediction.nextRow",
  previousRow: "explainPrediction.previousRow",
  pinExplanation: "explainPrediction.pinExplanation",
  explainRow: "explainPrediction.explainRow",
  openModel: "explainPrediction.openModel",
  historyOpen: "explainPrediction.historyOpen",
  historyPin: "explainPrediction.historyPin",
  historyUnpin: "explainPrediction.historyUnpin",
  historyCompare: "explainPrediction.historyCompare",
  historyDelete: "explainPrediction.historyDelete",
  clearCredit: "explainPrediction.clearCredit",
  goToLayer: "explainPrediction.goToLayer",
  explainPythonModel: "explainPrediction.explainPythonModel",
  explainSavedModel: "explainPrediction.explainSavedModel",
  writeSidecar: "explainPrediction.writeSidecar",
  openExample: "explainPrediction.openExample",
  showLog: "explainPrediction.showLog",
} as const;

/** Commands about panels, whose code comes with the first panel. */
export const panelCommandIds = [
  commandIds.explain,
  commandIds.explainPythonModel,
  commandIds.explainSavedModel,
  commandIds.openExample,
  commandIds.cancel,
  commandIds.nextRow,
  commandIds.previousRow,
  commandIds.pinExplanation,
] as const;

/** Commands that only links carry, with arguments: nobody finds them in a list. */
export const linkCommandIds = {
  openLayer: "explainPrediction.openLayer",
} as const;
