import { csvCell } from "../base/csvCell.js";
import type { Credit, Explanation } from "../protocol/explanation.js";

/** The position of element `i` among `dims`, as "2,0,1"; "" for a scalar. */
function position(i: number, dims: readonly number[]): string {
  let rest = i;
  return [...dims]
    .reverse()
    .map((d) => {
      const at = rest % d;
      rest = Math.floor(rest / d);
      return at;
    })
    .reverse()
    .join(",");
}

/** One line an element: row, target, input, position, feature, value, credit, error estimate. */
export function creditsCsv({ results }: Explanation): string {
  const lines = ["row,target,input,position,feature,value,attribution,error"];
  for (const { row, target, attributions, error } of results) {
    const explained = target === undefined ? "" : (target.label ?? `${target.value}[${target.index.join(",")}]`);
    for (const [input, credit] of Object.entries(attributions)) {
      for (const [i, attribution] of credit.data.entries()) {
        lines.push(
          [row, explained, input, position(i, credit.dims), at(credit.labels, i), at(credit.values, i), attribution, error?.[input]?.data[i] ?? ""]
            .map((value) => csvCell(String(value)))
            .join(","),
        );
      }
    }
  }
  return `${lines.join("\r\n")}\r\n`;
}

const at = (list: Credit["values"], i: number): string | number => list?.[i] ?? "";
