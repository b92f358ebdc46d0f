import { rename, rm } from "node:fs/promises";

const attempts = 3;

/**
 * Gives a finished folder its name. Another window may do the same at the same moment: as folders are named for their contents, what it put there is as good,
 * once it is complete.
 */
export async function putInPlace(part: string, folder: string, complete: () => Promise<boolean>): Promise<void> {
  const former = `${part}-former`;
  for (let attempt = 1; ; attempt++) {
    try {
      // Not deleted first: whoever reads it finds one or the other.
      await rename(folder, former).catch(() => undefined);
      await rename(part, folder);
      return;
    } catch (error) {
      if (await complete()) return;
      if (attempt === attempts) throw error;
    } finally {
      await rm(former, { recursive: true, force: true });
    }
  }
}
