import { plainText } from "../base/plainText.js";

/** Text that is markup already. Everything else that meets the template is escaped: labels come from files and are hostile. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Fragment = Markup | string | number | false | null | undefined | readonly Fragment[];

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Printable ASCII without what markup is made of: most of what is drawn, and told at one look. */
const plain = /^[ !#-%(-;=?-~]*$/;

/** Text for element content and quoted attributes alike. */
export function escape(text: string): string {
  if (plain.test(text)) return text;
  return plainText(text).replace(/[&<>"']/gu, (character) => entities[character] ?? "");
}

function render(fragment: Fragment): string {
  if (fragment instanceof Markup) return fragment.text;
  if (fragment === false || fragment === null || fragment === undefined) return "";
  if (typeof fragment === "number") return String(fragment);
  return typeof fragment === "object" ? fragment.map(render).join("") : escape(fragment);
}

/** Template tag for HTML and SVG: interpolated text is escaped, Markup and lists of it stand as they are, null and false vanish. */
export function markup(strings: TemplateStringsArray, ...fragments: readonly Fragment[]): Markup {
  return new Markup(strings.reduce((text, part, i) => text + render(fragments[i - 1]) + part));
}

/** ` name="value"` for an attribute that may be absent. */
export function attribute(name: string, value: string | number | undefined): Markup {
  return value === undefined ? new Markup("") : markup` ${new Markup(name)}="${value}"`;
}
