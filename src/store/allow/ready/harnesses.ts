import { readFileSync } from "node:fs";
import path from "node:path";
import type { Adapter } from "../../open/agents/agentTypes.ts";
import type { Answer } from "./askProgram.ts";

type Env = Readonly<Record<string, string>>;

/** What a program can be asked about itself before it is started, without a network and without anything it charges for. */
export interface Harness {
  /** Words that have it tell its version. */
  readonly version: readonly string[];
  readonly login: {
    /** Words that have it tell whether somebody is logged in. */
    readonly words: readonly string[];
    /** Whether its answer says that nobody is: what is not understood says nothing. */
    readonly isOut: (answer: Answer, env: Env) => boolean;
    /** What to type. */
    readonly how: string;
  };
}

/** By the way that ayo talks to it. Programs of the Agent Client Protocol tell none of this before they are at work. */
export const HARNESSES: Readonly<Partial<Record<Adapter, Harness>>> = {
  claude: {
    version: ["--version"],
    login: {
      words: ["auth", "status"],
      isOut: ({ text }) => /"loggedIn":\s*false/.test(text),
      how: "log in with 'claude auth login', or name the variable of a key in its env:",
    },
  },
  codex: {
    version: ["--version"],
    login: {
      words: ["login", "status"],
      isOut: ({ text }, env) => /^Not logged in/m.test(text) && !hasKey(env) && !hasOwnProvider(env),
      how: "log in with 'codex login', or name CODEX_API_KEY in its env:",
    },
  },
};

/** It takes a key from here too, and its `login status` does not look at it. */
function hasKey({ CODEX_API_KEY = "" }: Env): boolean {
  return CODEX_API_KEY !== "";
}

/** A model of somebody else's needs no login at OpenAI. */
function hasOwnProvider({ CODEX_HOME, HOME = "" }: Env): boolean {
  try {
    const text = readFileSync(path.join(CODEX_HOME ?? path.join(HOME, ".codex"), "config.toml"), "utf8");
    return /^\s*(?:model_provider|profile|oss_provider)\s*=/m.test(text);
  } catch {
    // Without settings it is OpenAI's.
    return false;
  }
}
