import type { Isolation } from "../worker/client.js";

/** What is known of a file before it is worked on. */
export interface Circumstances {
  /** Whether the person trusts the workspace. */
  readonly trusted: boolean;
  /** Whether the file ended a process before. */
  readonly crashed: () => boolean;
  /** Whether its weights are read from disk while it runs. */
  readonly mapped: () => boolean;
}

/** Where a file's calls run: as the setting says, and by default apart when it comes from a workspace that is not trusted, has crashed before, or would crash when it is written meanwhile. */
export function isolationOf(setting: unknown, { trusted, crashed, mapped }: Circumstances): Isolation {
  if (setting === "thread" || setting === "process") return setting;
  return trusted && !crashed() && !mapped() ? "thread" : "process";
}
