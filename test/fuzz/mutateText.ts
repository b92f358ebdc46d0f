import type { Choices } from "./choices.js";

/** Pieces that readers of text stumble over. */
const pieces = [
  '"', "'", ",", ";", "\t", "\n", "\r\n", "\r", "\0", "\ufeff", "{", "}", "[", "]", ":", "null", "true", "-", "1e400", "-1e400", "NaN", "Infinity", "9".repeat(400), "0x10", "1,5",
  "=1+1", "\u202e", "😀", "e\u0301", "\ud800", "<script>", "../../etc/passwd", "C:\\CON", "//host/share", "[".repeat(2000), '{"a":'.repeat(2000), "a".repeat(20_000), "__proto__", "constructor",
] as const; // prettier-ignore

/** A few random changes of a text: pieces put in, lines doubled, dropped or exchanged, words replaced. */
export function mutateText(text: string, c: Choices): string {
  let changed = text;
  for (let i = 0; i <= c.below(4); i++) {
    const at = c.below(changed.length + 1);
    switch (c.below(5)) {
      case 0:
        changed = changed.slice(0, at) + c.of(pieces) + changed.slice(at);
        break;
      case 1:
        changed = changed.slice(0, at) + changed.slice(at + 1 + c.below(40));
        break;
      case 2: {
        const lines = changed.split("\n");
        const line = lines[c.below(lines.length)] ?? "";
        lines.splice(c.below(lines.length), c.below(2), line);
        changed = lines.join("\n");
        break;
      }
      case 3: {
        const words = changed.split(/(?<=[,\s:"])|(?=[,\s:"])/);
        words[c.below(words.length)] = c.of(pieces);
        changed = words.join("");
        break;
      }
      default:
        changed = changed.slice(0, at);
    }
  }
  return changed;
}
