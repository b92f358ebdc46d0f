/** The commands' ids, as package.json declares them. */
export const commandIds = {
  explain: "explainPrediction.explain",
  cancel: "explainPrediction.cancel",
  explainRow: "explainPrediction.explainRow",
  openModel: "explainPrediction.openModel",
  historyOpen: "explainPrediction.historyOpen",
  historyPin: "explainPrediction.historyPin",
  historyUnpin: "explainPrediction.historyUnpin",
  historyCompare: "explainPrediction.historyCompare",
  historyDelete: "explainPrediction.historyDelete",
  clearCredit: "explainPrediction.clearCredit",
  goToLayer: "explainPrediction.goToLayer",
  openLayer: "explainPrediction.openLayer",
  writeSidecar: "explainPrediction.writeSidecar",
  openExample: "explainPrediction.openExample",
  showLog: "explainPrediction.showLog",
} as const;
