import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";

/** Names that mean a device in every folder of Windows, whatever comes behind a dot, a colon or blanks. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*([.:]|$)/i;
/** Windows drops dots and blanks at a name's end: these may mean the folder above. */
const dots = /^(?!\.{1,2}$)[. ]+$/;

/**
 * Whether a path that stands in a file of `folder` stays inside that folder: relative in the terms of every system (drive letters, network shares and
 * backslashes included), and with links followed. A file that does not exist is judged by its folder.
 */
export function staysInside(folder: string, path: string): boolean {
  const plain = path.replaceAll("\\", "/");
  if (plain === "" || plain.includes("\0") || plain.startsWith("/") || /^[a-z]:/i.test(plain) || isAbsolute(path)) return false;
  if (plain.split("/").some((part) => device.test(part) || dots.test(part))) return false;
  // A stream of another file.
  if (sep === "\\" && plain.includes(":")) return false;
  const full = resolve(folder, plain);
  return !leadsOut(resolve(folder), full) && !leadsOut(real(folder), real(full));
}

function leadsOut(from: string, to: string): boolean {
  const way = relative(from, to);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
}

/** The path with its links followed as far as it exists. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = resolve(path, "..");
    return parent === path ? path : resolve(real(parent), relative(parent, path));
  }
}
