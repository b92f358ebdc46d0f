import { spawn } from "node:child_process";
import { root } from "./root.mjs";

/**
 * Runs a program with its output shown, and settles with its exit code (1 when a signal ended it or it could not be started).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet?: boolean }} [options] `quiet` shows output only when the program fails
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, quiet = false } = options;
  // npm and npx are .cmd files on Windows, which only a shell starts.
  const shell = process.platform === "win32" && ["npm", "npx"].includes(command);
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    /** @type {Buffer[]} */
    const held = [];
    child.stdout?.on("data", (chunk) => held.push(chunk));
    child.stderr?.on("data", (chunk) => held.push(chunk));
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(held));
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a program of node_modules by its JavaScript entry, so that no shell and no PATH is involved.
 * @param {string} entry path inside node_modules
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet?: boolean }} [options]
 */
export function runModule(entry, args, options) {
  return run(process.execPath, [`${root}/node_modules/${entry}`, ...args], options);
}
