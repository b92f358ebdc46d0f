import * as vscode from "vscode";
import { chooseInterpreter, type Interpreter } from "../../export/interpreter.js";

const extensionId = "ms-python.python";

/** Of the Python extension's API what is used here: https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: { readonly path: string }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** The interpreter for a file: the Python extension's choice for its folder, else the setting, else Python on the PATH. Throws PYTHON_MISSING. */
export async function chosenPython(file: vscode.Uri): Promise<Interpreter> {
  const extension = await ofExtension(file).catch(() => undefined);
  const setting = vscode.workspace.getConfiguration("explainPrediction", file).get<unknown>("python");
  return chooseInterpreter({ ...(extension === undefined ? {} : { extension }), ...(typeof setting === "string" ? { setting } : {}) });
}

/** Whether the Python extension is there, to choose an interpreter with. */
function hasPythonExtension(): boolean {
  return vscode.extensions.getExtension(extensionId) !== undefined;
}

/** Lets the person choose another interpreter, where they choose it for everything else. */
export async function changePython(): Promise<void> {
  if (hasPythonExtension()) await vscode.commands.executeCommand("python.setInterpreter");
  else await vscode.commands.executeCommand("workbench.action.openSettings", "explainPrediction.python");
}

async function ofExtension(file: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>(extensionId);
  if (extension === undefined) return undefined;
  const api = await extension.activate();
  if (!isApi(api)) return undefined;
  const path = api.environments.getActiveEnvironmentPath(file);
  const resolved = await api.environments.resolveEnvironment(path);
  return resolved?.executable.uri?.fsPath ?? path.path;
}

function isApi(value: unknown): value is PythonApi {
  if (typeof value !== "object" || value === null || !("environments" in value)) return false;
  const { environments } = value;
  return typeof environments === "object" && environments !== null && "getActiveEnvironmentPath" in environments && "resolveEnvironment" in environments;
}
