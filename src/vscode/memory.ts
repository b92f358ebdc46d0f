import type * as vscode from "vscode";
import { samePath } from "../base/samePath.js";

/** What was last explained with a model. */
export interface LastChoice {
  readonly samples?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly row?: number;
}

interface Remembered {
  /** Newest first. */
  readonly models: readonly { readonly model: string; readonly choice: LastChoice }[];
}

const key = "choices";
const mostModels = 50;

/** The last choice for each model, kept in the workspace. */
export class Memory {
  constructor(private readonly state: vscode.Memento) {}

  /** Models explained in this workspace, newest first. */
  get recentModels(): readonly string[] {
    return this.#read().models.map(({ model }) => model);
  }

  choiceFor(model: string): LastChoice | undefined {
    return this.#read().models.find((entry) => samePath(entry.model, model))?.choice;
  }

  async remember(model: string, choice: LastChoice): Promise<void> {
    const others = this.#read().models.filter((entry) => !samePath(entry.model, model));
    await this.state.update(key, { models: [{ model, choice }, ...others].slice(0, mostModels) } satisfies Remembered);
  }

  #read(): Remembered {
    return this.state.get<Remembered>(key, { models: [] });
  }
}
