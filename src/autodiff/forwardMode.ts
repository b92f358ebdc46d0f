import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/ir.js";
import { differentiate } from "./differentiate.js";
import type { RuleFamily } from "./rule.js";

/**
 * Forward mode: the derivative of `output` along the given tangents of `sources`. J·v is the VJP of the linear map u ↦ Jᵀu, taken at v, so it needs no table of its own.
 * Returns undefined when no source reaches the output (the derivative is zero).
 * Source: https://j-towns.github.io/2017/06/12/A-new-trick.html
 */
export function pushForward(b: Builder, nodes: readonly Node[], rules: RuleFamily, output: string, tangents: ReadonlyMap<string, string>): string | undefined {
  const passing = tangents.get(output);
  if (passing !== undefined) return passing;
  // The map is linear, so its point does not matter; only shapes may be read off it (of a free batch), and those must exist.
  b.scope(`${output}/cotangent`);
  const variable = b.zerosLike(output);
  const start = b.nodes.length;
  const pulled = differentiate(b, nodes, { sources: [...tangents.keys()], seeds: new Map([[output, variable]]), rules });
  const seeds = new Map<string, string>();
  for (const [source, cotangent] of pulled) {
    const tangent = tangents.get(source);
    if (tangent === undefined) continue;
    // Sources may share one cotangent (both sides of an Add): their tangents meet there.
    const met = seeds.get(cotangent);
    seeds.set(cotangent, met === undefined ? tangent : b.add(met, tangent));
  }
  if (seeds.size === 0) return undefined;
  const emitted = b.nodes.slice(start);
  return differentiate(b, emitted, { sources: [variable], seeds, rules }).get(variable);
}
