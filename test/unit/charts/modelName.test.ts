import { expect, it } from "vitest";
import { modelName } from "../../../src/charts/modelName.js";

it("is folder and file; of an exported model the folder that it was made from", () => {
  expect(modelName("/ws/diabetes/model.onnx")).toBe("diabetes/model.onnx");
  expect(modelName("C:\\ws\\diabetes\\model.onnx")).toBe("diabetes/model.onnx");
  expect(modelName("/ws/.explain/diabetes/b343c922a91f/network.onnx")).toBe("diabetes/network.onnx");
  expect(modelName("/ws/.explain/b343c922a91f/network.onnx")).toBe("ws/network.onnx");
  expect(modelName("/ws/.explain/network.onnx")).toBe(".explain/network.onnx");
});
