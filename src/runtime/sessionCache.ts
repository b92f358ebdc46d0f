/** How much is kept. */
export interface CacheLimits {
  readonly count: number;
  /** Together, by their own estimate; the one in use and the one before it are kept whatever they take. */
  readonly bytes: number;
}

/** What lies in the runtime's memory until it is released. */
interface Kept<T> {
  readonly value: Promise<T>;
  /** Known once it is loaded. */
  bytes: number;
}

/** Things that are loaded once and kept, the one that was used longest ago going first. */
export interface SessionCache<T> {
  /** What is known by this key, or what `load` gives with its size. A failed load is forgotten. */
  get(key: string, load: () => Promise<{ readonly value: T; readonly bytes: number }>): Promise<T>;
  dispose(): Promise<void>;
}

/** Kept whatever they take: what a plan alternates between. */
const fewest = 2;

export function createSessionCache<T>(limits: CacheLimits, release: (value: T) => Promise<void>): SessionCache<T> {
  // The map is in order of last use: the first entry is the one to let go.
  const entries = new Map<string, Kept<T>>();

  const drop = async (key: string, { value }: Kept<T>): Promise<void> => {
    entries.delete(key);
    await value.then(release, () => undefined);
  };

  return {
    async get(key, load) {
      const known = entries.get(key);
      if (known !== undefined) {
        entries.delete(key);
        entries.set(key, known);
        return known.value;
      }
      const loading = load();
      const entry: Kept<T> = { value: loading.then(({ value }) => value), bytes: 0 };
      entries.set(key, entry);
      // Whoever asked hears of a failure by `loading`.
      entry.value.catch(() => undefined);
      try {
        entry.bytes = (await loading).bytes;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
      const total = (): number => [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      for (const [oldest, old] of entries) {
        if (old === entry || entries.size <= fewest || (entries.size <= limits.count && total() <= limits.bytes)) break;
        await drop(oldest, old);
      }
      return entry.value;
    },
    async dispose() {
      for (const [key, entry] of entries) await drop(key, entry);
    },
  };
}
