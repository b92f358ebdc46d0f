import { companionFolder } from "../../base/exportPlace.js";
import { fileStamp } from "../../base/fileStamp.js";
import type { LayerTrace } from "../../protocol/trace.js";
import type { ModelSources } from "../../source/findSources.js";
import type { WorkerClient } from "../../worker/client.js";
import { pythonFiles, sourceName } from "./pythonFiles.js";

/** Where models' layers stand in the workspace's source. What a model tells is asked once a version of its file; its source is looked for anew each time. */
export class ModelSourceFinder {
  readonly #traces = new Map<string, { readonly stamp: string; readonly traces: Promise<readonly LayerTrace[]> }>();

  constructor(private readonly client: WorkerClient) {}

  async find(model: string): Promise<ModelSources> {
    const { findSources } = await import("../../source/findSources.js");
    return findSources(await this.traces(model), pythonFiles(model), sourceName(companionFolder(model)));
  }

  async traces(model: string): Promise<readonly LayerTrace[]> {
    const stamp = await fileStamp(model);
    const known = this.#traces.get(model);
    if (known?.stamp === stamp) return known.traces;
    const traces = this.client.traces([model]);
    this.#traces.set(model, { stamp, traces });
    // What can't be opened is tried again next time.
    traces.catch(() => this.#traces.delete(model));
    return traces;
  }
}
