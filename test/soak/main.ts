// node --expose-gc soak.mjs WORKER memory|interleavings COUNT SEED: prints a report as JSON.
import { resolve } from "node:path";
import { present } from "../../src/base/assert.js";
import { soakInterleavings } from "./interleavings.js";
import { soakMemory } from "./memory.js";

const [worker, what, count, seed] = process.argv.slice(2);
const soak = what === "memory" ? soakMemory : soakInterleavings;
console.log(JSON.stringify(await soak(Number(count), Number(seed), resolve(present(worker, "worker")), resolve("examples"))));
