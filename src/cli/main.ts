import { ExplainError, formatDiagnostic, toDiagnostic, type Diagnostic } from "../base/diagnostic.js";
import { plainText } from "../base/plainText.js";
import { limitNames, withLimits } from "../base/limits.js";
import { version } from "../../package.json";
import { batchCommand, batchHelp } from "./batch.js";
import { compileCommand, compileHelp } from "./compile.js";
import { conformance, conformanceHelp } from "./conformance.js";
import { demo, demoHelp } from "./demo.js";
import { explainCommand, explainHelp } from "./explain.js";
import { exportCommand, exportHelp } from "./export.js";
import { flipCommand, flipHelp } from "./flip.js";
import { inspectCommand, inspectHelp } from "./inspect.js";
import { takeLimits } from "./limits.js";
import { processIo, type Io } from "./io.js";
import { methodsCommand, methodsHelp } from "./methods.js";
import { sidecarCommand, sidecarHelp } from "./sidecar.js";
import { UsageError } from "./usage.js";

interface Command {
  readonly help: string;
  run(args: readonly string[], io: Io): Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  explain: { help: explainHelp, run: explainCommand },
  batch: { help: batchHelp, run: batchCommand },
  flip: { help: flipHelp, run: flipCommand },
  inspect: { help: inspectHelp, run: inspectCommand },
  methods: { help: methodsHelp, run: methodsCommand },
  export: { help: exportHelp, run: exportCommand },
  sidecar: { help: sidecarHelp, run: sidecarCommand },
  compile: { help: compileHelp, run: compileCommand },
  conformance: { help: conformanceHelp, run: conformance },
  demo: { help: demoHelp, run: demo },
};

const help = `explain-prediction: why an ONNX model said what it said

  explain-prediction explain <model> [samples]   credits of features, tokens, layers or neurons for a prediction
  explain-prediction batch <model> <data>        the same for every row of a data set, into a file
  explain-prediction flip <model> [samples]      the smallest change of a sample that flips the prediction
  explain-prediction inspect <model>             inputs, outputs, layers, operators and methods of a model
  explain-prediction export <file>               an ONNX file of a PyTorch, scikit-learn or LightGBM model
  explain-prediction compile <model>             an explanation as an ONNX file that runs anywhere
  explain-prediction sidecar <model>             writes model.explain.json from what was inferred
  explain-prediction methods                     every method: what it answers, what it needs, its paper
  explain-prediction conformance                 reference cases with known right numbers
  explain-prediction demo                        the bundled example

  explain-prediction <command> --help            a command's options
  … --limit NAME=N                               another limit for this call: ${limitNames.slice(0, 5).join(", ")},
                                                 ${limitNames.slice(5).join(", ")}
  explain-prediction --version

Exit codes: 0 done, 1 can't be explained as asked, 2 wrong usage, 130 interrupted.`;

const exit = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Dispatches to a command and turns every way of failing into a message and an exit code. */
async function main(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    interrupt.abort();
    // A second interrupt, or a step that does not end, is not waited for.
    process.once("SIGINT", () => process.exit(exit.interrupted));
  });
  const io = processIo(interrupt.signal, args.includes("--quiet"));
  const [name, ...given] = args;
  let rest: readonly string[] = given;
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      io.out(help);
      return name === undefined ? exit.usage : exit.done;
    }
    if (name === "--version" || name === "-v") {
      io.out(version);
      return exit.done;
    }
    if (command === undefined) throw new UsageError(`There is no command "${name}".`);
    if (rest.includes("--help") || rest.includes("-h")) {
      io.out(command.help);
      return exit.done;
    }
    const { limits, args: own } = takeLimits(given);
    rest = own;
    return await withLimits(limits, () => command.run(own, io));
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${error.message}\nSee: explain-prediction ${command === undefined ? "" : `${name} `}--help`);
      return exit.usage;
    }
    const diagnostic = toDiagnostic(error);
    if (diagnostic.code === "CANCELLED") {
      io.err("Interrupted.");
      return exit.interrupted;
    }
    io.err(plainText(formatDiagnostic(diagnostic)));
    if (!(error instanceof ExplainError) && process.env["DEBUG"] !== undefined) io.err(error instanceof Error ? (error.stack ?? "") : "");
    if (wantsJson(rest)) io.out(JSON.stringify({ error: errorObject(diagnostic) }, null, 1));
    return exit.failed;
  }
}

/** Whether the command was asked for JSON: then an error is JSON too. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((arg, i) => arg === "--format=json" || (arg === "--format" && args[i + 1] === "json"));
}

function errorObject({ severity: _, ...rest }: Diagnostic): Omit<Diagnostic, "severity"> {
  return rest;
}

process.exitCode = await main(process.argv.slice(2));
