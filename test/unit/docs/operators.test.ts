import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import type { OpState } from "../../../src/autodiff/rule.js";
import { opStates } from "../../../src/autodiff/rules/index.js";
import { laidOutOperators, type LaidOut } from "../../../src/graph/laidOut.js";

const page = "docs/operators.md";

/** The page is made from the tables; `npx vitest run test/unit/docs -u` writes it anew. */
test("docs/operators.md says what the tables say", async () => {
  const config = await resolveConfig(page);
  await expect(await format(text(), { ...config, filepath: page })).toMatchFileSnapshot(`../../../${page}`);
});

test("no operator is both laid out and without a derivative", () => {
  for (const op of Object.keys(laidOutOperators)) expect(opStates[op]?.state, op).not.toBe("unsupported");
});

function text(): string {
  const states = Object.entries(opStates);
  const having = (test: (state: OpState) => boolean): string =>
    list(states.filter(([op, state]) => test(state) && !(op in laidOutOperators)).map(([op]) => op));
  const laid = (family: LaidOut): string =>
    list(
      Object.entries(laidOutOperators)
        .filter(([, own]) => own === family)
        .map(([op]) => op),
    );
  const approximated = states.flatMap(([, s]) => (s.state === "rule" && s.approximation !== undefined ? [s.approximation] : []));
  const reasons = new Set(states.flatMap(([, s]) => (s.state === "unsupported" ? [s.reason] : [])));
  const unsupported = [...reasons].map((reason) => {
    const those = states.filter(([, s]) => s.state === "unsupported" && s.reason === reason);
    return `- ${list(those.map(([op]) => op))}: ${reason}`;
  });
  return `# Operators

Every operator that ONNX Runtime executes can be in a model: methods that need no gradient work on all of them. This page says what gradients do at each. Names outside ai.onnx have their domain before them.
Models from opset 7 on are first brought to one modern opset, functions are inlined and constants folded, so an operator stands for all its versions. \`explain-prediction inspect MODEL\` says the same for one model.

## With a derivative

${having((s) => s.state === "rule" && s.approximation === undefined)}

## Laid out as plainer operators first

What is below has the derivatives of what it is made of.

- Recurrences, step by step for the sample's length: ${laid("recurrent")}
- Control flow, as it goes for the sample: ${laid("control flow")}
- Sequences, replaced by their elements where positions are constant: ${laid("sequence")}
- Fused operators: ${laid("fused")}

## With an approximation

${[...new Set(approximated)].map((why) => `The remark with the result: "${why}".`).join("\n")}

${having((s) => s.state === "rule" && s.approximation !== undefined)}

## Constant

The derivative is zero wherever it exists, or the inputs have none (shapes, indices, conditions). No credit flows through them.

${having((s) => s.state === "zero")}

## Without a derivative

Gradients stop with an error that names the node; methods that need none work. So does every operator that this page does not name.

${unsupported.join("\n")}
`;
}

function list(ops: readonly string[]): string {
  return ops
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((op) => `\`${op}\``)
    .join(", ");
}
