import { open } from "node:fs/promises";
import { basename, extname } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { ExportKind } from "../protocol/pythonExport.js";

const bySuffix: Readonly<Record<string, ExportKind>> = {
  ".py": "python",
  ".pt2": "pt2",
  ".pt": "pt",
  ".pth": "pt",
  ".ckpt": "pt",
  ".bin": "pt",
  ".joblib": "sklearn",
  ".pkl": "sklearn",
  ".pickle": "sklearn",
};

/** Suffixes of files that weights are kept in, beside the source that they belong to. */
export const weightSuffixes: readonly string[] = [".pt", ".pth", ".safetensors", ".ckpt", ".bin"];

/** What a file is, by its suffix; a text file is a LightGBM model when it begins like one. Throws FILE_NOT_FOUND, and MODEL_UNSUPPORTED for anything else. */
export async function exportKind(file: string): Promise<ExportKind> {
  const head = await beginning(file);
  const suffix = extname(file).toLowerCase();
  if (/^tree\r?\n/.test(head)) return "lightgbm";
  const known = bySuffix[suffix];
  if (known !== undefined) return known;
  const hints: Readonly<Record<string, string>> = {
    ".onnx": "It is an ONNX file already: explain it as it is.",
    ".safetensors": "It holds weights only: give the Python file with the class, and this file as its weights (--weights).",
    ".txt": 'A text file is taken for a LightGBM model when its first line is "tree", as Booster.save_model writes it.',
    ".ipynb": "Move the class from the notebook into a Python file.",
  };
  throw new ExplainError("MODEL_UNSUPPORTED", `${basename(file)} is nothing that an ONNX file can be made of.`, {
    file,
    hint:
      hints[suffix] ?? "Give a Python file with an nn.Module, a .pt2 program, a model saved with torch.save, joblib or pickle, or a LightGBM model in text.",
  });
}

async function beginning(file: string): Promise<string> {
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    throw new ExplainError("FILE_NOT_FOUND", "There is no such file.", { file, hint: "Check the path." });
  }
}
