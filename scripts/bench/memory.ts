import { readFileSync } from "node:fs";
import { openModel } from "../../src/runtime/open.js";
import { tensor } from "../../src/tensor/tensor.js";

/** Resident memory of this process after one forward pass, or one gradient, of a chain; in bytes, what Node takes by itself left out. */
export async function residentMemory(backward: boolean, file: string): Promise<{ readonly resident: number; readonly most: number }> {
  const before = process.memoryUsage.rss();
  const model = await openModel(file);
  const inputs = {
    x: tensor(
      "float32",
      [1, 1024],
      Array.from({ length: 1024 }, (_, i) => Math.sin(i)),
    ),
  };
  if (backward) await model.attribute({ method: "saliency", inputs, targets: [{ value: "y", index: [0] }] });
  else await model.run(inputs);
  const resident = process.memoryUsage.rss() - before;
  await model.dispose();
  return { resident, most: peak() - before };
}

/** The most that was resident at any time (Linux; elsewhere what is now). */
function peak(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return kilobytes === undefined ? process.memoryUsage.rss() : Number(kilobytes) * 1024;
  } catch {
    return process.memoryUsage.rss();
  }
}
