import { parentPort } from "node:worker_threads";
import { relay } from "./relay.js";
import { serve } from "./serve.js";

// The worker thread: the only place in the extension where ONNX Runtime is loaded. As a process, this file starts itself as a thread.
if (parentPort === null) relay(__filename);
else serve(parentPort, async () => (await import("./service.js")).createService());
