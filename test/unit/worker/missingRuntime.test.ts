import { expect, test } from "vitest";
import { missingRuntime } from "../../../src/worker/missingRuntime.js";

/** A real failure to find a module, as Node reports it for a platform's missing binary. */
function notFound(name: string): Error {
  try {
    process.dlopen({ exports: {} }, name);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it was found");
}

test("a runtime binary that can't be loaded is named with the platform and the ones there are", () => {
  const error = missingRuntime(notFound("/none/onnxruntime_binding.node"), "freebsd", "x64");
  expect(error?.diagnostic).toMatchObject({
    code: "RUNTIME_MISSING",
    message: expect.stringContaining("freebsd-x64") as unknown,
    hint: expect.stringContaining("linux-x64") as unknown,
  });
});

test("Intel Macs get a sentence of their own", () => {
  expect(missingRuntime(notFound("/none/onnxruntime_binding.node"), "darwin", "x64")?.diagnostic.message).toContain("Intel");
});

test("another missing module, and any other error, are left as they are", () => {
  expect(missingRuntime(notFound("/none/other.node"))).toBeUndefined();
  expect(missingRuntime(new Error("onnxruntime ran out of memory"))).toBeUndefined();
});
