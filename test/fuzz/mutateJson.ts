import { parse } from "jsonc-parser";
import type { Choices } from "./choices.js";

const values: readonly unknown[] = [null, true, false, 0, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, "", "x", "NaN", "\u0000", "\u202e", "<img src=x onerror=alert(1)>", "\u001b[31m", "=1+1", [], {}, [[]], ["x", 1, null], { x: 1 }]; // prettier-ignore
const paths = ["../model.onnx", "/etc/hostname", "C:\\w.txt", "\\\\host\\share\\w", "//host/share/w", "..\\..\\w", "%2e%2e/w", "a/../../w", "CON", "NUL.txt", "file:///etc/hostname", "linked/outside.txt"]; // prettier-ignore
const keys = ["__proto__", "constructor", "toString", "", "x", "inputs", "outputs", "labels", "tokenizer", "samples"];

type Container = unknown[] | Record<string, unknown>;

/** One to four changes of JSON (with comments) that leave it JSON: values of other types, paths that lead out, keys that mean something, deep nesting. */
export function mutateJson(text: string, c: Choices): string {
  const root = parse(text) as Container;
  for (let i = 0; i <= c.below(4); i++) {
    const places: { in: Container; key: string }[] = [];
    const visit = (container: Container): void => {
      for (const key of Object.keys(container)) {
        // A few of a long list stand for all.
        if (places.length > 3000) return;
        places.push({ in: container, key });
        const inner: unknown = (container as Record<string, unknown>)[key];
        if (typeof inner === "object" && inner !== null) visit(inner as Container);
      }
    };
    visit(root);
    if (places.length === 0) break;
    const { in: container, key } = c.of(places);
    const record = container as Record<string, unknown>;
    const set = (name: string, value: unknown): void =>
      void Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
    switch (c.below(6)) {
      case 0:
        set(key, c.of(values));
        break;
      case 1:
        set(key, typeof record[key] === "string" ? c.of(paths) : c.of(values));
        break;
      case 2:
        delete record[key];
        break;
      case 3:
        set(Array.isArray(container) ? String(container.length) : c.of(keys), record[key]);
        break;
      case 4: {
        let nested = record[key];
        for (let depth = c.of([3, 100, 3000]); depth > 0; depth--) nested = c.chance(0.5) ? [nested] : { a: nested };
        set(key, nested);
        break;
      }
      default:
        if (typeof record[key] === "number") set(key, c.of([-record[key], record[key] * 1e12, record[key] + 0.5, 0]));
    }
  }
  try {
    return JSON.stringify(root);
  } catch {
    // Nesting that JSON can't be written with was too much already.
    return text;
  }
}
