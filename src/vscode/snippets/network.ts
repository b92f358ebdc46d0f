import { basename } from "node:path";
import type { RequiredArgument } from "../../source/constructor.js";
import type { ModelSourceFinder } from "../code/modelSources.js";

/** The PyTorch module that a model file was exported from, as far as the file and the workspace tell. */
export interface Network {
  /** Its Python module ("network"), from the file that defines it. */
  readonly module: string;
  readonly name: string;
  /** What its constructor can't do without. */
  readonly arguments: readonly RequiredArgument[];
  /** Path of the module that looks token ids up; null where there is none, or several. */
  readonly embedding: string | null;
}

/** Finds the network of a model; null when its source is not in the workspace. */
export async function findNetwork(finder: ModelSourceFinder, model: string): Promise<Network | null> {
  const [{ model: home }, traces] = await Promise.all([finder.find(model), finder.traces(model)]);
  if (home === null) return null;
  const embeddings = traces.filter((trace) => trace.class?.endsWith(".Embedding") === true);
  // Of a transformer's embeddings, the words' one comes by its name; positions and segments are looked up too.
  const words = embeddings.length === 1 ? embeddings : embeddings.filter(({ attribute }) => /word|token(?!_type)/i.test(attribute));
  const [only] = words;
  return {
    module: basename(home.file, ".py"),
    name: home.name,
    arguments: home.arguments,
    embedding: words.length === 1 && only !== undefined ? only.path : null,
  };
}
