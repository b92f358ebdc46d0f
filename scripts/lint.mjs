import { runModule } from "./run.mjs";

/** The checks of the source, cheapest first. Each prints its findings only when it has some. */
const checks = [
  { name: "prettier", entry: "prettier/bin/prettier.cjs", args: ["--check", "--log-level=warn", "."] },
  { name: "dependency-cruiser", entry: "dependency-cruiser/bin/dependency-cruise.mjs", args: ["--output-type=err", "src", "webview"] },
  { name: "knip", entry: "knip/bin/knip.js", args: ["--no-progress"] },
  { name: "eslint", entry: "eslint/bin/eslint.js", args: ["--max-warnings=0", "."] },
];

for (const { name, entry, args } of checks) {
  const code = await runModule(entry, args, { quiet: true });
  console.log(`${name.padEnd(20)} ${code === 0 ? "ok" : "failed"}`);
  if (code !== 0) process.exitCode = 1;
}
