/** The colours of a chart. Blue is against, orange is for: they differ to every kind of colour vision, and signs and sides say the same. */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  /** Axes, connectors, outlines of cells. */
  readonly line: string;
  /** Bars. */
  readonly for: string;
  readonly against: string;
  readonly neutral: string;
  /** Fills under text (opacity grows with the credit); `markText` has 4.5 : 1 on each of them at any opacity. */
  readonly forMark: string;
  readonly againstMark: string;
  readonly markText: string;
  /** Outline of bars and cells: invisible except in high contrast. */
  readonly outline: string;
  readonly focus: string;
  readonly font: string;
}

export const themeNames = ["light", "dark", "hcDark", "hcLight"] as const;
export type ThemeName = (typeof themeNames)[number];

const font = "system-ui, -apple-system, Segoe UI, sans-serif";

/** Fixed colours, for files that stand alone. */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: "#ffffff",
    text: "#3b3b3b",
    muted: "#616161",
    line: "#d4d4d4",
    for: "#b54b06",
    against: "#1c5fb5",
    neutral: "#9a9a9a",
    forMark: "#f0975a",
    againstMark: "#75aeec",
    markText: "#1f1f1f",
    outline: "none",
    focus: "#005fb8",
    font,
  },
  dark: {
    background: "#1f1f1f",
    text: "#cccccc",
    muted: "#9d9d9d",
    line: "#454545",
    for: "#e8761f",
    against: "#4a97ec",
    neutral: "#6e6e6e",
    forMark: "#a8500c",
    againstMark: "#1f62b0",
    markText: "#f2f2f2",
    outline: "none",
    focus: "#0078d4",
    font,
  },
  hcDark: {
    background: "#000000",
    text: "#ffffff",
    muted: "#ffffff",
    line: "#6fc3df",
    for: "#ff9a4d",
    against: "#6cb3ff",
    neutral: "#8c8c8c",
    forMark: "#a34a00",
    againstMark: "#1b5fae",
    markText: "#ffffff",
    outline: "#ffffff",
    focus: "#f38518",
    font,
  },
  hcLight: {
    background: "#ffffff",
    text: "#292929",
    muted: "#292929",
    line: "#0f4a85",
    for: "#a84300",
    against: "#0b4fa3",
    neutral: "#767676",
    forMark: "#f0a06a",
    againstMark: "#86b8ee",
    markText: "#000000",
    outline: "#292929",
    focus: "#006bbd",
    font,
  },
};

const names: readonly (keyof Theme)[] = [
  "background",
  "text",
  "muted",
  "line",
  "for",
  "against",
  "neutral",
  "forMark",
  "againstMark",
  "markText",
  "outline",
  "focus",
  "font",
];

const property = (name: string): string => `--ep-${name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;

/** A theme as CSS custom properties (--ep-for, --ep-mark-text, …), one declaration a line. */
export function themeProperties(theme: Theme): string {
  return names.map((name) => `  ${property(name)}: ${theme[name]};`).join("\n");
}

const variable = (name: keyof Theme): string => `var(${property(name)})`;

/** Colours by reference: the page's style sheet defines them, so a chart follows the page's theme without being drawn again. */
export const pageTheme: Theme = {
  background: variable("background"),
  text: variable("text"),
  muted: variable("muted"),
  line: variable("line"),
  for: variable("for"),
  against: variable("against"),
  neutral: variable("neutral"),
  forMark: variable("forMark"),
  againstMark: variable("againstMark"),
  markText: variable("markText"),
  outline: variable("outline"),
  focus: variable("focus"),
  font: variable("font"),
};
