import type { ExplainRequest } from "../src/protocol/request.js";
import type { ManyMessage } from "../src/protocol/manyView.js";
import type { FromPanel, ToPanel } from "../src/protocol/panelMessages.js";

/** What VS Code keeps for the webview while it is hidden or reloaded. */
export interface Memory {
  /** Sections the reader folded or unfolded, by their id. */
  readonly folds: Readonly<Record<string, boolean>>;
  readonly scroll: number;
  /** How the reader looks at charts (form, scale, what is searched for), by the control's key. */
  readonly looks: Readonly<Record<string, string>>;
  /** What was asked: after a reload the extension reads it here, and asks again. */
  readonly request?: ExplainRequest;
}

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: Memory): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension on the other side: typed messages, and the page's own memory. */
export interface Host {
  send(message: FromPanel): void;
  recall(): Memory;
  remember(memory: Memory): void;
}

function isMemory(state: unknown): state is Omit<Memory, "looks"> & Partial<Pick<Memory, "looks">> {
  return (
    typeof state === "object" &&
    state !== null &&
    "folds" in state &&
    typeof state.folds === "object" &&
    state.folds !== null &&
    "scroll" in state &&
    typeof state.scroll === "number"
  );
}

function isToPanel(data: unknown): data is ToPanel | ManyMessage {
  if (typeof data !== "object" || data === null || !("kind" in data)) return false;
  return (data.kind === "state" && "state" in data) || (data.kind === "many" && "many" in data);
}

/** Connects to VS Code; `receive` gets every message of the extension. Call once: VS Code hands out its API only once. */
export function connect(receive: (message: ToPanel | ManyMessage) => void): Host {
  const api = acquireVsCodeApi();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (isToPanel(event.data)) receive(event.data);
  });
  return {
    send: (message) => {
      api.postMessage(message);
    },
    recall: () => {
      const state = api.getState();
      return isMemory(state) ? { looks: {}, ...state } : { folds: {}, scroll: 0, looks: {} };
    },
    remember: (memory) => {
      api.setState(memory);
    },
  };
}
