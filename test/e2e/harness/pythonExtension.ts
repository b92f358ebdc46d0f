import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";

/** A package that stands for the Python extension, which no package registry has: it answers its environments API with the interpreter that a file names. */
export interface PythonExtension {
  readonly vsix: string;
  /** What a person does with "Python: Select Interpreter"; "" is none. */
  select(python: string): void;
}

export function makePythonExtension(folder: string): PythonExtension {
  const chosen = join(folder, "chosen.txt");
  const select = (python: string): void => writeFileSync(chosen, python);
  const manifest = {
    name: "python",
    publisher: "ms-python",
    version: "2026.1.0",
    displayName: "Python",
    engines: { vscode: "^1.90.0" },
    main: "./main.js",
    activationEvents: [],
    contributes: {},
  };
  const main = `
const { readFileSync } = require("node:fs");
const vscode = require("vscode");
const chosen = () => readFileSync(${JSON.stringify(chosen)}, "utf8");
exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: () => ({ id: chosen(), path: chosen() }),
    resolveEnvironment: async ({ path }) => (path === "" ? undefined : { id: path, path, executable: { uri: vscode.Uri.file(path) } }),
  },
});
`;
  const identity = `<Identity Language="en-US" Id="python" Version="${manifest.version}" Publisher="ms-python"/><DisplayName>Python</DisplayName>`;
  const asset = '<Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>';
  const vsix = join(folder, "python.vsix");
  const files = {
    "extension.vsixmanifest": `<?xml version="1.0" encoding="utf-8"?><PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011"><Metadata>${identity}</Metadata><Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation><Dependencies/><Assets>${asset}</Assets></PackageManifest>`,
    "[Content_Types].xml":
      '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>',
    "extension/package.json": JSON.stringify(manifest),
    "extension/main.js": main,
  };
  writeFileSync(vsix, zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
  select("");
  return { vsix, select };
}
