/** Sizes of one row as a person types them, "3, 224, 224" or "20 int64"; undefined when it is none. No sizes at all is a single number a row. */
export function parseShape(text: string): { readonly dims: readonly number[]; readonly dtype?: string } | undefined {
  const match = /^\s*((?:\d+(?:\s*[,x×]\s*|\s+))*\d+)?\s*:?\s*(float32|float64|int64|int32|bool)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const dims = (match[1] ?? "")
    .split(/[,x×\s]+/)
    .filter((part) => part !== "")
    .map(Number);
  const dtype = match[2]?.toLowerCase();
  return dims.some((size) => size < 1 || size > 1e8) ? undefined : { dims, ...(dtype === undefined ? {} : { dtype }) };
}
