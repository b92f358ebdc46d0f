import type * as vscode from "vscode";

/** What was last answered for a file. */
export interface ExportAnswers {
  readonly name?: string;
  readonly weights?: string;
  readonly samples?: string;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly shapes?: Readonly<Record<string, string>>;
}

const answersKey = "exportAnswers";
const agreedKey = "exportAgreed";
const most = 50;

/** What was answered and agreed to, kept in the workspace. */
export class ExportMemory {
  constructor(private readonly state: vscode.Memento) {}

  answersFor(file: string): ExportAnswers {
    return this.#entries<ExportAnswers>(answersKey).find(([name]) => name === file)?.[1] ?? {};
  }

  async remember(file: string, answers: ExportAnswers): Promise<void> {
    const others = this.#entries<ExportAnswers>(answersKey).filter(([name]) => name !== file);
    await this.state.update(answersKey, [[file, answers], ...others].slice(0, most));
  }

  /** Whether the person agreed to run exactly this: files of these contents in this interpreter. */
  agreed(hash: string): boolean {
    return this.state.get<readonly string[]>(agreedKey, []).includes(hash);
  }

  async agree(hash: string): Promise<void> {
    await this.state.update(agreedKey, [hash, ...this.state.get<readonly string[]>(agreedKey, []).filter((one) => one !== hash)].slice(0, most));
  }

  #entries<T>(key: string): readonly (readonly [string, T])[] {
    return this.state.get<readonly (readonly [string, T])[]>(key, []);
  }
}
