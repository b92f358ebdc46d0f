import type { Isolation } from "../worker/client.js";

/** What is known of a file before it is worked on. */
export interface Circumstances {
  /** Whether the person trusts the workspace. */
  readonly trusted: boolean;
  /** Whether the file ended a process before. */
  readonly crashed: () => boolean;
}

/** Where a file's calls run: as the setting says, and by default apart when it comes from a workspace that is not trusted or has crashed before. */
export function isolationOf(setting: unknown, { trusted, crashed }: Circumstances): Isolation {
  if (setting === "thread" || setting === "process") return setting;
  return trusted && !crashed() ? "thread" : "process";
}
