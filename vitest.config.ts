import { defineConfig } from "vitest/config";

/** Everything but the tests inside VS Code, which have a configuration of their own. ONNX Runtime and worker pools do not mix: forks. */
const config = defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

// Vitest reads its configuration from the default export.
export { config as default };
