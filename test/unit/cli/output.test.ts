import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { deliver } from "../../../src/cli/output.js";
import type { Io } from "../../../src/cli/io.js";

const folder = mkdtempSync(join(tmpdir(), "explain-output-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const io = {} as Io;

it("writes a file whole, over one that is there", async () => {
  const file = join(folder, "a.json");
  writeFileSync(file, "before, and longer than what comes");
  await deliver("{}", file, io);
  expect(readFileSync(file, "utf8")).toBe("{}\n");
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

it.skipIf(!existsSync("/dev/full"))("a full disk is named as such", async () => {
  await expect(deliver("{}", "/dev/full", io)).rejects.toMatchObject({ diagnostic: { code: "DISK_FULL", file: "/dev/full" } });
});

it("a folder that is not there is another matter, and leaves nothing behind", async () => {
  await expect(deliver("{}", join(folder, "none", "a.json"), io)).rejects.toMatchObject({ diagnostic: { code: "FILE_NOT_FOUND" } });
});
