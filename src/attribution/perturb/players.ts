import { ExplainError } from "../../base/diagnostic.js";
import type { MethodOptions } from "../../protocol/request.js";
import type { Part, Subject, Variant } from "./subject.js";

/** Groups of elements that are present or absent together; `of[part][element]` is the player's number. */
export interface Players {
  readonly count: number;
  readonly of: readonly Int32Array[];
}

/** Every element its own player, or the groups of the request; ids that repeat across inputs form one joint player. */
export function playersOf(subject: Subject, options: MethodOptions): Players {
  const groups = options["groups"];
  if (groups !== undefined && (typeof groups !== "object" || groups === null))
    throw new ExplainError("OPTION_INVALID", 'The option "groups" should give, by input, a group number for each element.', {
      hint: 'For example {"measurements": [0, 0, 1, 1]}.',
    });
  const given = (groups ?? {}) as Readonly<Record<string, unknown>>;
  const numbers = new Map<string, number>();
  const of = subject.parts.map((part) => {
    const list = given[part.name];
    const ids = list === undefined ? undefined : readGroups(part, list);
    return Int32Array.from({ length: part.size }, (_, e) => {
      const key = ids === undefined ? `${part.name}[${e}]` : `group ${ids[e % ids.length]}`;
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
  });
  return { count: numbers.size, of };
}

function readGroups(part: Part, list: unknown): readonly number[] {
  const flat: unknown[] = Array.isArray(list) ? list.flat(Infinity) : [];
  const ids = flat.filter((v): v is number => typeof v === "number");
  if (ids.length !== flat.length || ids.length === 0 || part.size % ids.length !== 0)
    throw new ExplainError("OPTION_INVALID", `The groups of "${part.name}" are ${ids.length} numbers for ${part.size} elements.`, {
      hint: "Give one group number for each element.",
    });
  return ids;
}

/** A row as it is, then without each player in turn. */
export function withoutEach(players: Players, row: number): Variant[] {
  return Array.from({ length: players.count + 1 }, (_, out): Variant => ({ row, absent: (part, element) => players.of[part]![element]! === out - 1 }));
}

/** Credit of players spread over the elements they own, by part. */
export function spread(players: Players, credit: ArrayLike<number>): Float64Array[] {
  return players.of.map((owners) => Float64Array.from(owners, (p) => credit[p]!));
}
