/** A model's path as people know it: its folder and file, "diabetes/model.onnx"; for a file in `.explain` the folder that it was made from. */
export function modelName(path: string): string {
  const parts = path.split(/[\\/]/u);
  const at = parts.lastIndexOf(".explain");
  const known = at < 0 || at > parts.length - 3 ? parts : [...parts.slice(0, at), ...parts.slice(at + 1, -2), ...parts.slice(-1)];
  return known.slice(-2).join("/");
}
