/** The layers of the engine, lowest first: a file imports only from its own layer and those before it. */
const layers = ["base", "tensor", "protocol", "summary", "source", "ray", "onnx", "graph", "autodiff", "attribution", "runtime", "data", "explain", "worker"];

/** The layers of the panel, above the protocol. */
const panelLayers = ["viewmodel", "charts"];

const folders = (names) => `^src/(${names.join("|")})/`;

const layerRules = layers.map((layer, at) => ({
  name: `layer-${layer}`,
  comment: `src/${layer} imports only from ${layers.slice(0, at + 1).join(", ")}.`,
  severity: "error",
  from: { path: folders([layer]) },
  to: { path: "^(src|webview)/", pathNot: folders(layers.slice(0, at + 1)) },
}));

const panelBase = layers.slice(0, layers.indexOf("protocol") + 1);

const panelRules = panelLayers.map((layer, at) => ({
  name: `layer-${layer}`,
  comment: `src/${layer} imports only from ${[...panelBase, ...panelLayers.slice(0, at + 1)].join(", ")}.`,
  severity: "error",
  from: { path: folders([layer]) },
  to: { path: "^(src|webview)/", pathNot: folders([...panelBase, ...panelLayers.slice(0, at + 1)]) },
}));

/** A package that only one place may know. */
const only = (name, home, comment) => ({
  name: `only-${name.replaceAll(/\W+/g, "-").replace(/^-/, "")}`,
  comment,
  severity: "error",
  from: { pathNot: home },
  to: { path: `(^|/)node_modules/(@types/)?${name}(/|$)|^${name}$` },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", comment: "A cycle has no order to read it in.", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^vscode$" } },
    ...layerRules,
    ...panelRules,
    {
      name: "layer-export",
      severity: "error",
      comment: "src/export starts Python for whoever asks; models and samples reach it as plain data.",
      from: { path: "^src/export/" },
      to: { path: "^(src|webview)/", pathNot: folders(["base", "protocol", "export"]) },
    },
    {
      name: "webview",
      severity: "error",
      comment: "The page in the panel knows the protocol and the charts only.",
      from: { path: "^webview/" },
      to: { path: "^src/", pathNot: folders(["protocol", "charts"]) },
    },
    {
      name: "editor-and-command-line-apart",
      severity: "error",
      from: { path: "^src/(vscode/|extension\\.ts$)" },
      to: { path: "^(src/(cli|explain|data|runtime|attribution|autodiff|graph|onnx)|webview)/" },
    },
    { name: "command-line-without-editor", severity: "error", from: { path: "^src/cli/" }, to: { path: "^(src/(vscode/|extension\\.ts$)|webview/)" } },
    only("vscode", "^src/(vscode/|extension\\.ts$)", "Only the extension runs inside the editor."),
    only("onnxruntime-node", "^src/runtime/", "One place knows the engine that runs graphs."),
    only("@vscode/webview-ui-toolkit", "^webview/toolkit\\.ts$", "One place knows the widgets."),
    only("tokenizers", "^src/data/", "One place knows the tokenizer."),
    only("sharp", "^src/data/media/", "One place knows the picture decoder."),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
