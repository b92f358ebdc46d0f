import type { Choices } from "./choices.js";

/** Field numbers of onnx.proto by which a message holds another. */
const graphOfModel = 7;
const nodeOfGraph = 1;
const attributeOfNode = 5;
const graphOfAttribute = 6;
const graphsOfAttribute = 11;
const functionOfModel = 25;
const nodeOfFunction = 7;

/** A model of nothing but graphs within graphs, written as bytes: deeper than any program that writes messages would go. */
export function deepModel(c: Choices): Uint8Array {
  const levels = c.of([10, 100, 1000, 10_000, 50_000]);
  const inGraph = c.chance(0.8);
  const attribute = c.of([graphOfAttribute, graphsOfAttribute]);
  const way = [
    inGraph ? graphOfModel : functionOfModel,
    ...Array.from({ length: levels }, (_, i) => [i === 0 && !inGraph ? nodeOfFunction : nodeOfGraph, attributeOfNode, attribute]).flat(),
  ];
  // From the inside out: each message's header says how long everything inside is.
  const headers: number[][] = [];
  let length = 0;
  for (const field of way.reverse()) {
    const header = [...varint(field * 8 + 2), ...varint(length)];
    headers.push(header);
    length += header.length;
  }
  return Uint8Array.from([8, 9, ...headers.reverse().flat()]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}
