import { expect, test } from "vitest";
import type { PanelState } from "../../../src/protocol/viewModel.js";
import { CalmPost } from "../../../src/vscode/calmPost.js";

const running = (message: string, change: Partial<PanelState> = {}): PanelState => ({ phase: "running", message, view: null, error: null, ...change });

test("mere progress is posted with what is new, or when nothing else comes; the newest only", async () => {
  const posted: string[] = [];
  let next = (): void => undefined;
  const calm = new CalmPost(({ message }) => {
    posted.push(message);
    next();
  });
  const states = [running("starts"), running("opens"), running("reads"), running("first picture", { lag: "inside" }), running("refines", { lag: "inside" })];
  for (const state of states) calm.show(state);
  expect(posted).toEqual(["starts", "first picture"]);
  await new Promise<void>((resolve) => {
    next = resolve;
    calm.show(running("still refines", { lag: "inside" }));
  });
  expect(posted).toEqual(["starts", "first picture", "still refines"]);
  calm.show({ ...running(""), phase: "done" });
  expect(posted.at(-1)).toBe("");
  calm.dispose();
});
