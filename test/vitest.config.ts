import { availableParallelism } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { HARNESS, sayWhyNot } from "./harness/programs.ts";

const root = path.dirname(import.meta.dirname);

sayWhyNot(process.argv.slice(2));

export default defineConfig({
  root,
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**", ...(HARNESS ? [] : ["test/harness/**"])],
    pool: "forks",
    // More than cores: much of the time goes to what tests wait for, browsers, leases and other processes.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ["test/helpers/buildOnce.ts", ...(HARNESS ? ["test/harness/installPrograms.ts"] : [])],
    env: { TZ: "UTC", NO_COLOR: "1" },
    coverage: { include: ["src/**"], reportsDirectory: "coverage" },
  },
});
