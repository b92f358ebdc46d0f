import * as vscode from "vscode";
import { ExplainError } from "../base/diagnostic.js";
import type { Explanation, Inspection, LayersAnswer } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { LayerSource } from "../protocol/trace.js";
import type { CallOptions } from "../worker/client.js";
import type { ModelSourceFinder } from "./code/modelSources.js";
import type { Services } from "./services.js";

/** How a caller stops a call. */
export interface ApiOptions {
  readonly token?: vscode.CancellationToken;
}

/**
 * What `activate` returns to other extensions: explanations as plain data, without any panel. docs/api.md describes it. Within one `version` members are only added.
 * Every promise settles; a rejection has `diagnostic` with a code that does not change.
 */
export interface ExplainPredictionApi {
  readonly version: 1;
  /** Explains predictions of a model; `request.model` and other paths are absolute. */
  explain(request: ExplainRequest, options?: ApiOptions): Promise<Explanation>;
  /** Each layer's part in a prediction: for the request's first row and target. */
  layers(request: ExplainRequest, options?: ApiOptions): Promise<LayersAnswer>;
  /** Inputs, outputs, roles, layers, operators and methods of a model. */
  inspect(model: string, options?: ApiOptions): Promise<Inspection>;
  /** Source lines of a model's layers in the workspace, by module path. */
  sources(model: string): Promise<Readonly<Record<string, LayerSource>>>;
  /** Fires with the explanation that a panel shows, once it is complete. */
  readonly onDidExplain: vscode.Event<Explanation>;
}

export function createApi({ client, shown }: Services, finder: ModelSourceFinder): ExplainPredictionApi & vscode.Disposable {
  const explained = new vscode.EventEmitter<Explanation>();
  const listening = shown.onDidChange((model) => {
    const explanation = shown.get(model)?.explanation;
    if (explanation !== undefined) explained.fire(explanation);
  });
  return {
    version: 1,
    explain: async (request, options) => cancellable(options, async (call) => client.explain([await checked(request)], call)),
    layers: async (request, options) => cancellable(options, async (call) => client.layers([await checked(request)], call)),
    inspect: async (model, options) => cancellable(options, (call) => client.inspect([model], call)),
    sources: async (model) => Object.fromEntries((await finder.find(model)).layers),
    onDidExplain: explained.event,
    dispose: () => {
      listening.dispose();
      explained.dispose();
    },
  };
}

async function checked(request: unknown): Promise<ExplainRequest> {
  const { parseRequest } = await import("./savedRequest.js");
  const parsed = parseRequest(request);
  if (parsed === undefined)
    throw new ExplainError("OPTION_INVALID", "This is not a request.", { hint: "docs/api.md lists its fields; model is an absolute path." });
  return parsed;
}

async function cancellable<T>({ token }: ApiOptions = {}, run: (options: CallOptions) => Promise<T>): Promise<T> {
  const work = new AbortController();
  if (token?.isCancellationRequested === true) work.abort();
  const listening = token?.onCancellationRequested(() => work.abort());
  try {
    return await run({ signal: work.signal });
  } finally {
    listening?.dispose();
  }
}
