import type { Choices } from "./choices.js";

/** What can happen to a file on its way: bits flip, its end is lost, parts come twice or not at all. */
const changes: readonly ((bytes: Uint8Array, c: Choices) => Uint8Array)[] = [
  (bytes, c) => {
    const changed = bytes.slice();
    for (let i = 0; i <= c.below(8); i++) changed[c.below(changed.length)] = c.below(256);
    return changed;
  },
  (bytes, c) => {
    const changed = bytes.slice();
    const at = c.below(changed.length);
    changed[at] = changed[at]! ^ (1 << c.below(8));
    return changed;
  },
  (bytes, c) => bytes.slice(0, c.below(bytes.length)),
  (bytes, c) => {
    const [from, length] = [c.below(bytes.length), c.below(64)];
    return join(bytes.subarray(0, from + length), bytes.subarray(from));
  },
  (bytes, c) => {
    const [from, length] = [c.below(bytes.length), 1 + c.below(64)];
    return join(bytes.subarray(0, from), bytes.subarray(from + length));
  },
  (bytes, c) => {
    const at = c.below(bytes.length);
    return join(
      bytes.subarray(0, at),
      Uint8Array.from({ length: 1 + c.below(16) }, () => c.of([0, 0x7f, 0x80, 0xff, c.below(256)])),
      bytes.subarray(at),
    );
  },
];

/** A few random changes of a file's bytes. */
export function mutateBytes(bytes: Uint8Array, c: Choices): Uint8Array {
  let changed = bytes;
  for (let i = 0; i <= c.below(3) && changed.length > 0; i++) changed = c.of(changes)(changed, c);
  return changed;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
