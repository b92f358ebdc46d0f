import { UsageError } from "./usage.js";

/** Options of one command taken out of arguments that "explain" reads otherwise; each in the order in which it was given. Throws UsageError. */
export function takeOptions(
  args: readonly string[],
  valued: readonly string[],
  flags: readonly string[] = [],
): { readonly given: readonly (readonly [name: string, value: string])[]; readonly rest: readonly string[] } {
  const given: [string, string][] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/su.exec(arg) ?? [];
    if (flags.includes(name)) {
      if (value !== undefined) throw new UsageError(`--${name} takes no value.`);
      given.push([name, ""]);
    } else if (valued.includes(name)) {
      const own = value ?? args[++i];
      if (own === undefined || own === "") throw new UsageError(`--${name} needs a value.`);
      given.push([name, own]);
    } else rest.push(arg);
  }
  return { given, rest };
}
