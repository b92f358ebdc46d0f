import type { InputDetail } from "../data/toTensors.js";
import type { Credit, NumberTensor } from "../protocol/explanation.js";
import { sizeOf, toNumbers, type Tensor } from "../tensor/tensor.js";

/** The numbers of one row of a result. */
export function rowOfNumbers(t: NumberTensor, row: number): NumberTensor {
  const dims = t.dims.slice(1);
  const size = sizeOf(dims);
  return { dims, data: t.data.slice(row * size, (row + 1) * size) };
}

/** One row's numbers with padding left out: token inputs have one entry a token of the text. */
export function withoutPadding(t: NumberTensor, detail: InputDetail | undefined): NumberTensor {
  const full = t.dims.at(-1);
  const { start = 0, length } = detail ?? {};
  if (full === undefined || length === undefined || (start === 0 && length === full)) return t;
  return { dims: [...t.dims.slice(0, -1), length], data: t.data.filter((_, i) => i % full >= start && i % full < start + length) };
}

/** A text that was not taken apart into its words is one value. */
function wholeOrWords(detail: InputDetail | undefined, { data }: NumberTensor): Partial<InputDetail> {
  const { text, spans } = detail ?? {};
  return text !== undefined && spans !== undefined && data.length === 1 && spans.length !== 1 ? { values: [text] } : (detail ?? {});
}

/** One row's attributions with labels and values where an input has them; a layer's units have none. */
export function creditsOf(
  attributions: Readonly<Record<string, NumberTensor>>,
  row: number,
  details: Readonly<Record<string, InputDetail>>,
  starts: Readonly<Record<string, Tensor>> = {},
): Readonly<Record<string, Credit>> {
  return Object.fromEntries(
    Object.entries(attributions).map(([name, t]) => {
      const numbers = withoutPadding(rowOfNumbers(t, row), details[name]);
      const { labels, values, spans, text, rate, featureGroups } = wholeOrWords(details[name], numbers);
      const start = starts[name];
      const baseline = start === undefined ? undefined : withoutPadding({ dims: start.dims.slice(1), data: Array.from(toNumbers(start)) }, details[name]).data;
      return [
        name,
        {
          ...numbers,
          ...(labels === undefined ? {} : { labels }),
          ...(values === undefined ? {} : { values }),
          ...(values === undefined || baseline?.length !== values.length ? {} : { baseline }),
          ...(featureGroups === undefined ? {} : { featureGroups }),
          ...(spans === undefined ? {} : { spans }),
          ...(text === undefined ? {} : { text }),
          ...(rate === undefined ? {} : { rate }),
        },
      ];
    }),
  );
}
