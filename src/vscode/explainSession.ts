import { toDiagnostic } from "../base/diagnostic.js";
import type { Edits } from "../protocol/edits.js";
import type { Explanation, LayersAnswer } from "../protocol/explanation.js";
import type { MeasureName, MethodName } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { Progress } from "../protocol/rpc.js";
import type { PanelState, TableQuery } from "../protocol/viewModel.js";
import { buildView, type ViewParts } from "../viewmodel/build.js";
import type { WorkerClient } from "../worker/client.js";
import { changedRequest, type Change } from "./changedRequest.js";
import { editSample, type EditMessage } from "./editSample.js";
import { askedOf, withSettings, type EngineSettings } from "./engineSettings.js";
import { defaultLayer, layersOrReason } from "./panelLayers.js";
import { pause } from "./pause.js";
import { PinnedExplanations } from "./pinnedExplanations.js";
import { PlaceHistory, type Place } from "./placeHistory.js";
import { besideFormer } from "./besideFormer.js";
import { editedValues } from "./sampleEdits.js";
import { SamplesTable } from "./samplesTable.js";
import { measuresOf, missingMeasures, TrustMeasures, withAnswer } from "./trustMeasures.js";

/** vscode.l10n.t, or anything of its shape. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** A pause in editing before the layers of the edited sample are worth their time. */
const settleMilliseconds = 400;

/**
 * One panel's conversation with the worker: from a request to complete states, one after another as parts of the answer arrive
 * (a first picture, the inputs, then layers, then the units of a layer, then what drives a unit). Newer work cancels older work; only the newest posts.
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
  /** Whether layers and units on the screen are those of the former answer, while the new ones are computed. */
  #layersLag = false;
  #layer: string | undefined;
  #edits: Edits = {};
  readonly #pins = new PinnedExplanations();
  readonly #history = new PlaceHistory();
  readonly #table: SamplesTable;
  readonly #trust: TrustMeasures;

  constructor(
    private readonly client: WorkerClient,
    private readonly post: (state: PanelState) => void,
    private readonly t: Translate,
    private readonly settings: () => EngineSettings,
    request: ExplainRequest,
  ) {
    this.#request = request;
    this.#answered = request;
    this.#table = new SamplesTable(client, () => this.#set({}));
    this.#trust = new TrustMeasures(
      client,
      () => this.#set({}),
      (name, answer) => this.#parts !== null && this.#show(withAnswer(this.#parts, name, answer)),
    );
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
    return this.#layersLag ? undefined : this.#parts?.layers;
  }

  /** Explains a request, the present one by default. Settles when all parts arrived, failed, or were superseded; never rejects. */
  run({ measures, ...request }: ExplainRequest = this.#request): Promise<void> {
    const before = this.#request;
    if (request.model !== before.model) this.#layer = undefined;
    if (request.model !== before.model || request.samples !== before.samples) this.#table.forget();
    if (request.model !== before.model || request.samples !== before.samples || request.rows?.toString() !== before.rows?.toString()) this.#edits = {};
    this.#request = request;
    this.#explaining = true;
    this.#trust.stop();
    return this.#start(this.t("Explaining the prediction …"), async (signal) => {
      const original = await this.#explainInputs(request, signal, Object.keys(this.#edits).length === 0);
      const edited = await this.#explainEdits(request, signal);
      this.#explaining = false;
      this.#answered = edited === undefined ? request : this.#withEdits(request);
      this.#showAnswer(edited === undefined ? { explanation: original } : { explanation: edited, original, edits: this.#edits });
      await this.#explainRest(request, signal);
      // Those that were taken before a reload; nobody waits for them.
      void Promise.all((measures ?? []).map((name) => this.measure(name)));
    });
  }

  change(change: Change): Promise<void> {
    return this.run(changedRequest(this.#request, change));
  }

  /** Shows a layer's units. While the inputs are still being explained, the choice waits for them. */
  chooseLayer(layer: string): Promise<void> {
    this.#history.go({ layer });
    return this.#openLayer(layer);
  }

  /** Shows what drives one unit of a layer. */
  chooseUnit(layer: string, unit: string): Promise<void> {
    if (this.#parts === null || this.#explaining) return Promise.resolve();
    this.#history.go({ layer, unit });
    return this.#openUnit(layer, unit);
  }

  back(): Promise<void> {
    return this.#open(this.#history.back());
  }

  forward(): Promise<void> {
    return this.#open(this.#history.forward());
  }

  /** Out of layers and units. */
  home(): Promise<void> {
    this.#history.go({});
    return this.#open({});
  }

  /** Each input moved alone, beside the answer in which all move together. */
  isolate(): Promise<void> {
    if (this.#parts === null || this.#explaining) return Promise.resolve();
    return this.#start(this.t("Explaining each input alone …"), async (signal) => {
      const isolated = await this.client.explain([{ ...this.#withSettings(this.#answered), mode: "isolated" }], {
        signal,
        progress: (step) => this.#progress(step),
      });
      this.#show({ isolated });
    });
  }

  /** Takes a measure of how far the answer on the screen can be trusted, or all that are missing, while everything else goes on. */
  measure(which: MeasureName | "all"): Promise<void> {
    if (this.#parts === null || this.#explaining || this.#parts.partial === true) return Promise.resolve();
    return this.#trust.take(missingMeasures(this.#parts, which), this.#withSettings(this.#answered));
  }

  stopMeasuring(): void {
    this.#trust.stop();
    this.#set({});
  }

  /** The sample with something of it changed, or as it is in its file. */
  edit(message: EditMessage): Promise<void> {
    return this.#editWith((base) => editSample(this.#edits, base, message));
  }

  /** Makes edits that were found the sample's. */
  apply(edits: Edits): Promise<void> {
    return this.#editWith(() => ({ ...this.#edits, ...edits }));
  }

  /** Keeps an answer to compare others with it: the one on the screen, or one that was made elsewhere. */
  pin(explanation = this.#parts?.partial === true ? undefined : this.explanation): void {
    if (explanation === undefined) return;
    this.#pins.pin(explanation);
    this.#set({});
  }

  unpin(id: string): void {
    this.#pins.unpin(id);
    this.#set({});
  }

  comparePin(id: string): void {
    this.#pins.choose(id);
    this.#set({});
  }

  /** A page of the table of samples; the first one begins to read the file. */
  showTable(query: TableQuery): Promise<void> {
    return this.#table.ask(query, this.#request);
  }

  /** The rows that the table's filter leaves. */
  get matchingRows(): SamplesTable["matching"] {
    return this.#table.matching;
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
    this.#trust.stop();
    this.#table.forget();
    this.#set({ phase: "stale", message });
  }

  /** A failure before there was a request to run, shown in the panel as any other. */
  fail(error: unknown): void {
    this.#stop();
    this.#set({ phase: "failed", message: "", error: toDiagnostic(error) });
  }

  dispose(): void {
    this.#stop();
    this.#trust.stop();
    this.#table.forget();
  }

  #stop(): void {
    this.#work.abort();
    this.#explaining = false;
    if (this.#parts === null || !this.#layersLag) return;
    // They would stay beside an answer that they do not belong to.
    const { layers: _, units: __, unit: ___, ...parts } = this.#parts;
    this.#layersLag = false;
    this.#parts = parts;
    this.#state = { ...this.#state, view: buildView(parts) };
  }

  /** The sample of the request as it is in its file; the first picture is shown at once and refined in place. */
  #explainInputs(request: ExplainRequest, signal: AbortSignal, show: boolean): Promise<Explanation> {
    return this.client.explain([this.#withSettings(request), show], {
      signal,
      progress: (step) => {
        if (step.partial === undefined) this.#progress(step);
        else this.#showAnswer({ explanation: step.partial, partial: true });
      },
    });
  }

  async #explainEdits(request: ExplainRequest, signal: AbortSignal): Promise<Explanation | undefined> {
    if (Object.keys(this.#edits).length === 0) return undefined;
    return this.client.explain([this.#withSettings(this.#withEdits(request))], { signal, progress: (step) => this.#progress(step) });
  }

  /** What there is to know beside the inputs: the model, the sample file, the layers. */
  async #explainRest(request: ExplainRequest, signal: AbortSignal): Promise<void> {
    const options = { signal, progress: (step: Progress) => this.#progress(step) };
    const { model, samples, columns } = request;
    const page = { from: 0, count: 0, ...(columns === undefined ? {} : { columns }) };
    const inspection = await this.client.inspect([model], options);
    const total = request.values === undefined ? (await this.client.samples([model, samples, page], options)).total : undefined;
    this.#show({ inspection, ...(total === undefined ? {} : { samples: { total } }) });
    this.#progress({ message: this.t("Explaining the layers …") });
    const layers = await layersOrReason(this.client, this.#partOf(this.#answered, "layerConductance"), options);
    const layer = defaultLayer(layers, this.#layer);
    this.#layersLag = false;
    this.#show({ layers, ...(layer === undefined ? {} : { layer }) });
    if (this.#parts?.ranges === undefined) {
      // Sliders without ends are no reason to fail.
      const ranges = await this.client.ranges([model, samples, columns], options).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return {};
      });
      this.#show({ ranges });
    }
  }

  #editWith(change: (base: Explanation) => Edits): Promise<void> {
    const base = this.#parts?.original ?? this.#parts?.explanation;
    if (base === undefined || this.#parts?.partial === true) return Promise.resolve();
    this.#edits = change(base);
    this.#explaining = true;
    this.#trust.stop();
    return this.#start(this.t("Explaining the edited sample …"), async (signal) => {
      const edited = await this.#explainEdits(this.#request, signal);
      this.#explaining = false;
      this.#answered = this.#withEdits(this.#request);
      this.#showAnswer(edited === undefined ? { explanation: base } : { explanation: edited, original: base, edits: this.#edits });
      await pause(settleMilliseconds, signal);
      await this.#explainRest(this.#request, signal);
    });
  }

  #withEdits(request: ExplainRequest): ExplainRequest {
    const values = { ...request.values, ...editedValues(this.#edits) };
    return Object.keys(values).length === 0 ? request : { ...request, values };
  }

  #openLayer(layer: string): Promise<void> {
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

  #openUnit(layer: string, unit: string): Promise<void> {
    return this.#start(this.t("Explaining unit {0} of {1} …", unit, layer), async (signal) => {
      const explanation = await this.client.explain([{ ...this.#partOf(this.#answered, "neuronConductance"), layer, neuron: unit }], {
        signal,
        progress: (step) => this.#progress(step),
      });
      this.#show({ layer, unit: { layer, unit, explanation } });
    });
  }

  #open(place: Place | undefined): Promise<void> {
    if (place === undefined || this.#parts === null || this.#explaining) return Promise.resolve();
    const { layer, unit } = place;
    if (layer !== undefined) return unit === undefined ? this.#openLayer(layer) : this.#openUnit(layer, unit);
    const { unit: _, ...parts } = this.#parts;
    this.#parts = parts;
    this.#set({ view: buildView(parts) });
    return Promise.resolve();
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

  /** The same question to another method. */
  #partOf(request: ExplainRequest, method: MethodName): ExplainRequest {
    return askedOf(request, method, this.settings());
  }

  #withSettings(request: ExplainRequest): ExplainRequest {
    return withSettings(request, this.settings());
  }

  /** Another answer: layers and units stay in sight until the new ones are there. */
  #showAnswer(answer: ViewParts): void {
    this.#parts = besideFormer(answer, this.#parts);
    this.#layersLag = this.#parts.layers !== undefined;
    this.#history.leaveUnit();
    this.#set({ view: buildView(this.#parts) });
  }

  #show(added: Partial<ViewParts>): void {
    if (this.#parts === null) return;
    // Units of their own would hide those of newer layers.
    const { units: _, ...older } = this.#parts;
    this.#parts = { ...("layers" in added ? older : this.#parts), ...added };
    this.#set({ view: buildView(this.#parts) });
  }

  #progress({ message, fraction }: Progress): void {
    if (this.#state.phase !== "running") return;
    this.#set({ message, ...(fraction === undefined ? {} : { fraction }) });
  }

  #set(change: Partial<PanelState>): void {
    const { fraction: _, lag: __, measuring: ___, ...state } = this.#state;
    const phase = change.phase ?? state.phase;
    const { here, canGoBack, canGoForward } = this.#history;
    this.#state = {
      ...state,
      ...change,
      error: change.error ?? (phase === "failed" ? state.error : null),
      request: { ...this.#request, ...measuresOf(this.#parts) },
      path: { ...here, back: canGoBack, forward: canGoForward },
      comparison: this.#pins.beside(this.explanation, this.#parts?.inspection),
      table: this.#table.view,
      ...(this.#trust.current === undefined ? {} : { measuring: this.#trust.current }),
      ...(phase !== "running" ? {} : this.#explaining && this.#parts?.partial !== true ? { lag: "all" } : this.#layersLag ? { lag: "inside" } : {}),
    };
    this.post(this.#state);
  }
}
