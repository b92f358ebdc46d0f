import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ExplainError } from "../base/diagnostic.js";
import { noTelemetryVariables } from "../base/noTelemetry.js";
import { exportFailure, type Failure } from "./exportFailure.js";

/** What the export script is asked for, and how it is answered and watched. */
export interface PythonRun {
  readonly python: string;
  /** media/python/export.py. */
  readonly script: string;
  /** Where the model's code runs. */
  readonly folder: string;
  readonly request: object;
  /** Answers a question of the script. */
  readonly answer?: (question: unknown) => Promise<object>;
  /** What the model's code and the exporter print. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

type Message = { readonly ask: unknown } | { readonly answer: unknown } | { readonly error: Failure };

/**
 * Runs the export script and gives its answer. Its words cross in lines of JSON; everything else that is printed goes to the log. Rejects with the failure that the script
 * names, CANCELLED when the signal aborts (the process is ended), PYTHON_MISSING when it can't be started, EXPORT_FAILED when it ends without an answer.
 */
export function runPython({ python, script, folder, request, answer, log, signal }: PythonRun): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    const child = spawn(python, ["-B", "-X", "utf8", script], {
      cwd: folder,
      windowsHide: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, PYTHONUNBUFFERED: "1", NO_COLOR: "1", ...noTelemetryVariables },
    });
    const last: string[] = [];
    let settled = false;
    const settle = (action: () => void): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener("abort", stop);
      action();
    };
    const stop = (): void => {
      child.kill();
      settle(() => reject(cancelled()));
    };
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", (error) =>
      settle(() =>
        reject(
          new ExplainError("PYTHON_MISSING", `The Python interpreter ${python} can't be started: ${error.message}`, { hint: "Choose another interpreter." }),
        ),
      ),
    );
    // A process that has ended takes no answer; how it ended is told by "close".
    child.stdin.on("error", () => undefined);
    const say = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
    createInterface({ input: child.stderr }).on("line", (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
      log(line);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const message = parse(line);
      if (message === undefined) return log(line);
      if ("answer" in message) return settle(() => resolve(message.answer));
      if ("error" in message) return settle(() => reject(exportFailure(message.error, python)));
      const reply = answer?.(message.ask) ?? Promise.resolve({});
      reply.then(say, (error: unknown) => {
        child.kill();
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      });
    });
    child.on("close", (code, ended) =>
      settle(() =>
        reject(
          new ExplainError("EXPORT_FAILED", `Python ended ${ended === null ? `with exit code ${code ?? "?"}` : `by ${ended}`} without an answer.`, {
            hint: last.length === 0 ? "It printed nothing." : `It last printed: ${last.slice(-3).join(" / ")}`,
          }),
        ),
      ),
    );
    say(request);
  });
}

function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return undefined;
    return "ask" in value || "answer" in value || "error" in value ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

function cancelled(): ExplainError {
  return new ExplainError("CANCELLED", "Cancelled.");
}
