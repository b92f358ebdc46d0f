import { ExplainError, toDiagnostic } from "../base/diagnostic.js";
import type { Explanation, LayersAnswer } from "../protocol/explanation.js";
import type { MethodName } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { Progress } from "../protocol/rpc.js";
import type { PanelState } from "../protocol/viewModel.js";
import { buildView, type ViewParts } from "../viewmodel/build.js";
import type { WorkerClient } from "../worker/client.js";

/** vscode.l10n.t, or anything of its shape. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** What the person changed in the panel. */
export interface Change {
  readonly method?: MethodName;
  readonly target?: string;
  /** "" is the model's default. */
  readonly baseline?: string;
  readonly row?: number;
}

/** What the person's settings add to every request; absent where the engine's default holds. */
export interface EngineSettings {
  readonly tolerance?: number;
  readonly threads?: number;
}

/** Methods that follow a path until their error estimate meets the tolerance. */
const methodsWithTolerance: ReadonlySet<MethodName> = new Set([
  "integratedGradients",
  "layerConductance",
  "layerIntegratedGradients",
  "internalInfluence",
  "neuronIntegratedGradients",
  "neuronConductance",
]);

/**
 * One panel's conversation with the worker: from a request to complete states, one after another as parts of the answer arrive
 * (inputs, then layers, then the units of a layer, then what drives a unit). Newer work cancels older work; only the newest posts.
 */
export class ExplainSession {
  #request: ExplainRequest;
  /** The request whose answer is on the screen: after a cancelled change it is not the newest one. */
  #answered: ExplainRequest;
  #parts: ViewParts | null = null;
  #state: PanelState = { phase: "empty", message: "", view: null, error: null };
  #work = new AbortController();
  /** Whether the inputs, rather than a layer or a unit, are being explained: then what is shown is of the former request. */
  #explaining = false;
  #layer: string | undefined;

  constructor(
    private readonly client: WorkerClient,
    private readonly post: (state: PanelState) => void,
    private readonly t: Translate,
    private readonly settings: () => EngineSettings,
    request: ExplainRequest,
  ) {
    this.#request = request;
    this.#answered = request;
  }

  get state(): PanelState {
    return this.#state;
  }

  get request(): ExplainRequest {
    return this.#request;
  }

  /** The answer on the screen, for export. */
  get explanation(): Explanation | undefined {
    return this.#parts?.explanation;
  }

  /** The layers' part in the answer on the screen. */
  get layers(): LayersAnswer | undefined {
    return this.#parts?.layers;
  }

  /** Explains a request, the present one by default. Settles when all parts arrived, failed, or were superseded; never rejects. */
  run(request: ExplainRequest = this.#request): Promise<void> {
    if (request.model !== this.#request.model) this.#layer = undefined;
    this.#request = request;
    this.#explaining = true;
    return this.#start(this.t("Explaining the prediction …"), async (signal) => {
      const options = { signal, progress: (step: Progress) => this.#progress(step) };
      const { model, samples } = request;
      const explanation = await this.client.explain([this.#withSettings(request)], options);
      this.#explaining = false;
      this.#answered = request;
      this.#show({ explanation });
      const inspection = await this.client.inspect([model], options);
      const total = request.values === undefined ? (await this.client.samples([model, samples, { from: 0, count: 0 }], options)).total : undefined;
      this.#show({ inspection, ...(total === undefined ? {} : { samples: { total } }) });
      this.#progress({ message: this.t("Explaining the layers …") });
      const layers = await this.#layersOf(request, options);
      const layer = defaultLayer(layers, this.#layer);
      this.#show({ layers, ...(layer === undefined ? {} : { layer }) });
    });
  }

  change({ method, target, baseline, row }: Change): Promise<void> {
    const { baselines, options, ...rest } = this.#request;
    const kept = baseline === undefined ? baselines : baseline === "" ? undefined : { "": baseline };
    return this.run({
      ...rest,
      ...(kept === undefined ? {} : { baselines: kept }),
      ...(method !== undefined ? { method } : options === undefined ? {} : { options }),
      ...(target === undefined ? {} : { targets: [target] }),
      ...(row === undefined ? {} : { rows: [row] }),
    });
  }

  /** Shows a layer's units. While the inputs are still being explained, the choice waits for them. */
  chooseLayer(layer: string): Promise<void> {
    this.#layer = layer;
    if (this.#parts === null || this.#explaining) return Promise.resolve();
    const { units: _units, unit: _unit, ...parts } = this.#parts;
    this.#parts = parts;
    return this.#start(this.t("Explaining the units of {0} …", layer), async (signal) => {
      this.#show({ layer });
      const explanation = await this.client.explain([{ ...this.#partOf(this.#answered, "layerConductance"), layer }], {
        signal,
        progress: (step) => this.#progress(step),
      });
      this.#show({ units: { layer, explanation } });
    });
  }

  /** Shows what drives one unit of a layer. */
  chooseUnit(layer: string, unit: string): Promise<void> {
    if (this.#parts === null || this.#explaining) return Promise.resolve();
    return this.#start(this.t("Explaining unit {0} of {1} …", unit, layer), async (signal) => {
      const explanation = await this.client.explain([{ ...this.#partOf(this.#answered, "neuronConductance"), layer, neuron: unit }], {
        signal,
        progress: (step) => this.#progress(step),
      });
      this.#show({ layer, unit: { layer, unit, explanation } });
    });
  }

  /** Stops what runs; what is known stays on the screen. */
  cancel(): void {
    if (this.#state.phase !== "running") return;
    this.#stop();
    this.#set({ phase: "cancelled", message: this.t("Cancelled.") });
  }

  /** The files behind the answer changed: it stays on the screen, marked as old. */
  stale(message: string): void {
    this.#stop();
    this.#set({ phase: "stale", message });
  }

  /** A failure before there was a request to run, shown in the panel as any other. */
  fail(error: unknown): void {
    this.#stop();
    this.#set({ phase: "failed", message: "", error: toDiagnostic(error) });
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    this.#work.abort();
    this.#explaining = false;
  }

  async #start(message: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#work.abort();
    const own = (this.#work = new AbortController());
    this.#set({ phase: "running", message });
    try {
      await work(own.signal);
      if (this.#work === own && !own.signal.aborted) this.#set({ phase: "done", message: "" });
    } catch (error) {
      // Superseded and cancelled work has nothing left to say: whoever aborted it has set the state.
      if (this.#work === own && !own.signal.aborted) this.fail(error);
    }
  }

  /** Layers are an addition: a model whose layers can't be explained still has its inputs explained. */
  async #layersOf(request: ExplainRequest, options: { readonly signal: AbortSignal; readonly progress: (step: Progress) => void }): Promise<LayersAnswer> {
    try {
      return await this.client.layers([this.#partOf(request, "layerConductance")], options);
    } catch (error) {
      if (options.signal.aborted || (error instanceof ExplainError && error.diagnostic.code === "WORKER_DIED")) throw error;
      return { layers: [], diagnostics: [{ ...toDiagnostic(error), severity: "warning" }] };
    }
  }

  /** The same question to another method: the options of the former one mean nothing to it. */
  #partOf({ options: _, ...request }: ExplainRequest, method: MethodName): ExplainRequest {
    return this.#withSettings({ ...request, method });
  }

  #withSettings(request: ExplainRequest): ExplainRequest {
    const { tolerance, threads } = this.settings();
    const adaptive = tolerance !== undefined && methodsWithTolerance.has(request.method ?? "integratedGradients");
    return { ...(threads === undefined ? {} : { threads }), ...request, ...(adaptive ? { options: { tolerance, ...request.options } } : {}) };
  }

  #show(added: Partial<ViewParts>): void {
    const next = "explanation" in added ? (added as ViewParts) : this.#parts === null ? null : { ...this.#parts, ...added };
    if (next === null) return;
    this.#parts = next;
    this.#set({ view: buildView(next) });
  }

  #progress({ message, fraction }: Progress): void {
    if (this.#state.phase !== "running") return;
    this.#set({ message, ...(fraction === undefined ? {} : { fraction }) });
  }

  #set(change: Partial<PanelState>): void {
    const { fraction: _, ...state } = this.#state;
    const phase = change.phase ?? state.phase;
    this.#state = { ...state, ...change, error: change.error ?? (phase === "failed" ? state.error : null), request: this.#request };
    this.post(this.#state);
  }
}

/** The layer whose units are shown unasked: the one looked at before, else the first with more than one unit. */
function defaultLayer({ layers }: LayersAnswer, before: string | undefined): string | undefined {
  return (layers.find(({ value }) => value === before) ?? layers.find(({ units }) => units > 1))?.value;
}
