import { parentPort } from "node:worker_threads";
import { present } from "../../../src/base/assert.js";
import { throwIfCancelled } from "../../../src/base/cancellation.js";
import { ExplainError } from "../../../src/base/diagnostic.js";
import type { SamplePage } from "../../../src/protocol/explanation.js";
import { serve } from "../../../src/worker/serve.js";

/** A thread whose service does what the name of the model file says, so that the transport can be seen at work without any model. */
const page: SamplePage = { file: "", total: 0, columns: [], rows: [], mapping: [], diagnostics: [] };
let calls = 0;

serve(present(parentPort, "parent port"), () =>
  Promise.resolve({
    samples: async (context, model, samples) => {
      calls++;
      switch (model) {
        case "refuse":
          throw new ExplainError("FILE_NOT_FOUND", "There is no such file.", { hint: "Look again.", file: "a.onnx", line: 3 });
        case "break":
          throw new TypeError("x is not a function");
        case "die":
          return process.exit(3);
        case "crash":
          setImmediate(() => {
            throw new Error("out of memory");
          });
          return new Promise<never>(() => undefined);
        case "spin": {
          // No turn of the event loop, as inside a native run: a message can't arrive, only the shared flag can be seen.
          context.progress({ message: "spinning", fraction: 0.5 });
          for (;;) throwIfCancelled(context.signal);
        }
        case "report":
          for (let i = 0; ; i++) {
            context.progress({ message: "working", fraction: i / 1000 });
            // What was told before the closing is still on its way when the closing is seen.
            if (i > 100) throwIfCancelled(context.signal);
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        case "hang":
          // As inside a native run that does not end: the flag is not looked at. Not for ever, or the thread would outlive the tests.
          context.progress({ message: "hanging" });
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
          throw new ExplainError("INTERNAL", "too late");
        case "unclonable":
          return { ...page, mapping: [(() => "") as unknown as string] };
      }
      await new Promise((resolve) => setImmediate(resolve));
      return { ...page, file: samples ?? "", total: calls };
    },
    inspect: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    flip: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    sidecar: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    ranges: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    predictions: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    explain: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    layers: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    traces: () => Promise.resolve([]),
    activations: () => Promise.resolve([]),
    outline: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    examples: () => Promise.resolve([]),
    sampleTable: () => Promise.resolve({ columns: [], rows: [], shape: "" }),
    predictionCheck: () => Promise.resolve(null),
    companions: () => Promise.resolve({ outputs: [], samples: null }),
    compile: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    batchPlan: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    batchPiece: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    batchJoin: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    clusterSummary: () => Promise.reject(new ExplainError("NOT_A_MODEL", "none")),
    forget: () => Promise.resolve(null),
    dispose: () => Promise.resolve(),
  }),
);
