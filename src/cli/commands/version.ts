import type { Command } from "../table/command.ts";
import { packageVersion } from "../version.ts";

/** `ayo version`, `ayo --version`, `ayo -v`. */
export const version: Command = {
  name: "version",
  summary: "Tell which version of ayo this is",
  positionals: [],
  flags: {},
  examples: [
    ["ayo version", "also ayo --version and ayo -v"],
    ["ayo version --json", "for programs"],
  ],
  run: async () => ({ json: { version: packageVersion() }, text: `ayo ${packageVersion()}` }),
};
