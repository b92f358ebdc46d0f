import { run } from "./run.mjs";
import { setUp } from "./setup.mjs";

/** `npm start`: set up, build, then explain the bundled example. */
const missing = await setUp("packages");
if (missing.packages === undefined) {
  // esbuild is one of the packages that were just installed.
  const { buildAll } = await import("./build.mjs");
  const problems = await buildAll();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? await run(process.execPath, ["dist/cli.js", "demo"]) : 1;
} else {
  console.error(missing.packages);
  process.exitCode = 1;
}
