import { availableParallelism } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { HARNESS, sayWhyNot } from "./harness/programs.ts";
import { REDMINE, sayWhyNoRedmine } from "./redmine/redmine.ts";

const root = path.dirname(import.meta.dirname);

sayWhyNot(process.argv.slice(2));
sayWhyNoRedmine(process.argv.slice(2));

/** Begins with the rooms whose files take longest, so that no worker is alone with one at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /test.(e2e|web|readme)/.test(path.relative(root, moduleId));
    return (await super.sort(files)).sort((left, right) => Number(isLong(right)) - Number(isLong(left)));
  }
}

export default defineConfig({
  root,
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/bench/**",
      ...(process.env.AYO_PICTURES === "1" ? [] : ["test/web/pictures/**", "test/tui/pictures/**"]),
      ...(HARNESS ? [] : ["test/harness/**"]),
      ...(REDMINE ? [] : ["test/redmine/**"]),
    ],
    pool: "forks",
    // The files that a worker runs share its modules: loading them anew for each cost a quarter of the CPU. What tests
    // keep lies in temporary directories and in a home for each file.
    isolate: false,
    sequence: { sequencer: LongFirst },
    // More than cores: much of the time goes to what tests wait for, browsers, leases and other processes.
    maxWorkers: availableParallelism() * 2,
    testTimeout: REDMINE ? 900_000 : 180_000,
    hookTimeout: 180_000,
    // Who waits for something waits where many others work too: a clock is no proof.
    expect: { poll: { timeout: 60_000 } },
    globalSetup: [
      "test/helpers/buildOnce.ts",
      ...(HARNESS ? ["test/harness/installPrograms.ts"] : []),
      ...(REDMINE ? ["test/redmine/startRedmine.ts"] : []),
    ],
    env: { TZ: "UTC", NO_COLOR: "1" },
    coverage: { include: ["src/**"], reportsDirectory: "coverage" },
  },
});
