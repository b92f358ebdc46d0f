import { posix, win32 } from "node:path";

/** The rules of paths on a system; where nothing is said, those of this one. Tests ask for another's. */
const rulesOf = (platform: string): typeof posix => (platform === "win32" ? win32 : posix);

/**
 * A path in the spelling that it shares with every other way to write it, to compare and to look things up by; never to open or to show. Windows and macOS do not
 * tell capitals apart (a drive is C: from Node and c: from the editor), Windows takes both slashes, macOS has two ways to write an accent.
 */
export function pathKey(path: string, platform: string = process.platform): string {
  const plain = rulesOf(platform).normalize(path);
  const ended =
    plain.length > 1 && /[\\/]$/.test(plain) && !/^[a-z]:[\\/]$/i.test(plain) ? plain.replace(platform === "win32" ? /[\\/]+$/ : /\/+$/, "") : plain;
  return platform === "win32" || platform === "darwin" ? ended.normalize("NFC").toLowerCase() : ended;
}

/** Whether two paths, from wherever they come, mean the same file. Links are not followed. */
export function samePath(a: string, b: string, platform?: string): boolean {
  return a === b || pathKey(a, platform) === pathKey(b, platform);
}

/** Whether a path is that of a folder or leads to something in it. Links are not followed. */
export function isWithin(folder: string, path: string, platform: string = process.platform): boolean {
  const rules = rulesOf(platform);
  const way = rules.relative(pathKey(folder, platform), pathKey(path, platform));
  return way !== ".." && !way.startsWith(`..${rules.sep}`) && !rules.isAbsolute(way);
}
