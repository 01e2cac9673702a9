import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { type CliOptions, runCli } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore } from "../helpers/tempStore.ts";

const as = (name: string): CliOptions => ({ env: { AYO_AGENT: name } });

describe("ayo ticket claim --next", () => {
  test("with nothing to do answers null and exits 0, with -e 1", async () => {
    const { run } = await tempStore();
    const next = (...args: string[]) => run(["ticket", "claim", "--next", ...args], as("@amy"));
    const nothing = { schema: 1, notices: [], commit: null, tickets: [], ticket: null };
    const stdout = `${JSON.stringify(nothing)}\n`;
    expect(await next("--json")).toEqual({ code: 0, stdout, stderr: "" });
    expect(await next()).toEqual({ code: 0, stdout: "", stderr: "nothing to do: there is no ticket to claim\n" });
    expect(await next("-e", "--json")).toEqual({ code: 1, stdout, stderr: "" });
    expect(await next("-q", "--exit-code", "--wait", "1s")).toEqual({ code: 1, stdout: "", stderr: "" });
    expect(JSON.parse((await next("--count", "2", "--json")).stdout)).toEqual(nothing);
  });

  test("--wait sleeps until there is something, for as many as wait", async () => {
    const store = await tempStore();
    const waiting = ["@amy", "@bob", "@zoe"].map((name) =>
      store.run(["ticket", "claim", "--next", "--wait", "60s", "-q"], { ...as(name), timeoutMs: 50_000 }),
    );
    const ids: string[] = [];
    for (const title of ["One", "Two", "Three"])
      ids.push(await store.ayo("ticket", "create", title, "--status", "blocked"));
    // One at a time, and by hand too: whatever changes the store wakes them.
    await store.ayo("ticket", "status", ids[0] ?? "", "open");
    store.write(ids[1] ?? "", store.text(ids[1] ?? "").replace("status: blocked", "status: open"));
    await Promise.race(waiting);
    await store.ayo("ticket", "status", ids[2] ?? "", "open");
    const claimed = await Promise.all(waiting);
    expect(claimed.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(claimed.map(({ stdout }) => stdout.trim()).sort()).toEqual(ids.toSorted());
    store.judge();
  });

  test("takes a filter as lists do, in one word or several", async () => {
    const store = await tempStore();
    const next = async (...args: string[]) =>
      (await store.run(["ticket", "claim", "--next", "-q", ...args], as("@amy"))).stdout.trim();
    const bug = await store.ayo("ticket", "create", "Login loops", "-t", "bug", "--tags", "auth", "-p", "3");
    await store.ayo("ticket", "create", "Logout button", "-p", "0");
    expect(await next("type:bug -tag:auth")).toBe("");
    expect(await next("type:bug", "tag:auth", "login")).toBe(bug);
    store.judge();
  });

  test.each([
    [["claim"], "claim what?"],
    [["claim", "--next", "tpye:bug"], "there is no filter 'tpye'"],
    [["claim", "x", "--count", "2"], "--count goes with --next"],
    [["claim", "--next", "--count", "0"], "at least 1"],
    [["claim", "--next", "--wait", "soon"], "wait 'soon' is not a duration"],
    [["claim", "--next", "--for", "@a b"], "is not an agent's name"],
    [["approve"], "ticket ids, or --all"],
    [["reject", "x"], "say why"],
    [["check", "x", "one"], "'one' is not the number of a criterion"],
  ])("refuses %j", async (args, fact) => {
    const { run } = await tempStore();
    const { code, stderr } = await run(["ticket", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(fact)]);
  });

  test("two processes of agents with one name in one place: one gets the ticket, the other is told that it is taken", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "One");
    const both = await Promise.all([1, 2].map(() => store.run(["ticket", "claim", id, "--json"], as("@claude"))));
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    const refused = both.find(({ code }) => code === 1);
    expect(JSON.parse(refused?.stderr ?? "").error).toMatchObject({ code: "claimed", data: { yours: true } });
  });
});

describe("ayo agents join", () => {
  test("names the agent of a linked worktree, each by another name; people keep the main one", async () => {
    const store = await tempStore({ project: true });
    const worktree = (name: string) => {
      const dir = path.join(tempDir(), name);
      git(store.dir, "worktree", "add", "--quiet", dir);
      return (...args: string[]) => runCli(dir, args);
    };
    const [first, second] = [worktree("a"), worktree("b")];
    expect((await first("agents", "join", "@coder")).stdout).toBe("This worktree is @coder's\n");
    const taken = await second("agents", "join", "coder", "--json");
    expect(JSON.parse(taken.stderr).error).toMatchObject({
      code: "duplicate",
      try: ["ayo", "agents", "join", "@coder-2"],
    });
    expect((await second("agents", "join")).stdout).toMatch(/^This worktree is @agent-b's\n$/);
    const id = await store.ayo("ticket", "create", "One");
    await first("ticket", "claim", id);
    expect(store.text(id)).toContain("claimed-by: '@coder'");
    const { holds, agents } = JSON.parse((await first("agents", "whoami", "--json")).stdout);
    expect(holds).toEqual([{ id, title: "One", until: expect.any(String) }]);
    expect(agents).toContainEqual(expect.objectContaining({ name: "@coder", here: true }));
    expect(agents).toHaveLength(2);
    expect((await first("agents", "leave")).stdout).toBe("@coder left this worktree\n");
    expect((await first("agents", "whoami")).stdout).toContain("Test User");
    expect((await second("agents", "join", "@coder")).stderr).toContain(
      "in this worktree you are @agent-b, not @coder",
    );
    expect((await second("agents", "leave")).code).toBe(0);
    expect((await second("agents", "join", "@coder")).code).toBe(0);
    const main = await store.run(["agents", "join", "@coder-3"]);
    expect([main.code, main.stderr]).toEqual([2, expect.stringContaining("people work in the main worktree too")]);
    expect((await first("agents", "join", "two words")).code).toBe(2);
  });
});
