import { pageTheme, type Theme } from "../src/charts/theme.js";

/** Charts in the panel take their colours from panel.css, which follows VS Code's theme: a change of theme needs no drawing. */
export const panelTheme: Theme = pageTheme;
