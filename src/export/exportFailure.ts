import { basename } from "node:path";
import { ExplainError, type DiagnosticCode } from "../base/diagnostic.js";
import { closest } from "../base/closest.js";

/** How the export script says that there is no file: which way, and what its message names. */
export interface Failure {
  readonly kind: string;
  /** What the exception said. */
  readonly reason?: string;
  /** The exception's class. */
  readonly type?: string;
  /** Place and text of the person's own line that it came from. */
  readonly file?: string;
  readonly line?: number;
  readonly text?: string;
  /** The file concerned. */
  readonly subject?: string;
  readonly name?: string;
  readonly names?: readonly string[];
  readonly known?: readonly string[];
  readonly maker?: string;
  readonly packages?: readonly string[];
  readonly inputs?: readonly string[];
  readonly expression?: string;
  readonly version?: string;
  readonly oldest?: string;
  readonly saved?: string;
  readonly here?: string;
  readonly count?: number;
}

interface Words {
  readonly code?: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** The words for each way of failing. `python` is the interpreter, for the commands that are named. */
const words: Readonly<Record<string, (f: Failure, python: string) => Words>> = {
  pythonTooOld: (f, python) => ({
    code: "PYTHON_MISSING",
    message: `${python} is Python ${f.version ?? "2"}; exporting takes 3.8 or newer.`,
    hint: "Choose another interpreter.",
  }),
  packagesMissing: (f, python) => missingPackages(f.packages ?? [], python),
  importFailed: (f) => ({
    code: "PYTHON_PACKAGE_MISSING",
    message: `The packages that export can't be imported: ${reason(f)}`,
    hint: "They may be of versions that don't go together; a new virtual environment with torch, onnx and onnxscript works.",
  }),
  torchTooOld: (f, python) => ({
    code: "PYTHON_PACKAGE_MISSING",
    message: `torch${f.version === undefined ? "" : ` ${f.version}`} is too old: its exporter keeps no source lines. ${f.oldest ?? "2.6"} is the oldest that will do.`,
    hint: `Update it: ${pip(python)} --upgrade torch onnxscript`,
  }),
  syntax: (f) => ({ message: `Python can't read the file: ${reason(f)}.`, hint: "Correct the line, or choose the interpreter that the file is written for." }),
  importOfSource: (f) => ({
    message: `The file could not be imported: ${typed(f)}`,
    hint: "Importing runs the file's top level; it has to work where the file lies.",
  }),
  moduleMissing: (f, python) => ({
    code: "PYTHON_PACKAGE_MISSING",
    message: `Python has no module named "${f.name ?? "?"}", which the model needs.${versions(f)}`,
    hint: `Install the package that has it (${pip(python)} …), choose the interpreter that has it, or put the model's own files where they can be imported from.`,
  }),
  unknownName: (f) => {
    const near = closest(f.name ?? "", f.known ?? []);
    return {
      code: "OPTION_INVALID",
      message: `${basename(f.subject ?? "The file")} has no class, function or model named "${f.name ?? ""}".`,
      hint: `${near === undefined ? "" : `Did you mean "${near}"? `}${(f.known ?? []).length === 0 ? "It holds no nn.Module." : `It has: ${(f.known ?? []).join(", ")}.`}`,
    };
  },
  notAModel: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `${f.name ?? "It"} is of type ${f.type ?? "?"}, not an nn.Module.`,
    hint: "Name a class that inherits from nn.Module, a function that returns one, or a variable that holds one.",
  }),
  argumentsMissing: (f) => ({
    code: "OPTION_INVALID",
    message: `${f.maker ?? "The class"} needs ${quoted(f.names ?? [])}, and neither a default nor the weights say ${(f.names ?? []).length > 1 ? "them" : "it"}.`,
    hint: `Give ${(f.names ?? []).length > 1 ? "each" : "it"} as a Python expression: --arg ${f.names?.[0] ?? "NAME"}=…`,
  }),
  unknownArgument: (f) => ({
    code: "OPTION_INVALID",
    message: `${f.maker ?? "The class"} takes no argument "${f.name ?? ""}".`,
    hint: `It takes: ${(f.known ?? []).join(", ") || "none"}.`,
  }),
  argumentFailed: (f) => ({
    code: "OPTION_INVALID",
    message: `The value of ${f.name ?? "an argument"} can't be computed: ${f.expression ?? "it"} ends in ${typed(f)}`,
    hint: "It is a Python expression; torch, the file's own names and the weights (state) can be used in it.",
  }),
  constructorFailed: (f) => ({
    message: `${f.name ?? "The model"} could not be made: ${typed(f)}`,
    hint: "Give the arguments that it was trained with (--arg NAME=EXPRESSION).",
  }),
  weightsOnly: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `${basename(f.subject ?? "The file")} holds weights only (${f.count ?? "some"} tensors), not the model that they belong to.`,
    hint: `Give the Python file with the class, and this file as its weights: explain-prediction export network.py --weights ${basename(f.subject ?? "model.pt")}`,
  }),
  torchScript: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `${basename(f.subject ?? "The file")} is a TorchScript program, which PyTorch's exporter does not take.`,
    hint: "Give the Python file with the class, or save the model anew with torch.export.save (.pt2).",
  }),
  notAProgram: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `${basename(f.subject ?? "The file")} can't be loaded as an exported program: ${reason(f)}`,
    hint: "A .pt2 file is what torch.export.save writes; one that was compiled for a machine, or saved by a newer torch, can't be read.",
  }),
  weightsUnreadable: (f) => ({
    message: `${basename(f.subject ?? "The file")} can't be read: ${reason(f)}`,
    hint: "Check that it is complete and was saved by PyTorch.",
  }),
  notWeights: (f) => ({
    message: `${basename(f.subject ?? "The file")} holds no weights but a ${f.type ?? "?"}.`,
    hint: "Give what torch.save(model.state_dict(), …) wrote, or a checkpoint that has it.",
  }),
  weightsDoNotFit: (f) => ({
    message: `The weights in ${basename(f.subject ?? "the file")} do not fit ${f.name ?? "the model"}: ${reason(f)}`,
    hint: "Give the arguments that the model was trained with (--arg NAME=EXPRESSION), or the weights that belong to it.",
  }),
  classMissing: (f) => ({
    message: `${basename(f.subject ?? "The file")} was saved with a class that is not there now: ${reason(f)}`,
    hint: "A model saved whole needs its class where it was. Export from the Python file instead, with this file as its weights.",
  }),
  noParameters: (f) => ({
    message: `The forward of ${f.maker ?? "the model"} names no inputs.`,
    hint: "Give an example as a Python expression: --example '(torch.rand(2, 8),)'",
  }),
  noExample: (f) => ({
    code: "INPUT_MISSING",
    message: `The exporter runs the model once, and nothing says what ${quoted(f.names ?? [])} ${(f.names ?? []).length > 1 ? "look" : "looks"} like.${f.reason === undefined ? "" : ` ${f.reason}`}`,
    hint: `Choose samples that fit (--samples FILE), or say the sizes of one row: --shape ${f.names?.[0] ?? "NAME"}=8`,
  }),
  unknownInput: (f) => ({
    code: "UNKNOWN_INPUT",
    message: `forward has no input "${f.name ?? ""}".`,
    hint: `It has: ${(f.known ?? []).join(", ") || "none"}.`,
  }),
  forwardFailed: (f) => ({
    message: `The model itself fails on the example (${(f.inputs ?? []).join("; ")}): ${typed(f)}`,
    hint: "Choose samples that belong to the model, or say the sizes of one row (--shape NAME=3,224,224).",
  }),
  exportFailed: (f) => ({
    message: `The exporter can't turn ${f.maker ?? "the model"} into ONNX: ${reason(f)}${f.text === undefined || f.text === "" ? "" : `\nin: ${f.text}`}`,
    hint: "The exporter's whole message stands in the log (on the command line: --log).",
  }),
  notWritten: (f) => ({
    code: "FILE_NOT_FOUND",
    message: `${f.subject ?? "The file"} can't be written: ${reason(f)}`,
    hint: "Check the folder and the space that is left.",
  }),
  notUnpickled: (f) => ({
    message: `${basename(f.subject ?? "The file")} can't be unpickled: ${reason(f)}.${versions(f)}`,
    hint:
      f.saved === undefined || f.saved === f.here
        ? "Check that it is complete and was saved by joblib or pickle."
        : `Choose an interpreter with scikit-learn ${f.saved}, or save the model anew with ${f.here ?? "this version"}.`,
  }),
  notAnEstimator: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `${basename(f.subject ?? "The file")} holds a ${f.type ?? "?"}, not a scikit-learn model.`,
    hint: "Save the fitted pipeline itself: joblib.dump(pipeline, …).",
  }),
  notFitted: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `The ${f.type ?? "model"} in ${basename(f.subject ?? "the file")} has not been fitted.`,
    hint: "Fit it, then save it.",
  }),
  noRawScores: (f) => ({
    code: "OPTION_INVALID",
    message: `${f.maker ?? "This model"} has no raw scores to export: ${reason(f)}`,
    hint: "Leave --raw-scores out.",
  }),
  widthUnknown: (f) => ({
    code: "INPUT_MISSING",
    message: `${basename(f.subject ?? "The model")} does not say how many features it takes.${f.reason === undefined ? "" : ` ${f.reason}`}`,
    hint: "Choose samples (--samples FILE).",
  }),
  notABooster: (f) => ({
    code: "MODEL_UNSUPPORTED",
    message: `${basename(f.subject ?? "The file")} is no LightGBM model: ${f.reason ?? "it names no features"}`,
    hint: "Give what Booster.save_model wrote.",
  }),
  unexpected: (f) => ({ message: `The export ended in ${typed(f)}`, hint: "The exporter's whole message stands in the log (on the command line: --log)." }),
};

/** An export that the script ended, with what it said: some of it can be asked for and tried again. */
export class ExportError extends ExplainError {
  constructor(
    readonly failure: Failure,
    ...details: ConstructorParameters<typeof ExplainError>
  ) {
    super(...details);
  }
}

/** A failure in words for the person who asked, with the line of their own code where there is one. */
export function exportFailure(failure: Failure, python: string): ExportError {
  const { code = "EXPORT_FAILED", message, hint } = (words[failure.kind] ?? words["unexpected"]!)(failure, python);
  const place = failure.file === undefined ? {} : { file: failure.file, ...(failure.line === undefined ? {} : { line: failure.line }) };
  return new ExportError(failure, code, message, { hint, ...place });
}

/** Which packages an interpreter lacks, and the command that installs them there. */
export function missingPackages(packages: readonly string[], python: string): Words & { readonly code: DiagnosticCode; readonly command: string } {
  const command = `${pip(python)} ${packages.join(" ")}`;
  return {
    code: "PYTHON_PACKAGE_MISSING",
    message: `${python} does not have ${packages.join(", ").replace(/, ([^,]*)$/, " and $1")}.`,
    hint: `Install ${packages.length > 1 ? "them" : "it"}: ${command}`,
    command,
  };
}

function pip(python: string): string {
  return `${/\s/.test(python) ? `"${python}"` : python} -m pip install`;
}

function reason({ reason: said = "it gives no reason", type }: Failure): string {
  return type === "KeyError" ? `${said} (KeyError)` : said;
}

function typed({ reason: said = "", type = "an error" }: Failure): string {
  return said === "" || said === type ? type : `${type}: ${said}`;
}

function versions({ saved, here }: Failure): string {
  if (saved === undefined) return "";
  return here === undefined ? ` It was saved with scikit-learn ${saved}.` : ` It was saved with scikit-learn ${saved}; this Python has ${here}.`;
}

function quoted(names: readonly string[]): string {
  if (names.length === 0) return "its inputs";
  return names
    .map((name) => `"${name}"`)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
}
