import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ExplainError } from "../base/diagnostic.js";

/** A Python program and who chose it. */
export interface Interpreter {
  readonly path: string;
  /** In words for the person: "the Python extension", "the setting explainPrediction.python", … */
  readonly from: string;
}

/** What may name an interpreter, in the order in which it counts. */
export interface InterpreterChoices {
  /** Said for this one export. */
  readonly given?: string;
  /** What the editor's Python extension has chosen. */
  readonly extension?: string;
  readonly setting?: string;
}

/**
 * The Python to export with: what is said, else the Python extension's choice, else the setting, else python3 or python on the PATH. A folder is taken for a virtual
 * environment. Throws PYTHON_MISSING when what is named does not run, or nothing is found.
 */
export async function chooseInterpreter(choices: InterpreterChoices, onPath: readonly string[] = namesOnPath()): Promise<Interpreter> {
  const named = [
    { path: choices.given, from: "named for this export" },
    { path: choices.extension, from: "chosen in the Python extension" },
    { path: choices.setting, from: "the setting explainPrediction.python" },
  ];
  for (const { path, from } of named) {
    if (path === undefined || path.trim() === "") continue;
    const program = await programOf(path.trim());
    if (!(await runs(program)))
      throw new ExplainError("PYTHON_MISSING", `The Python interpreter ${program} (${from}) does not run.`, {
        hint: "Choose another interpreter: the path of its program or of its virtual environment.",
      });
    return { path: program, from };
  }
  for (const name of onPath) if (await runs(name)) return { path: name, from: "found on the PATH" };
  throw new ExplainError("PYTHON_MISSING", `There is no Python: ${onPath.map((name) => `"${name}"`).join(" and ")} can't be started.`, {
    hint: "Install Python with the packages that the model needs, or name the interpreter that has them (--python; in VS Code the setting explainPrediction.python).",
  });
}

function namesOnPath(): readonly string[] {
  return process.platform === "win32" ? ["python", "python3", "py"] : ["python3", "python"];
}

/** The interpreter inside a virtual environment's folder; any other path is the program itself. */
async function programOf(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() !== true) return path;
  return process.platform === "win32" ? join(path, "Scripts", "python.exe") : join(path, "bin", "python");
}

/** Whether a program starts and says that it is a Python 3. */
function runs(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, ["-c", "import sys; print(sys.version_info[0])"], { stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0 && out.trim() === "3"));
  });
}
