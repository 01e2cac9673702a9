import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.dirname(import.meta.dirname);

export default defineConfig({
  root,
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**"],
    pool: "forks",
    // One a core: most of the time goes to the processes that tests start and wait for.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ["test/helpers/buildOnce.ts"],
    env: { TZ: "UTC", NO_COLOR: "1" },
    coverage: { include: ["src/**"], reportsDirectory: "coverage" },
  },
});
