// Loaded before everything else, in every thread: whatever would reach a network, or start a program, throws and says so on standard error.
const { writeSync } = require("node:fs");

/**
 * @param {string} name
 * @returns {() => never}
 */
const refuse = (name) => () => {
  writeSync(2, `REACHED OUT: ${name}\n`);
  throw new Error(`${name} is not allowed here`);
};

/** @type {readonly (readonly [string, readonly string[]])[]} */
const ways = [
  ["node:net", ["connect", "createConnection", "createServer"]],
  ["node:tls", ["connect"]],
  ["node:http", ["request", "get"]],
  ["node:https", ["request", "get"]],
  ["node:http2", ["connect"]],
  ["node:dgram", ["createSocket"]],
  ["node:dns", ["lookup", "resolve", "resolve4", "resolve6"]],
  ["node:child_process", ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]],
];
for (const [module, names] of ways) {
  const exports = require(module);
  for (const name of names) exports[name] = refuse(`${module}.${name}`);
}
require("node:net").Socket.prototype.connect = refuse("Socket.connect");
for (const name of ["fetch", "WebSocket", "EventSource"]) Object.defineProperty(globalThis, name, { value: refuse(name), configurable: true });
require("node:module").syncBuiltinESMExports();
