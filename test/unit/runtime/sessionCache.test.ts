import { expect, it } from "vitest";
import { createSessionCache, type SessionCache } from "../../../src/runtime/sessionCache.js";

function cacheOf(
  count: number,
  bytes: number,
): { readonly cache: SessionCache<string>; readonly released: string[]; readonly ask: (key: string, size?: number) => Promise<string> } {
  const released: string[] = [];
  const cache = createSessionCache<string>({ count, bytes }, (value) => {
    released.push(value);
    return Promise.resolve();
  });
  return { cache, released, ask: (key, size = 1) => cache.get(key, () => Promise.resolve({ value: key, bytes: size })) };
}

it("lets go of what was used longest ago, by number", async () => {
  const { released, ask } = cacheOf(3, 100);
  for (const key of ["a", "b", "c", "a", "d", "e"]) expect(await ask(key)).toBe(key);
  expect(released).toEqual(["b", "c"]);
});

it("lets go of as many as the bytes ask for, but of the last two never", async () => {
  const { released, ask } = cacheOf(32, 100);
  await ask("a", 40);
  await ask("b", 40);
  await ask("c", 90);
  expect(released).toEqual(["a"]);
  await ask("d", 500);
  expect(released).toEqual(["a", "b"]);
});

it("loads once, also for those that ask at the same time", async () => {
  const { cache } = cacheOf(3, 100);
  let loads = 0;
  const load = async (): Promise<{ readonly value: string; readonly bytes: number }> => {
    loads++;
    await new Promise((resolve) => setImmediate(resolve));
    return { value: "x", bytes: 1 };
  };
  expect(await Promise.all([cache.get("k", load), cache.get("k", load)])).toEqual(["x", "x"]);
  expect(loads).toBe(1);
});

it("forgets a load that failed, and releases all that is left in the end", async () => {
  const { cache, released, ask } = cacheOf(3, 100);
  await expect(cache.get("k", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await ask("k")).toBe("k");
  await ask("l");
  await cache.dispose();
  expect(released).toEqual(["k", "l"]);
});
