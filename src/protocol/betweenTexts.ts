/** What stands between two texts that a model reads as one sequence, where they are shown and typed as one text. */
export const betweenTexts = " ‖ ";
