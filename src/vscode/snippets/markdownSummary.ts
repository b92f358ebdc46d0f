import type { ExplanationView } from "../../protocol/viewModel.js";
import { formatPercent, formatSigned } from "../../viewmodel/format.js";
import { plainText } from "../../base/plainText.js";
import { rank } from "../../viewmodel/rank.js";

const mostRows = 15;

/** A cell of a Markdown table: nothing in it is markup. */
const cell = (text: string): string =>
  plainText(text)
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/[\\|`*_<>[\]~&]/gu, (sign) => `\\${sign}`);

/** The explanation as Markdown: answer, check, and the largest credits of each input. `command` gives the same result in a terminal. */
export function markdownSummary(view: ExplanationView, command: string): string {
  const inputs = view.inputs.flatMap((input) => {
    const rows = input.kind === "tokens" ? input.tokens.map(({ text, credit }) => ({ label: text, value: "", credit })) : input.bars;
    const top = rank(rows).slice(0, mostRows);
    const values = top.some(({ value }) => value !== "");
    return [
      `### ${cell(input.name)} (${formatPercent(input.share, 0)} of the credit)`,
      "",
      values ? "| Feature | Value | Credit |\n| --- | ---: | ---: |" : "| | Credit |\n| --- | ---: |",
      ...top.map(({ label, value, credit }) =>
        values ? `| ${cell(label)} | ${cell(value)} | ${formatSigned(credit)} |` : `| ${cell(label)} | ${formatSigned(credit)} |`,
      ),
      ...(rows.length > top.length ? ["", `and ${rows.length - top.length} more.`] : []),
      "",
    ];
  });
  return [
    `## ${cell(view.prediction.sentence)}`,
    "",
    `Row ${view.row}: ${cell(view.sample)}`,
    "",
    ...(view.target === "" ? [] : [`Explains **${cell(view.target)}**. ${cell(view.check.sentence)}`, ""]),
    ...inputs,
    "```sh",
    command.replaceAll("```", ""),
    "```",
    "",
  ].join("\n");
}
