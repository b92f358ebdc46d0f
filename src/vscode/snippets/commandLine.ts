import type { ExplainRequest } from "../../protocol/request.js";

// Pasted as they are, these would end or steer the line that they are pasted into, whatever quotes are around them.
const control = /[\u0000-\u001f\u007f]/gu;

/** A word of a shell's command line (POSIX; one with control characters as bash, zsh and POSIX 2024 write it). */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(word)) return word;
  if (word.search(control) < 0) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replaceAll(/[\\']/gu, (sign) => `\\${sign}`);
  return `$'${escaped.replaceAll(control, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`)}'`;
}

const option = (name: string, value: string | undefined): string[] => (value === undefined || value === "" ? [] : [`--${name}`, value]);

/** "0,2,5-9". */
function rowWords(rows: readonly number[]): string {
  const words: string[] = [];
  for (let i = 0; i < rows.length;) {
    const from = rows[i] ?? 0;
    let run = 1;
    while (rows[i + run] === from + run) run++;
    words.push(run < 3 ? rows.slice(i, i + run).join(",") : `${from}-${from + run - 1}`);
    i += run;
  }
  return words.join(",");
}

/** The command that gives the same result in a terminal. */
export function commandLine(request: ExplainRequest): string {
  const words = [
    "explain-prediction",
    "explain",
    request.model,
    ...(request.samples === undefined ? [] : [request.samples]),
    ...option("row", request.rows === undefined ? undefined : request.rows === "all" ? "all" : rowWords(request.rows)),
    ...Object.entries(request.values ?? {}).flatMap(([name, value]) => option("input", `${name}=${value}`)),
    ...Object.entries(request.columns ?? {}).flatMap(([name, columns]) => option("column", `${name}=${columns.join(",")}`)),
    ...option("method", request.method),
    ...(request.targets ?? []).flatMap((target) => option("target", target)),
    ...option("versus", request.versus),
    ...Object.entries(request.baselines ?? {}).flatMap(([name, value]) => option("baseline", name === "" ? value : `${name}=${value}`)),
    ...option("layer", request.layer),
    ...option("neuron", request.neuron),
    ...(request.fixed ?? []).flatMap((name) => option("fixed", name)),
    ...Object.entries(request.options ?? {}).flatMap(([key, value]) => option("option", `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)),
    ...option("measure", request.measures?.join(",")),
    ...option("aggregate", request.aggregate),
    ...option("mode", request.mode === "isolated" ? "isolated" : undefined),
  ];
  return words.map(quoted).join(" ");
}
