import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { deliver, writeFailure } from "../../../src/cli/output.js";
import type { Io } from "../../../src/cli/io.js";

const folder = mkdtempSync(join(tmpdir(), "explain-output-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const io = {} as Io;

it("writes a file whole, over one that is there", () => {
  const file = join(folder, "a.json");
  writeFileSync(file, "before, and longer than what comes");
  deliver("{}", file, io);
  expect(readFileSync(file, "utf8")).toBe("{}\n");
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

it.skipIf(!existsSync("/dev/full"))("a full disk is named as such", () => {
  expect(() => deliver("{}", "/dev/full", io)).toThrow(
    expect.objectContaining({ diagnostic: expect.objectContaining({ code: "DISK_FULL", file: "/dev/full" }) as unknown }) as Error,
  );
});

it("a folder that is not there is another matter, and leaves nothing behind", () => {
  expect(() => deliver("{}", join(folder, "none", "a.json"), io)).toThrow(
    expect.objectContaining({ diagnostic: expect.objectContaining({ code: "FILE_NOT_FOUND" }) as unknown }) as Error,
  );
  expect(writeFailure(new Error("no"), "f").diagnostic.code).toBe("FILE_NOT_FOUND");
});
