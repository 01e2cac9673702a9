import path from "node:path";
import { describe, expect, test } from "vitest";
import { actorOf } from "../../../src/store/open/identity/identity.ts";
import { git } from "../../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import type { CliOptions } from "../../helpers/runCli.ts";
import { runHere } from "../../helpers/runHere.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore, testHost } from "../../helpers/tempStore.ts";

/** Who a process with these variables is. */
function who(env: Record<string, string>, as?: string) {
  const host = testHost(tempDir(), { env: { ...hermeticEnv(sharedHome()), ...env } });
  return actorOf(as, { dir: path.join(host.cwd, ".tickets"), host });
}

/** Somebody's work that waits for review. */
async function submitted(by: string): Promise<{ project: TempStore; id: string }> {
  const project = await tempStore({ project: true });
  const id = await project.ayo("ticket", "create", "Build login");
  await project.ayo("ticket", "claim", id, "--as", by);
  await project.ayo("ticket", "submit", id, "--as", by);
  return { project, id };
}

const code = ({ stderr }: { readonly stderr: string }): unknown => JSON.parse(stderr || "{}").error?.code;

describe("a harness", () => {
  test.for([
    ["CLAUDECODE", "1", "@claude"],
    ["CODEX_CI", "1", "@codex"],
    ["GEMINI_CLI", "1", "@gemini"],
    ["OPENCODE", "1", "@opencode"],
    ["QWEN_CODE", "1", "@qwen"],
    ["COPILOT_CLI", "1", "@copilot"],
    ["PI_CODING_AGENT", "true", "@pi"],
    ["CLINE_CONNECTOR_CLI_LAUNCH", "1", "@cline"],
    ["AI_AGENT", "claude-code_2-1-332_agent", "@claude"],
    ["AI_AGENT", "zed/1.2", "@zed"],
    ["AGENT", "amp", "@amp"],
    ["AGENT", "1", "@agent"],
  ] as const)("that sets %s=%s is never taken for the person", ([variable, value, name]) => {
    expect(who({ [variable]: value })).toMatchObject({ name, agent: true });
  });

  test.for(["0", "false", ""])("is not there where its variable says '%s'", (value) => {
    expect(who({ AGENT: value, QWEN_CODE: value })).toMatchObject({ agent: false });
  });
});

describe("an agent that goes by another's name", () => {
  const lead: CliOptions = { env: { AYO_AGENT: "@lead" } };

  test("may work so, and is an author by its own name too: it approves by neither", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Build login");
    for (const verb of [["claim"], ["note", "x"], ["submit"]] as const) {
      const [name, ...rest] = verb;
      expect((await project.here(["ticket", name, id, ...rest, "--as", "@w1"], lead)).code).toBe(0);
    }
    expect(project.text(id)).toContain("authors: ['@w1', '@lead']");
    for (const AYO_AGENT of ["@lead", "@Lead", "@W1"]) {
      expect(code(await project.run(["ticket", "approve", id, "--json"], { env: { AYO_AGENT } }))).toBe("self_review");
    }
    const handed = await project.ayo("ticket", "create", "Handed in without a claim");
    await project.run(["ticket", "submit", handed, "--as", "@w1"], lead);
    expect(code(await project.run(["ticket", "approve", handed, "--json"], lead))).toBe("self_review");
  });

  test("may not judge, force or take so; its own name does not help where the work is its own", async () => {
    const { project, id } = await submitted("@lead");
    const run = (...args: string[]) => project.here(["ticket", ...args, "--json"], lead);
    for (const verb of ["approve", "close"]) {
      expect(code(await run(verb, id, "--as", "@other"))).toBe("not_you");
      expect(code(await run(verb, id))).toBe("self_review");
    }
    expect(code(await run("reject", id, "-m", "No", "--as", "@other"))).toBe("not_you");
    const waiting = await project.ayo("ticket", "create", "Later", "--deps", id);
    expect(code(await run("close", waiting, "--force", "--as", "@other"))).toBe("not_you");
    expect((await project.here(["ticket", "claim", waiting, "--force"], lead)).code).not.toBe(0);
    const held = await project.ayo("ticket", "create", "Held");
    await project.ayo("ticket", "claim", held, "--claim", "secret", "--as", "@other");
    const elsewhere = path.join(tempDir(), "w");
    git(project.dir, "worktree", "add", "--quiet", elsewhere);
    const taken = await runHere(elsewhere, ["ticket", "close", held, "--as", "@other", "--json"], lead);
    expect(code(taken)).toBe("claimed");
    const own = await runHere(elsewhere, ["ticket", "close", held, "--as", "@other", "--claim", "secret"], lead);
    expect(own.code).toBe(0);
    project.judge();
  });
});

describe("inside a run", () => {
  const run = { AYO_RUN: "5f0c", AYO_AGENT: "@coder" };
  /** A shell of the run that wipes or changes what it was given before it calls ayo. */
  const through = (script: string): CliOptions => ({
    env: run,
    through: ["sh", "-c", `${script}; "$@"; exit $?`, "sh"],
  });

  test.for([
    ["unset AYO_RUN AYO_AGENT"],
    ["export AYO_AGENT=@other"],
    ["unset AYO_RUN; export AYO_AGENT=@other"],
    ["cd /; cd - >/dev/null"],
  ] as const)("a process is the run's agent, also after '%s'", async ([script]) => {
    const project = await tempStore();
    await project.here(["ticket", "create", "One"], through(script));
    expect(git(project.repo, "log", "-1", "--format=%an")).toBe("coder");
  });

  test("another name is refused for everything", async () => {
    const project = await tempStore();
    for (const args of [
      ["ticket", "create", "One"],
      ["ticket", "claim", "--next"],
      ["agents", "whoami"],
    ]) {
      const refused = await project.here([...args, "--as", "@other", "--json"], { env: run });
      expect([refused.code, code(refused)]).toEqual([1, "not_you"]);
    }
    expect(project.files()).toEqual([]);
  });
});

test("in a joined worktree one is its agent and nobody else, by flag, variable or hook", async () => {
  const { project, id } = await submitted("@w1");
  const dir = path.join(tempDir(), "w");
  git(project.dir, "worktree", "add", "--quiet", dir);
  await runHere(dir, ["agents", "join", "@w1"]);
  for (const [args, env] of [
    [["--as", "@w2"], {}],
    [[], { AYO_AGENT: "@w2" }],
  ] as const) {
    expect(code(await runHere(dir, ["ticket", "approve", id, ...args, "--json"], { env }))).toBe("not_you");
    expect(code(await runHere(dir, ["agents", "join", "@w2", ...args.slice(0, 0), "--json"], { env }))).toBe("not_you");
  }
  expect(code(await runHere(dir, ["ticket", "approve", id, "--json"]))).toBe("self_review");
  expect((await runHere(dir, ["agents", "prime", "--as", "@codex"])).stdout).toContain("you are @w1");
});
