import { parentPort } from "node:worker_threads";
import { present } from "../base/assert.js";
import { serve } from "./serve.js";

/** The worker thread: the only place in the extension where ONNX Runtime is loaded. */
serve(present(parentPort, "parent port: this file runs as a worker thread"), async () => (await import("./service.js")).createService());
