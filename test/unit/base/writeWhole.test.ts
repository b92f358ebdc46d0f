import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleForNode } from "../../../scripts/bundle.mjs";
import { isDiskFull, resumable, writeError } from "../../../src/base/writeError.js";
import { writeWhole } from "../../../src/base/writeWhole.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "explain-write-")));
let bundle = "";
beforeAll(async () => void (bundle = await bundleForNode("src/base/writeWhole.ts", "write-whole.mjs")));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a megabyte in a process whose files can't grow beyond 40 blocks, as on a disk that is full. */
function onFullDisk(file: string, content: "text" | "bytes") {
  const made = content === "text" ? `"x".repeat(2 ** 20)` : "new Uint8Array(2 ** 20)";
  const script = `
    const { writeWhole } = await import(${JSON.stringify(bundle)});
    await writeWhole(${JSON.stringify(file)}, ${made}).then(() => console.log("{}"), (error) => console.log(JSON.stringify(error.diagnostic)));`;
  const args = ["-c", `ulimit -f 40; exec "$0" --input-type=module -e "$1"`, process.execPath, script];
  const { stdout, stderr } = spawnSync("bash", args, { encoding: "utf8" });
  return JSON.parse(stdout === "" ? JSON.stringify({ stderr }) : stdout) as unknown;
}

test.skipIf(process.platform === "win32").each(["text", "bytes"] as const)(
  "%s that a full disk has no room for: said, nothing half is left, what was there stays",
  (content) => {
    const [old, fresh] = [join(folder, `old-${content}`), join(folder, `fresh-${content}`)];
    writeFileSync(old, "before");
    for (const file of [old, fresh])
      expect(onFullDisk(file, content)).toMatchObject({
        code: "DISK_FULL",
        file,
        message: expect.stringMatching(/^There is no room for (old|fresh)-/) as string,
        hint: expect.stringContaining("What stood there before is as it was.") as string,
      });
    expect(readFileSync(old, "utf8")).toBe("before");
    expect(readdirSync(folder)).not.toContain(`fresh-${content}`);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  },
);

test("a link is written through, and stays one", async () => {
  const [target, link] = [join(folder, "target"), join(folder, "link")];
  writeFileSync(target, "before");
  symlinkSync(target, link);
  await writeWhole(link, "after");
  expect(readFileSync(target, "utf8")).toBe("after");
  expect(realpathSync(link)).toBe(target);
});

test("the reason is known by the system's code, or by the editor's message alone; what is no error of the system stays what it is", () => {
  const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
  expect(isDiskFull(coded("EDQUOT", "quota"))).toBe(true);
  expect(isDiskFull(coded("Unknown", "Unable to write file (Unknown (FileSystemError): Error: ENOSPC: no space left on device, write)"))).toBe(true);
  expect(isDiskFull(coded("EACCES", "EACCES: permission denied"))).toBe(false);
  expect(writeError(coded("EACCES", "EACCES: permission denied"), "a/b.csv", resumable)).toMatchObject({
    diagnostic: { code: "FILE_NOT_FOUND", hint: expect.stringContaining("--resume") as string },
  });
  const defect = new TypeError("x is not a function");
  expect(writeError(defect, "f")).toBe(defect);
});
