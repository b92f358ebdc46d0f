import { fileStamp } from "../base/fileStamp.js";
import { openSamples, type SampleFile } from "../data/samples.js";

/** A file that is read page after page stays open between the pages; this long after the last one it is closed. */
const idleMilliseconds = 2000;

interface Kept {
  readonly file: string;
  /** Its stamp: another file under the same name is opened anew. */
  readonly version: string;
  readonly samples: SampleFile;
  timer: NodeJS.Timeout | undefined;
}

let kept: Kept | undefined;

/**
 * Hands an open sample file to `read`. The one used last stays open for a moment, so that going through a large file page by page neither looks for its delimiter nor
 * counts its rows again each time. Throws as opening does.
 */
export async function withKeptSamples<T>(file: string, read: (samples: SampleFile) => Promise<T>): Promise<T> {
  const version = await fileStamp(file);
  const found = kept;
  // Whoever reads takes the file along: two at a time never share one.
  kept = undefined;
  if (found !== undefined) clearTimeout(found.timer);
  let own = found;
  if (own === undefined || own.file !== file || own.version !== version) {
    await own?.samples.close();
    own = { file, version, samples: await openSamples(file), timer: undefined };
  }
  try {
    return await read(own.samples);
  } finally {
    await keep(own);
  }
}

async function keep(own: Kept): Promise<void> {
  if (kept !== undefined) return own.samples.close();
  kept = own;
  own.timer = setTimeout(() => {
    if (kept === own) kept = undefined;
    void own.samples.close();
  }, idleMilliseconds);
  own.timer.unref();
}
