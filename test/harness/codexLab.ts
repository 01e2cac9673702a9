import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "../helpers/git.ts";
import type { Env } from "../helpers/hermeticEnv.ts";
import type { CliResult } from "../helpers/runCli.ts";
import { type Lab, labFor } from "./lab.ts";
import { type ScriptedModel, scriptedModel } from "./scriptedModel.ts";
import type { Step } from "./wire.ts";

/** A project for Codex, whose model follows a script. */
export interface CodexLab extends Lab {
  /** What a person does once, in the main worktree: trusts the project, and approves its hooks with `/hooks`. */
  approve(): Promise<void>;
  /** Runs `codex exec` in a directory. */
  codex(
    cwd: string,
    steps: readonly Step[],
    args?: readonly string[],
    env?: Env,
  ): Promise<CliResult & { readonly model: ScriptedModel }>;
  /** Makes another linked worktree, at a place in the lab. */
  linkedAt(place: string): string;
}

/** The places for temporary files are closed: what may be written there would hide what the sandbox keeps closed. */
const CONFIG = `
model = "scripted"
model_provider = "scripted"

[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:9/v1"
wire_api = "responses"
env_key = "DUMMY_KEY"

[sandbox_workspace_write]
exclude_slash_tmp = true
exclude_tmpdir_env_var = true
`;

/** Makes one. */
export async function codexLab(): Promise<CodexLab> {
  const lab = await labFor("codex");
  const codex: CodexLab["codex"] = async (cwd, steps, args = [], env = {}) => {
    const model = await scriptedModel(steps);
    const given = ["-c", `model_providers.scripted.base_url="${model.url}/v1"`, ...args];
    const done = await lab.run(cwd, ["exec", "--json", "--strict-config", ...given, "-"], {
      env: { DUMMY_KEY: "dummy", ...env },
    });
    return { ...done, model };
  };
  const config = path.join(lab.home, ".codex/config.toml");
  mkdirSync(path.dirname(config));
  writeFileSync(config, CONFIG);
  const linkedAt = (place: string): string => {
    const linked = path.join(lab.top, place);
    git(lab.project, "worktree", "add", "-q", linked);
    return linked;
  };
  const approve = async () => {
    appendFileSync(config, `\n[projects."${lab.project}"]\ntrust_level = "trusted"\n`);
    const hooks = await hooksOf(lab);
    if (hooks.length === 0) throw new Error("Codex finds no hook");
    const lines = hooks.map(({ key, currentHash }) => `\n[hooks.state."${key}"]\ntrusted_hash = "${currentHash}"\n`);
    appendFileSync(config, lines.join(""));
  };
  return { ...lab, approve, codex, linkedAt };
}

interface Hook {
  readonly key: string;
  readonly currentHash: string;
}

/** The project's hooks, as Codex lists them for its own windows. */
async function hooksOf({ run, project }: Lab): Promise<readonly Hook[]> {
  const asked = [
    { id: 1, method: "initialize", params: { clientInfo: { name: "test", version: "1" } } },
    { method: "initialized" },
    { id: 2, method: "hooks/list", params: { cwds: [project] } },
  ];
  const input = asked.map((one) => `${JSON.stringify(one)}\n`).join("");
  const { stdout } = await run(project, ["app-server"], { input, until: '"id":2' });
  const answers = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return answers.find(({ id }) => id === 2)?.result.data[0].hooks ?? [];
}
