import { pathKey } from "./samePath.js";

/** A map by paths in which every spelling of a path is one key; the one that was set first is the one that is listed. In order of setting. */
export class PathMap<T> {
  readonly #entries = new Map<string, { readonly path: string; readonly value: T }>();

  constructor(private readonly platform?: string) {}

  get(path: string): T | undefined {
    return this.#entries.get(pathKey(path, this.platform))?.value;
  }

  has(path: string): boolean {
    return this.#entries.has(pathKey(path, this.platform));
  }

  set(path: string, value: T): void {
    const key = pathKey(path, this.platform);
    this.#entries.set(key, { path: this.#entries.get(key)?.path ?? path, value });
  }

  /** Whether it was there. */
  delete(path: string): boolean {
    return this.#entries.delete(pathKey(path, this.platform));
  }

  get paths(): readonly string[] {
    return [...this.#entries.values()].map(({ path }) => path);
  }

  get values(): readonly T[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }
}
