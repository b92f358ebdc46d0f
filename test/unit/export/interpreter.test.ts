import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseInterpreter } from "../../../src/export/interpreter.js";
import { makeBarePython } from "./barePython.js";

const bare = makeBarePython();
const program = bare === undefined ? "" : process.platform === "win32" ? join(bare, "Scripts", "python.exe") : join(bare, "bin", "python");

describe("the interpreter", () => {
  it("that is named and does not run is said to, with who named it", async () => {
    await expect(chooseInterpreter({ given: "/nowhere/python" })).rejects.toMatchObject({
      diagnostic: { code: "PYTHON_MISSING", message: "The Python interpreter /nowhere/python (named for this export) does not run." },
    });
    await expect(chooseInterpreter({ setting: "/nowhere/python" })).rejects.toThrow(/the setting explainPrediction\.python/);
  });

  it("is a Python, not just a program", async () => {
    await expect(chooseInterpreter({ extension: process.execPath })).rejects.toMatchObject({ diagnostic: { code: "PYTHON_MISSING" } });
  });

  it("that is nowhere to be found says where it was looked for", async () => {
    await expect(chooseInterpreter({}, ["no-such-python3", "no-such-python"])).rejects.toMatchObject({
      diagnostic: { code: "PYTHON_MISSING", message: 'There is no Python: "no-such-python3" and "no-such-python" can\'t be started.' },
    });
  });
});

describe.runIf(bare !== undefined)("the interpreter, where there is one,", () => {
  const folder = bare ?? "";

  it("may be named by the folder of its virtual environment", async () => {
    expect(await chooseInterpreter({ given: folder })).toEqual({ path: program, from: "named for this export" });
  });

  it("is the one that is named, else the extension's, else the setting's, else that on the PATH", async () => {
    const other = "/nowhere/python";
    expect((await chooseInterpreter({ given: program, extension: other, setting: other })).from).toBe("named for this export");
    expect((await chooseInterpreter({ extension: program, setting: other })).from).toBe("chosen in the Python extension");
    expect((await chooseInterpreter({ given: " ", setting: program }, [other])).from).toBe("the setting explainPrediction.python");
    expect(await chooseInterpreter({ setting: "" }, [other, program])).toEqual({ path: program, from: "found on the PATH" });
  });
});
