import path from "node:path";
import { describe, expect, test } from "vitest";
import { agentsPrime } from "../../../src/actions/agents/agentsPrime.ts";
import { agentsWhoami } from "../../../src/actions/agents/agentsWhoami.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { applyBatch } from "../../../src/index.ts";
import { locateStore } from "../../../src/store/open/locate/locate.ts";
import { storeAt } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { type Env, hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore, testHost } from "../../helpers/tempStore.ts";
import { tokens } from "../../helpers/tokens.ts";

const env = { ...hermeticEnv(sharedHome()), AYO_AGENT: "coder-1" };
const prime = ({ open }: TempStore) => invoke(agentsPrime, open({ env }), {});

describe("agents prime", () => {
  test("says who, where, and how to work, with an empty store and with none, in 400 tokens", async () => {
    const empty = await prime(await tempStore());
    expect(empty).toMatchObject({ actor: "@coder-1", holds: [], ready: [] });
    const host = testHost(tempDir(), { env });
    const none = await invoke(agentsPrime, storeAt(locateStore({}, host), host), {});
    expect(none.store).toBe(null);
    expect(none.text).toMatch(/^# Tickets: you are @coder-1\nStore: none yet; `ayo init` makes \S+\/\.tickets\n/);
    for (const { text } of [empty, none]) {
      expect(text).toMatch(/<<'EOF'\n[\s\S]*\n {3}EOF\n/);
      expect(tokens(text)).toBeLessThanOrEqual(400);
    }
  });

  test("names what is held and what is ready, in 700 tokens however busy the store", async () => {
    const project = await tempStore();
    const title = (n: number) =>
      `Ticket ${n} of a project whose people write very long titles about everything 日本語 🎉`;
    const operations = Array.from({ length: 60 }, (_, n) => ({
      op: "create",
      title: title(n),
      name: `t${n}`,
      priority: n % 5,
    }));
    const starts = Array.from({ length: 9 }, (_, n) => ({ op: "start", id: `$t${n}` }));
    await applyBatch(project.open(), { operations: [...operations, ...starts], as: "@coder-1" });
    const { names } = await applyBatch(project.open(), {
      operations: [
        { op: "create", name: "other", title: "Of another" },
        { op: "start", id: "$other" },
      ],
      as: "@coder-2",
    });
    const { text, ...facts } = await prime(project);
    expect([facts.holds.length, facts.holdsTotal, facts.ready.length, facts.readyTotal]).toEqual([5, 9, 5, 51]);
    expect(facts.holds.map(({ id }) => id)).not.toContain(names.other);
    expect(text).toContain("\nYou hold (5 of 9):\n- ");
    expect(text).toContain("\nReady, best first (5 of 51):\n- ");
    for (const { id, priority } of [...facts.holds, ...facts.ready])
      expect(text).toContain(`\n- ${id} [P${priority}] Ticket `);
    expect(facts.ready.map(({ priority }) => priority)).toEqual([0, 0, 0, 0, 0]);
    expect(tokens(text)).toBeLessThanOrEqual(700);
  });

  test("names what others said to the agent, and no more than three of it, in as many tokens", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Build login");
    for (let n = 0; n < 5; n++) await project.ayo("ticket", "note", id, `@coder-1 ${"a long word ".repeat(20)} ${n}`);
    const { text, inbox, inboxTotal } = await prime(project);
    expect([inbox.length, inboxTotal]).toEqual([3, 5]);
    expect(text).toContain("\nFor you (3 of 5, `ayo inbox` has all):\n- ");
    expect(tokens(text)).toBeLessThanOrEqual(500);
  });

  test("names in a hook who the commands of that harness are", async () => {
    const project = await tempStore({ project: true });
    const linked = path.join(tempDir(), "linked");
    git(project.dir, "worktree", "add", "-q", linked);
    const bare = hermeticEnv(sharedHome());
    const told = async (as: string, cwd: string, more: Env = {}) =>
      (await invoke(agentsPrime, project.open({ cwd, env: { ...bare, ...more } }), { as })).actor;
    const known = async (cwd: string, more: Env) =>
      (await invoke(agentsWhoami, project.open({ cwd, env: { ...bare, ...more } }), {})).actor.name;
    for (const [as, variable] of [
      ["@codex", "CODEX_THREAD_ID"],
      ["gemini", "GEMINI_CLI"],
    ] as const) {
      for (const [cwd, more] of [
        [project.dir, {}],
        [linked, {}],
        [linked, { AYO_AGENT: "@alice" }],
        [project.dir, { AYO_RUN: "1", AYO_AGENT: "@bob" }],
      ] as const) {
        expect(await told(as, cwd, more)).toBe(await known(cwd, { ...more, [variable]: "1" }));
      }
    }
    expect(await told("@codex", project.dir)).toBe("@codex");
    expect(await told("@codex", linked)).toBe("@codex-linked");
    expect(await told("@codex", linked, { AYO_AGENT: "@alice" })).toBe("@alice");
    expect(await told("@coder-3", linked)).toBe("@coder-3");
  });

  test("answers a session hook in JSON, with the whole page as context, in which no word looks like a file", async () => {
    const project = await tempStore();
    await project.ayo("ticket", "create", "See @src/secret.ts");
    const page = await project.ayo("agents", "prime", "--as", "@gemini");
    const answer = JSON.parse(await project.ayo("agents", "prime", "--as", "@gemini", "--hook"));
    const { additionalContext, ...rest } = answer.hookSpecificOutput;
    expect([Object.keys(answer), rest]).toEqual([["hookSpecificOutput"], { hookEventName: "SessionStart" }]);
    expect(additionalContext).toContain("you are \\@gemini\n");
    const [told, note] = additionalContext.split("\n(");
    expect(told.replaceAll("\\@", "@")).toBe(page);
    expect(note).toBe("In this text \\@ stands for the at sign, &lt; and &gt; for the signs of the shell.)");
    expect(additionalContext).not.toMatch(/(?<!\\)@/);
  });
});
