import { closest } from "../base/closest.js";
import { limitNames, limitTable, readLimit, type LimitName, type Limits } from "../base/limits.js";
import { UsageError } from "./usage.js";

/** Takes `--limit NAME=N` out of any command's arguments. Throws UsageError. */
export function takeLimits(args: readonly string[]): { readonly limits: Limits; readonly args: readonly string[] } {
  const limits: Partial<Record<LimitName, number>> = {};
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const text = arg === "--limit" ? args[++i] : arg.startsWith("--limit=") ? arg.slice("--limit=".length) : undefined;
    if (arg !== "--limit" && text === undefined) {
      rest.push(arg);
      continue;
    }
    const [name = "", value = ""] = (text ?? "").split("=");
    const found = limitNames.find((known) => known === name);
    if (found === undefined) {
      const near = closest(name, limitNames);
      throw new UsageError(`--limit takes NAME=N; "${name}" is none of ${limitNames.join(", ")}.${near === undefined ? "" : ` Did you mean ${near}?`}`);
    }
    const number = readLimit(found, value === "" ? undefined : Number(value));
    if (number === undefined) throw new UsageError(`--limit ${found} takes a whole number up to ${limitTable[found].most}; "${value}" is not one.`);
    limits[found] = number;
  }
  return { limits, args: rest };
}
