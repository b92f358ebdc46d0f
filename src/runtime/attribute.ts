import { present } from "../base/assert.js";
import { throwIfCancelled } from "../base/cancellation.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { BoundGraph } from "../attribution/bound.js";
import { rowsPerRun } from "../attribution/cost.js";
import type { Method } from "../attribution/method.js";
import { methods } from "../attribution/methods/index.js";
import type { AttributionResult, Feeds, Plan, Program } from "../attribution/plan.js";
import { planRequest } from "../attribution/planRequest.js";
import { noRule } from "../autodiff/noRule.js";
import type { Graph } from "../graph/ir.js";
import type { AttributionRequest } from "../protocol/request.js";
import { checkMemory, checkPlan } from "./checkCost.js";
import { bind, type Binding } from "./bind.js";
import { widenFeeds } from "./normalize.js";
import { programsOf } from "../attribution/programsOf.js";
import type { AskedPrograms, Attributed, RunContext } from "./openModel.js";
import { createSession, type Session, type SessionSettings } from "./session.js";
import { createSessionCache } from "./sessionCache.js";
import { sessionBytes, sessionLimits } from "./sessionBytes.js";

/** Shapes that a model is known for; texts have one a length. */
const mostBindings = 32;

interface Loaded {
  readonly session: Session;
  readonly inputs: readonly string[];
}

export interface Attributor {
  attribute(request: AttributionRequest, context?: RunContext): Promise<Attributed>;
  programs(request: AttributionRequest): Promise<AskedPrograms>;
  rowsTogether(inputs: Feeds): Promise<number>;
  dispose(): Promise<void>;
}

/** Executes requests on one model; bindings and sessions are kept, so that the same question about another sample costs the run alone. */
export function createAttributor(graph: Graph, settings: SessionSettings): Attributor {
  const bindings = new Map<string, Promise<Binding>>();
  const sessions = createSessionCache<Loaded>(sessionLimits, ({ session }) => session.release());

  let serial = 0;
  const boundAs = (request: AttributionRequest, key: string): Promise<Binding> => {
    let binding = bindings.get(key);
    // The map is in order of last use, as that of sessions is.
    if (binding !== undefined) {
      bindings.delete(key);
      bindings.set(key, binding);
    } else {
      // Two bindings of one shape may differ in branches and steps; so then do the programs made of them.
      binding = bind(graph, pick(graph, request.inputs), settings, `${key}#${serial++}`);
      bindings.set(key, binding);
      const [oldest] = bindings.keys();
      if (bindings.size > mostBindings && oldest !== undefined) bindings.delete(oldest);
      binding.then(
        ({ forSample = false }) => {
          if (forSample) bindings.delete(key);
        },
        () => bindings.delete(key),
      );
    }
    return binding;
  };

  const bindingFor = async (request: AttributionRequest): Promise<Binding> => {
    const key = (leads: boolean): string => graph.inputs.map((i) => `${i.name}:${shapeKey(graph, request, i.name, leads)}`).join(";");
    const binding = await boundAs(request, key(false));
    // Where rows can't be stacked, their number is part of the shape.
    const same = Object.entries(request.inputs).every(([name, t]) => binding.bound.types.get(name)?.dims.every((d, i) => d === null || d === t.dims[i]));
    return binding.bound.stacked || same ? binding : boundAs(request, key(true));
  };

  const loaded = (program: Program): Promise<Loaded> =>
    sessions.get(program.key, async () => {
      const { graph: compiled } = program;
      checkPlan(compiled);
      return { value: { session: await createSession(compiled, settings), inputs: compiled.inputs.map((i) => i.name) }, bytes: sessionBytes(compiled) };
    });

  const checked = (asked: AttributionRequest): { readonly request: AttributionRequest; readonly method: Method } => {
    const request = widenRequest(graph, asked);
    const method = methods[request.method];
    if (method === undefined)
      throw new ExplainError("UNKNOWN_METHOD", `The method "${request.method}" is not available yet.`, {
        hint: '"explain-prediction methods" lists what is.',
      });
    checkInputs(graph, request);
    return { request, method };
  };

  return {
    attribute: async (asked, context = {}) => {
      const { request, method } = checked(asked);
      const started = performance.now();
      const { bound, reason, decided = [], left } = await bindingFor(request);
      checkMemory(bound);
      let compile = performance.now() - started;
      const timed = async (program: Program): Promise<Loaded> => {
        const at = performance.now();
        const entry = await loaded(program);
        compile += performance.now() - at;
        return entry;
      };
      let result: AttributionResult;
      try {
        result = await drive(planRequest(method, { bound, request }), timed, context);
      } catch (error) {
        throw withReason(error, bound.graph, left);
      }
      return {
        result,
        diagnostics: [...remarks(bound, reason, decided), ...withoutCredit(graph, request, result), ...(result.remarks ?? [])],
        milliseconds: { compile, run: performance.now() - started - compile },
      };
    },
    programs: async (asked) => {
      const { request, method } = checked(asked);
      const { bound, reason, decided = [], left } = await bindingFor(request);
      try {
        // A graph is compiled when it is first looked at: what it can't be made for is said here.
        return { ...programsOf(planRequest(method, { bound, request }), bound), bound, decided, diagnostics: remarks(bound, reason, decided) };
      } catch (error) {
        throw withReason(error, bound.graph, left);
      }
    },
    rowsTogether: async (inputs) => {
      const { bound } = await bindingFor({ method: "featureAblation", inputs: widenFeeds(graph, inputs) });
      // Without a derivative a row takes a third.
      return bound.stacked ? 3 * rowsPerRun(bound) : 1;
    },
    dispose: async () => {
      await sessions.dispose();
      bindings.clear();
    },
  };
}

/** Says which inputs a method that credits inputs has left out: their values look up nothing that it could follow. */
function withoutCredit(graph: Graph, { fixed = [], method }: AttributionRequest, { attributions }: AttributionResult): Diagnostic[] {
  const names = graph.inputs.map((input) => input.name);
  if (!names.some((name) => name in attributions)) return [];
  return names
    .filter((name) => !(name in attributions) && !fixed.includes(name))
    .map((name) => ({
      code: "NO_CREDIT",
      severity: "warning",
      message: `The input "${name}" gets no credit from ${method}: its values look up nothing that a gradient could be followed to.`,
      hint: "A method that replaces values, such as featureAblation or shapleyValues, can credit it.",
    }));
}

/** A derivative stopped at a node that should have been written as plainer ones: says why it was not. */
function withReason(error: unknown, graph: Graph, left: ReadonlyMap<string, string> | undefined): unknown {
  const { node: name = "", code } = error instanceof ExplainError ? error.diagnostic : {};
  const [node, why] = [graph.nodes.find((n) => n.name === name), left?.get(name)];
  return code === "UNSUPPORTED_OPERATOR" && node !== undefined && why !== undefined ? noRule(node, why) : error;
}

/** Runs what a plan asks for until it has its result; the cancel flag is read between runs. */
async function drive(plan: Plan, loaded: (program: Program) => Promise<Loaded>, context: RunContext): Promise<AttributionResult> {
  let next = plan.next();
  while (next.done !== true) {
    throwIfCancelled(context.signal);
    const step = next.value;
    if (step.kind === "progress") {
      context.progress?.(step.fraction, step.partial);
      next = plan.next({});
      continue;
    }
    const { session, inputs } = await loaded(step.program);
    next = plan.next(await session.run(Object.fromEntries(inputs.map((name) => [name, present(step.feeds[name], `feed ${name}`)]))));
  }
  return next.value;
}

/** The request in the types that the normalised graph takes. */
function widenRequest(graph: Graph, request: AttributionRequest): AttributionRequest {
  const { inputs, baselines } = request;
  return {
    ...request,
    inputs: widenFeeds(graph, inputs),
    ...(baselines === undefined ? {} : { baselines: widenFeeds(graph, baselines) }),
  };
}

function pick(graph: Graph, inputs: Feeds): Feeds {
  return Object.fromEntries(graph.inputs.map((i) => [i.name, inputs[i.name]!]));
}

/** The sizes of an input, without the leading one unless asked: rows of one shape share a binding. A leading size that the file fixes is part of the shape. */
function shapeKey(graph: Graph, request: AttributionRequest, name: string, withLead: boolean): string {
  const dims = request.inputs[name]?.dims ?? [];
  const lead = graph.inputs.find((i) => i.name === name)?.dims?.[0];
  return (typeof lead === "string" && !withLead ? dims.slice(1) : dims).join("x");
}

function checkInputs(graph: Graph, request: AttributionRequest): void {
  for (const input of graph.inputs) {
    const given = request.inputs[input.name];
    if (given === undefined)
      throw new ExplainError(
        "INPUT_MISSING",
        `No value was given for the input "${input.name}" (${input.dtype ?? "unknown type"}${input.dims === null ? "" : ` [${input.dims.join(", ")}]`}).`,
        { hint: "Name the column or value that feeds it, or give it with --input." },
      );
    if (input.dtype !== null && given.dtype !== input.dtype)
      throw new ExplainError("INPUT_INVALID", `The input "${input.name}" takes ${input.dtype}, but the value is ${given.dtype}.`);
    if (input.dims === null) continue;
    const fits = given.dims.length === input.dims.length && input.dims.every((d, i) => typeof d !== "number" || d === given.dims[i] || (i === 0 && d === 1));
    if (!fits)
      throw new ExplainError(
        "INPUT_INVALID",
        `The input "${input.name}" takes [${input.dims.map((d) => d ?? "?").join(", ")}], but the value has dims [${given.dims.join(", ")}].`,
        { hint: "Check which columns feed it." },
      );
  }
  for (const name of Object.keys(request.inputs))
    if (!graph.inputs.some((i) => i.name === name))
      throw new ExplainError("UNKNOWN_INPUT", `The model has no input "${name}".`, { hint: `Its inputs: ${graph.inputs.map((i) => i.name).join(", ")}.` });
}

function remarks(bound: BoundGraph, reason: string | undefined, decided: readonly string[]): Diagnostic[] {
  const branches: Diagnostic[] = decided.map((node) => ({
    code: "APPROXIMATION",
    severity: "info",
    message: `The condition of "${node}" is held as it came out for this sample; the path does not change branches.`,
    node,
  }));
  if (bound.stacked) return branches;
  return [
    ...branches,
    {
      code: "BATCH_NOT_INDEPENDENT",
      severity: "info",
      message: `Points are run one by one, because ${reason ?? "the batch axis is not free"}. The numbers are right, it only takes longer.`,
    },
  ];
}
