import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import { measureNames } from "../../../src/protocol/names.js";
import { parseExplain, rowsOf } from "../../../src/cli/explainArguments.js";
import { UsageError } from "../../../src/cli/usage.js";

const requestOf = (...args: string[]): unknown => parseExplain(["model.onnx", ...args]).request;

describe("parseExplain", () => {
  it("takes the model alone", () => {
    expect(parseExplain(["model.onnx"])).toEqual({ request: { model: resolve("model.onnx") }, format: "table", quiet: false });
  });

  it("makes paths absolute, also behind @", () => {
    expect(requestOf("rows.csv", "--input", "x=@row.json", "--input", "text=mail me@home", "--baseline", "@base.npy", "--baseline", "x=@other.csv")).toEqual({
      model: resolve("model.onnx"),
      samples: resolve("rows.csv"),
      values: { x: `@${resolve("row.json")}`, text: "mail me@home" },
      baselines: { "": `@${resolve("base.npy")}`, x: `@${resolve("other.csv")}` },
    });
  });

  it("reads every option", () => {
    const args = [
      "--row",
      "0,2,5-7",
      "--target",
      "pos",
      "--target",
      "top:2",
      "--versus",
      "neg",
      "--method",
      "neuronConductance",
      "--layer",
      "auto",
      "--neuron",
      "2,0,1",
      "--fixed",
      "mask",
      "--mode",
      "isolated",
    ];
    expect(
      requestOf(
        ...args,
        "--aggregate",
        "meanAbs",
        "--labels",
        "no, yes",
        "--threads",
        "2",
        "--option",
        "steps=50",
        "--option",
        "rule=riemann_left",
        "--option",
        'window={"image":[1,2]}',
      ),
    ).toEqual({
      model: resolve("model.onnx"),
      rows: [0, 2, 5, 6, 7],
      targets: ["pos", "top:2"],
      versus: "neg",
      method: "neuronConductance",
      layer: "auto",
      neuron: "2,0,1",
      fixed: ["mask"],
      mode: "isolated",
      aggregate: "meanAbs",
      labels: ["no", "yes"],
      threads: 2,
      options: { steps: 50, rule: "riemann_left", window: { image: [1, 2] } },
    });
  });

  it.each([
    [[], /Name the model/],
    [["m", "s", "more"], /too many: "more"/],
    [["m", "--unknown"], /Unknown option '--unknown'/],
    [["m", "--row", "1;2"], /such as 0,2,5-9/],
    [["m", "--row", "5-2"], /counts backwards/],
    [["m", "--row", ""], /such as/],
    [["m", "--input", "5"], /has no "="/],
    [["m", "--neuron", "-1"], /.+/],
    [["m", "--neuron=a"], /takes an index/],
    [["m", "--format", "xml"], /table, json, csv, html/],
    [["m", "--mode", "both"], /joint, isolated/],
    [["m", "--threads", "0"], /whole number from 1/],
    [["m", "--option", "window={"], /not valid JSON/],
  ] as const)("refuses %j", (args, message) => {
    expect(() => parseExplain(args)).toThrow(UsageError);
    expect(() => parseExplain(args)).toThrow(message);
  });

  it("knows an unknown method from wrong usage, and what was meant", () => {
    expect.assertions(3);
    try {
      parseExplain(["m", "--method", "integratedgradient"]);
    } catch (error) {
      expect(error).toBeInstanceOf(ExplainError);
      expect((error as ExplainError).diagnostic.code).toBe("UNKNOWN_METHOD");
      expect((error as ExplainError).diagnostic.hint).toContain("Did you mean integratedGradients?");
    }
  });
});

describe("noise and measures", () => {
  it("makes noise an option of the method", () => {
    expect(requestOf("--noise", "vargrad", "--option", "noiseStdev=0.2")).toMatchObject({ options: { noise: "vargrad", noiseStdev: 0.2 } });
    expect(() => requestOf("--noise", "smooth")).toThrow(/--noise is one of smoothgrad, smoothgradSquared, vargrad/);
  });

  it("takes measures one by one, with commas, or all", () => {
    expect(requestOf("--measure", "deletion,insertion", "--measure", "agreement", "--measure", "deletion")).toMatchObject({
      measures: ["deletion", "insertion", "agreement"],
    });
    expect(requestOf("--measure", "all")).toMatchObject({ measures: measureNames });
    expect(() => requestOf("--measure", "fidelity")).toThrow(/--measure is one of infidelity/);
  });
});

it("rowsOf all", () => {
  expect(rowsOf("all")).toBe("all");
});
