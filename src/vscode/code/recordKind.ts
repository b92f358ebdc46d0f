/** Sample files whose rows an editor can show as they are. */
export type RecordKind = "csv" | "jsonl" | "text";

/** The kind of a sample file by its suffix; undefined for those that are no text of one record after another. */
export function recordKind(file: string): RecordKind | undefined {
  const suffix = /\.[^.\\/]+$/.exec(file)?.[0].toLowerCase() ?? "";
  if ([".csv", ".tsv", ".tab"].includes(suffix)) return "csv";
  if ([".jsonl", ".ndjson"].includes(suffix)) return "jsonl";
  return suffix === ".txt" ? "text" : undefined;
}
