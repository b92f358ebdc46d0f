/** Under which the workspace keeps the explanations that were made. */
export const historyKey = "history";
