import { defineConfig } from "vitest/config";

/** Tests that drive the packaged extension in the real VS Code workbench: one file at a time, each with its own server and browser. */
const config = defineConfig({
  test: {
    pool: "forks",
    fileParallelism: false,
    include: ["test/e2e/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});

export { config as default };
