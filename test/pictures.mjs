// Makes the pictures of the guide: `npm run pictures`. They are tests of their own, since tests know how to start it all.
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
const args = [vitest, "run", "--config", "test/vitest.config.ts", "test/web/pictures", "test/tui/pictures"];
const { status } = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, AYO_PICTURES: "1" },
});
process.exitCode = status ?? 1;
