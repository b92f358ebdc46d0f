import { buildAll } from "../../../scripts/build.mjs";
import { packageTarget } from "../../../scripts/package.mjs";
import { thisTarget } from "../../../scripts/package/targets.mjs";

/** The very file that a person installs: the one that VSIX names, else the extension as it is now, built and packaged for this machine. */
export async function packagedExtension(): Promise<string> {
  const given = process.env["VSIX"];
  if (given !== undefined && given !== "") return given;
  if (thisTarget === undefined) throw new Error("ONNX Runtime has no binary for this machine, so there is no package to test.");
  const problems = await buildAll();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const vsix = await packageTarget(thisTarget);
  if (vsix === undefined) throw new Error("The extension could not be packaged (see above).");
  return vsix;
}
