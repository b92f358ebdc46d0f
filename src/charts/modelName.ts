/** A model's path as people know it: its folder and file, "diabetes/model.onnx". */
export function modelName(path: string): string {
  return path.split(/[\\/]/u).slice(-2).join("/");
}
