import { ExplainError } from "../base/diagnostic.js";

/** What Node says when a native module, or the file it wants to load, is absent or can't be loaded. */
const loadFailures = new Set(["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND", "ERR_DLOPEN_FAILED"]);

/**
 * The failure to load ONNX Runtime in words for the person who asked; undefined for any other error.
 * The runtime has binaries for Linux and Windows (x64, arm64) and for Apple silicon, and none for Intel Macs.
 */
export function missingRuntime(error: unknown, platform: string = process.platform, arch: string = process.arch): ExplainError | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  if (!loadFailures.has(error.code) || !/onnxruntime/i.test(error.message)) return undefined;
  const intelMac = platform === "darwin" && arch === "x64";
  return new ExplainError(
    "RUNTIME_MISSING",
    intelMac
      ? "ONNX Runtime has no version for Macs with an Intel processor, so models can't be run here."
      : `ONNX Runtime could not be loaded on this machine (${platform}-${arch}).`,
    {
      hint: intelMac
        ? "Open the folder on a Mac with Apple silicon, on Linux or on Windows, for example through Remote - SSH or a dev container."
        : "Install the version of the extension made for this machine: linux-x64, linux-arm64, win32-x64, win32-arm64 or darwin-arm64.",
    },
  );
}
