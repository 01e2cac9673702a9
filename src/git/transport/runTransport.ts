import { spawn } from "node:child_process";
import { AyoError } from "../../error.ts";
import { configEnv } from "../binary/configEnv.ts";
import { type GitResult, withoutGit } from "../binary/gitBinary.ts";
import type { ConfigEnv } from "../repository/gitConfig.ts";
import type { GitSetting } from "../repository/parseGitConfig.ts";

/** How git is run that talks to others. */
export interface RunOptions {
  /** The git directory that it works in. */
  readonly dir: string;
  readonly objects: string;
  readonly env: ConfigEnv;
  readonly settings: readonly GitSetting[];
  /** Whether somebody sits at a terminal who may be asked for a password. */
  readonly mayAsk: boolean;
  /** Calls back when this process is asked to end, and returns what takes that back: git is to end with it. */
  readonly onInterrupt?: ((stop: () => void) => () => void) | undefined;
  readonly timeoutMs: number;
  /** What git may ask of the system's memory at once, in bytes: a few bytes can unfold to more than a machine has. */
  readonly memory?: number;
}

/** Programs and behaviour that nobody's configuration is to decide. */
const OURS: readonly GitSetting[] = Object.entries({
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.commitGraph": "false",
  "core.multiPackIndex": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "fetch.fsckObjects": "true",
  "fetch.writeCommitGraph": "false",
  "push.recurseSubmodules": "no",
  "push.gpgSign": "false",
  "push.followTags": "false",
  "protocol.ext.allow": "never",
  "protocol.fd.allow": "never",
  "submodule.recurse": "false",
});

/** What of git's own variables is the user's way to the network. */
const WAY =
  "GIT_SSH GIT_SSH_COMMAND GIT_SSH_VARIANT GIT_ASKPASS GIT_PROXY_COMMAND GIT_SSL_NO_VERIFY GIT_SSL_CAINFO GIT_SSL_CERT GIT_SSL_KEY";
const WAYS: readonly string[] = WAY.split(" ");

/** Nobody is there to answer: whatever would ask is to fail at once. */
const SILENT = { GIT_TERMINAL_PROMPT: "0", SSH_ASKPASS_REQUIRE: "never", GCM_INTERACTIVE: "never" };

/**
 * Runs git in a directory for transport, with the store's objects. Where nobody may be asked, it has no terminal.
 * @throws git_unsupported where there is no git
 */
export function runTransport(args: readonly string[], options: RunOptions): Promise<GitResult> {
  const { dir, objects, settings, mayAsk, timeoutMs } = options;
  const way = WAYS.flatMap((name) => (options.env[name] === undefined ? [] : [[name, options.env[name]]]));
  const env = {
    // What helpers of credentials may look for.
    ...withoutGit(options.env, ["GITHUB_TOKEN"]),
    ...Object.fromEntries(way),
    ...(mayAsk ? {} : SILENT),
    GIT_DIR: dir,
    GIT_OBJECT_DIRECTORY: objects,
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    LC_ALL: "C",
    ...(options.memory === undefined ? {} : { GIT_ALLOC_LIMIT: String(options.memory) }),
    ...configEnv([...settings, ...OURS]),
  };
  return new Promise((resolve, reject) => {
    // Without a terminal of its own nothing that git starts can ask there.
    const child = spawn("git", ["--no-pager", ...args], {
      cwd: dir,
      env,
      detached: !mayAsk,
      stdio: [mayAsk ? "inherit" : "ignore", "pipe", "pipe"],
    });
    const parts = { stdout: "", stderr: "" };
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      child.kill();
      // What git started itself may hold its ends of the pipes for longer.
      child.stdout?.destroy();
      child.stderr?.destroy();
      done(null);
    }, timeoutMs);
    const goOn = options.onInterrupt?.(() => void child.kill());
    const done = (code: number | null): void => {
      goOn?.();
      clearTimeout(timer);
      const late = isOver ? `no answer within ${Math.ceil(timeoutMs / 100) / 10} s\n` : "";
      resolve({ code: isOver ? null : code, stdout: parts.stdout, stderr: late + parts.stderr });
    };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (parts.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (parts.stderr += text));
    child.on("error", (cause) => {
      goOn?.();
      clearTimeout(timer);
      reject(
        new AyoError("git_unsupported", `git cannot be started, and it is what talks to others: ${cause.message}`),
      );
    });
    child.on("close", done);
  });
}
