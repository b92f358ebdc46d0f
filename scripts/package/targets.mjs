/** What of the native packages a target needs: folders of onnxruntime-node's binaries, name parts of the tokenizer's, packages with the picture decoder's. */
export const targets = /** @type {const} */ ({
  "linux-x64": { runtime: "linux/x64", tokenizers: ["linux-x64-gnu", "linux-x64-musl"], pictures: ["@img/sharp-linux-x64", "@img/sharp-libvips-linux-x64"] },
  "linux-arm64": {
    runtime: "linux/arm64",
    tokenizers: ["linux-arm64-gnu", "linux-arm64-musl"],
    pictures: ["@img/sharp-linux-arm64", "@img/sharp-libvips-linux-arm64"],
  },
  "win32-x64": { runtime: "win32/x64", tokenizers: ["win32-x64-msvc"], pictures: ["@img/sharp-win32-x64"] },
  "win32-arm64": { runtime: "win32/arm64", tokenizers: ["win32-arm64-msvc"], pictures: ["@img/sharp-win32-arm64"] },
  "darwin-arm64": { runtime: "darwin/arm64", tokenizers: ["darwin-arm64"], pictures: ["@img/sharp-darwin-arm64", "@img/sharp-libvips-darwin-arm64"] },
});

/** @typedef {keyof typeof targets} Target */

/** @type {Target | undefined} this machine's target; undefined where ONNX Runtime has no binary (Intel Macs) */
export const thisTarget = Object.hasOwn(targets, `${process.platform}-${process.arch}`)
  ? /** @type {Target} */ (`${process.platform}-${process.arch}`)
  : undefined;
