import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Line } from "./line.js";

/** What the built files weigh. */
export function sizeLines(): Line[] {
  const webview = gzipSync(readFileSync("dist/webview.js"), { level: 9 }).length;
  const host = readFileSync("dist/extension.cjs").length;
  const parts = readdirSync("dist/host").map((name) => readFileSync(join("dist/host", name)).length);
  const onDemand = parts.reduce((sum, length) => sum + length, 0) / 1024;
  return [
    { name: "webview bundle, gzipped", goal: "≤ 200 KB", value: webview / 1024, most: 200, unit: "KB" },
    { name: "host bundle", goal: "≤ 300 KB", value: host / 1024, most: 300, unit: "KB", note: `${onDemand.toFixed(0)} KB more on demand` },
  ];
}
