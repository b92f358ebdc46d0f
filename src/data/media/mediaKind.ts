export type MediaKind = "image" | "audio";

/** Suffixes of pictures and sounds that are read. */
export const imageSuffixes = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".avif"] as const;
export const audioSuffixes = [".wav", ".flac"] as const;

const longestPath = 4096;

/** What kind of file a text names, by its suffix. */
export function mediaKind(text: string): MediaKind | null {
  if (text.length > longestPath || text.includes("\n")) return null;
  const suffix = /\.[a-z]+$/.exec(text.toLowerCase())?.[0];
  if (suffix === undefined) return null;
  if (imageSuffixes.some((s) => s === suffix)) return "image";
  return audioSuffixes.some((s) => s === suffix) ? "audio" : null;
}
