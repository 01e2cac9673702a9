import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

type Store = Awaited<ReturnType<typeof tempStore>>;

const as = (name: string) => ({ env: { AYO_AGENT: name } });

async function refused(store: Store, args: readonly string[], who?: string) {
  const { code, stderr } = await store.here([...args, "--json"], who === undefined ? {} : { env: { AYO_AGENT: who } });
  return [code, code === 0 ? undefined : (JSON.parse(stderr) as { error: { code: string } }).error.code];
}

describe("who hands a part of a ticket on", () => {
  test("makes a ticket below it in one commit, that says from whom it is; a person and an agent", async () => {
    const store = await tempStore({ project: true });
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
    const before = store.subjects().length;
    const cart = await store.ayo("ticket", "delegate", whole, "Cart", "--to", "@coder", "-d", "With a total.");
    expect(store.subjects().length - before).toBe(1);
    expect(store.text(cart)).toMatch(/assignee: '@coder'\nparent: .*\ndelegated-by: Test User\n/);
    const pay = await store.here(["ticket", "create", "Pay", "--parent", whole, "-a", "@coder", "-q"], as("@lead"));
    expect(store.text(pay.stdout.trim())).toContain("delegated-by: '@lead'");
    expect(store.subjects()[0]).toBe(`delegate ${pay.stdout.trim()}: Pay`);
    // What is not its own ticket, and what it keeps for itself, is no delegation.
    const own = await store.here(["ticket", "create", "Mine", "--parent", whole, "-a", "@lead", "-q"], as("@lead"));
    const other = await store.here(["ticket", "create", "More", "--parent", cart, "-a", "@x", "-q"], as("@lead"));
    for (const { stdout } of [own, other]) expect(store.text(stdout.trim())).not.toContain("delegated-by");
    const { tickets } = await store.json<{ tickets: { id: string; depth: number }[] }>("ticket", "tree", whole);
    expect(tickets.map(({ id, depth }) => [id, depth])).toContainEqual([cart, 1]);
    const { tickets: listed } = await store.json<{ tickets: { id: string }[] }>(
      "ticket",
      "list",
      "--delegated-by",
      "@lead",
    );
    expect(listed.map(({ id }) => id)).toEqual([pay.stdout.trim()]);
    for (const args of [["--delegated-by", "@me"], ["delegated-by:@me"], ["delegated-by:lead"]])
      expect((await store.here(["ticket", "list", ...args, "-q"], as("@lead"))).stdout, args.join(" ")).toBe(
        pay.stdout,
      );
    expect(await store.ayo("ticket", "list", "--delegated-by", "@me", "-q")).toBe(cart);
    store.judge();
  });

  test("does not hand it back to those who have it from each other, by no command", async () => {
    const store = await tempStore({ project: true });
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
    const part = (
      await store.here(["ticket", "delegate", whole, "Part", "--to", "@coder", "-q"], as("@lead"))
    ).stdout.trim();
    expect(await refused(store, ["ticket", "delegate", part, "Back", "--to", "@Lead"], "@coder")).toEqual([
      1,
      "delegation_refused",
    ]);
    expect(await refused(store, ["ticket", "delegate", part, "Mine", "--to", "@coder"], "@coder")).toEqual([
      1,
      "delegation_refused",
    ]);
    const qa = (await store.here(["ticket", "delegate", part, "QA", "--to", "@qa", "-q"], as("@coder"))).stdout.trim();
    for (const [who, args] of [
      ["@qa", ["ticket", "delegate", qa, "Back", "--to", "@lead"]],
      ["@qa", ["ticket", "assign", qa, "@coder"]],
      ["@qa", ["ticket", "update", qa, "-a", "@lead"]],
      ["@qa", ["ticket", "update", qa, "--set", "assignee=@lead"]],
    ] as const)
      expect(await refused(store, args, who), args.join(" ")).toEqual([1, "delegation_refused"]);
    for (const args of [
      ["ticket", "update", qa, "--parent", whole],
      ["ticket", "update", qa, "--delegated-by", "@qa"],
      ["ticket", "update", qa, "--set", "delegated-by="],
      ["ticket", "create", "Forged", "--delegated-by", "@lead"],
    ])
      expect(await refused(store, args, "@qa"), args.join(" ")).toEqual([1, "needs_person"]);
    // People may.
    expect(await refused(store, ["ticket", "assign", qa, "@coder"])).toEqual([0, undefined]);
    store.judge();
  });

  test("does not come by it through a claim, a start, a parent or a part of a part; a person may give it to him", async () => {
    const store = await tempStore({ project: true });
    const make = async (who: string, ...args: string[]) =>
      (await store.here(["ticket", "create", ...args, "-q"], as(who))).stdout.trim();
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
    const part = await make("@lead", "Part", "--parent", whole, "-a", "@coder");
    const open = await make("@lead", "For whoever tests", "--parent", whole, "--role", "tester");
    const mine = await make("@coder", "Mine", "--parent", part);
    const other = await store.ayo("ticket", "create", "Other", "-a", "@lead");
    const refusal = [1, "delegation_refused"];
    for (const args of [
      ["ticket", "claim", open],
      ["ticket", "start", open],
      ["ticket", "status", open, "in_progress"],
      ["ticket", "claim", mine],
    ])
      expect(await refused(store, args, "@lead"), args.join(" ")).toEqual(refusal);
    for (const args of [
      ["ticket", "assign", mine, "@lead"],
      ["ticket", "claim", mine, "--for", "@lead"],
      ["ticket", "update", other, "--parent", part],
      ["ticket", "create", "Back", "--parent", part, "-a", "@lead"],
    ])
      expect(await refused(store, args, "@coder"), args.join(" ")).toEqual(refusal);
    expect(await refused(store, ["ticket", "create", "Back", "--parent", part, "-a", "@lead"], "@qa")).toEqual(refusal);
    const offers = async (who: string) => {
      const { stdout } = await store.here(["ticket", "ready", "--explain", "--json"], as(who));
      return JSON.parse(stdout) as { tickets: { id: string }[]; notReady: { id: string; reasons: string[] }[] };
    };
    const { tickets, notReady } = await offers("@lead");
    expect(tickets.map(({ id }) => id)).not.toContain(open);
    expect(notReady.find(({ id }) => id === open)?.reasons.join()).toContain("comes from you");
    expect((await store.here(["ticket", "claim", "--next", "--role", "tester", "-q"], as("@lead"))).stdout).toBe("");
    // Whoever has a ticket may keep parts of it; others may take what is not theirs; people may give it to anybody.
    expect(await refused(store, ["ticket", "claim", mine], "@coder")).toEqual([0, undefined]);
    await store.ayo("ticket", "assign", open, "@lead");
    expect(await refused(store, ["ticket", "claim", open], "@lead")).toEqual([0, undefined]);
    store.judge();
  });

  test("stays within the limits of the root, which people alone can raise", async () => {
    const store = await tempStore({ project: true });
    for (const [key, value] of [
      ["depth", "2"],
      ["children", "2"],
      ["tickets", "3"],
    ])
      await store.ayo("config", `delegation.${key}`, value as string);
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@a");
    const hand = async (id: string, from: string, to: string) => {
      const { code, stdout, stderr } = await store.here(
        ["ticket", "delegate", id, `To ${to}`, "--to", to, "--json"],
        as(from),
      );
      return code === 0
        ? (JSON.parse(stdout) as { ticket: { id: string } }).ticket.id
        : (JSON.parse(stderr) as { error: { data: { limit: string } } }).error.data.limit;
    };
    const b = await hand(whole, "@a", "@b");
    const c = await hand(b, "@b", "@c");
    expect(await hand(c, "@c", "@d")).toBe("depth");
    await hand(whole, "@a", "@e");
    expect(await hand(whole, "@a", "@f")).toBe("children");
    expect(await hand(b, "@b", "@g")).toBe("tickets");
    expect(await refused(store, ["config", "delegation.tickets", "99"], "@a")).toEqual([1, "needs_person"]);
    expect(await refused(store, ["ticket", "delegate", whole, "By a person", "--to", "@z"])).toEqual([0, undefined]);
    expect(await refused(store, ["config", "delegation.depth", "many"])).toEqual([2, expect.any(String)]);
  });

  test("counts what it made until its root is finished: it cannot be deleted, and is not archived", async () => {
    const store = await tempStore({ project: true });
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
    const made = (await store.here(["ticket", "delegate", whole, "P", "--to", "@a", "-q"], as("@lead"))).stdout.trim();
    const own = (await store.here(["ticket", "create", "Own", "-q"], as("@a"))).stdout.trim();
    await store.here(["ticket", "close", made], as("@a"));
    expect(await refused(store, ["ticket", "delete", own, "--yes"], "@a")).toEqual([0, undefined]);
    expect(await refused(store, ["ticket", "delete", made, "--yes"], "@a")).toEqual([1, "needs_person"]);
    const archived = async () =>
      (await store.json<{ tickets: unknown[] }>("ticket", "archive", "--before", "0d")).tickets.length;
    expect(await archived()).toBe(0);
    await store.ayo("ticket", "close", whole);
    expect(await archived()).toBe(2);
    const line = { input: '{"id":"new-aaaa","title":"N","status":"open"}\n', env: { AYO_AGENT: "@a", AYO_RUN: "1" } };
    expect((await store.here(["import", "-"], line)).stderr).toContain("only a person can import tickets");
    expect((await store.here(["import", "-"], { ...line, env: { AYO_AGENT: "@a" } })).code).toBe(0);
    const other = await store.ayo("ticket", "create", "Other", "-a", "@lead");
    const part = (await store.here(["ticket", "delegate", other, "P", "--to", "@a", "-q"], as("@lead"))).stdout.trim();
    expect(await refused(store, ["ticket", "delete", part, "--yes"])).toEqual([0, undefined]);
  });

  test("hears when a part is over, until he looks; the whole is given up with its parts where one says so", async () => {
    const store = await tempStore({ project: true });
    const whole = await store.ayo("ticket", "create", "Shop");
    const [one, two] = [
      await store.ayo("ticket", "delegate", whole, "One", "--to", "@a"),
      await store.ayo("ticket", "delegate", whole, "Two", "--to", "@b"),
    ];
    await store.here(["ticket", "close", one as string], as("@a"));
    const keys = async () => {
      const { items } = await store.json<{ items: { key: string; kind: string }[] }>("inbox");
      return items.filter(({ kind }) => kind === "delegated").map(({ key }) => key);
    };
    expect(await keys()).toEqual([`${one}:delegated`]);
    await store.ayo("ticket", "note", one as string, "Thanks");
    expect(await keys()).toEqual([]);
    const three = await store.ayo("ticket", "create", "Three", "--parent", two as string);
    const { notices } = await store.json<{ notices: string[] }>("ticket", "cancel", whole);
    expect(notices.join()).toContain(
      `'ayo ticket cancel ${whole} --children' or 'ayo ticket update ${two} --parent ""'`,
    );
    await store.ayo("ticket", "cancel", whole, "--children");
    for (const id of [two, three]) expect(store.text(id as string)).toContain("status: cancelled");
    expect(store.text(one as string)).toContain("status: closed");
    store.judge();
  });

  test("a person's plan and a person's tree are no agent's to take back", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Plan it", "-a", "@a");
    await store.ayo("ticket", "update", id, "--mode", "plan");
    await store.here(["undo", "--as", "@a"]);
    expect(store.text(id)).toContain("mode: plan");
    expect(await refused(store, ["ticket", "close", id], "@a")).toEqual([1, "needs_person"]);
  });

  test("sees and cancels what is open below finished parts; a circle that was made by hand is shown too", async () => {
    const store = await tempStore({ project: true });
    const whole = await store.ayo("ticket", "create", "Shop");
    const part = await store.ayo("ticket", "create", "Part", "--parent", whole);
    const deep = await store.ayo("ticket", "create", "Deep", "--parent", part);
    await store.ayo("ticket", "close", part, "--force");
    await store.ayo("ticket", "close", whole, "--force");
    expect(await store.ayo("ticket", "tree", "-q")).toBe([whole, part, deep].join("\n"));
    await store.ayo("ticket", "reopen", whole);
    await store.ayo("ticket", "cancel", whole, "--children");
    expect([part, deep].map((id) => /^status: (.*)$/m.exec(store.text(id))?.[1])).toEqual(["closed", "cancelled"]);
    expect(await store.ayo("ticket", "tree", "-q")).toBe("");
    for (const [id, above] of [
      ["aaaa", "bbbb"],
      ["bbbb", "aaaa"],
      ["cccc", "bbbb"],
      ["dddd", "dddd"],
    ])
      store.write(`new-${id}`, `---\nid: new-${id}\nstatus: open\nparent: new-${above}\n---\n# N\n`);
    expect((await store.ayo("ticket", "tree", "-q")).split("\n").sort()).toEqual([
      "new-aaaa",
      "new-bbbb",
      "new-cccc",
      "new-dddd",
    ]);
  });

  test("goes to the lead of agents.yml, or to a role, where nobody is named", async () => {
    const store = await tempStore({ project: true });
    writeFileSync(
      path.join(store.tickets, "agents.yml"),
      "agents:\n  '@a': {adapter: command, command: [sh], lead: '@b'}\n  '@b': {adapter: command, command: [sh]}\n",
    );
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@a");
    const { stdout } = await store.here(["ticket", "delegate", whole, "Part", "-q"], as("@a"));
    expect(store.text(stdout.trim())).toContain("assignee: '@b'");
    expect(await refused(store, ["ticket", "delegate", whole, "Part"])).toEqual([2, "bad_usage"]);
    const tested = await store.ayo("ticket", "delegate", whole, "Tested", "--role", "tester");
    expect(store.text(tested)).toMatch(
      /role: tester[\s\S]*delegated-by: Test User|delegated-by: Test User[\s\S]*role: tester/,
    );
  });

  test("is told of agents that nobody knows, and refused a finished whole, or a team that only hands on", async () => {
    const store = await tempStore({ project: true });
    const [a, b] = ["@a", "@b"].map((name) => `'${name}': {adapter: command, command: [sh], roles: [worker]}`);
    writeFileSync(path.join(store.tickets, "agents.yml"), `teams: {'@both': ['@a', '@b']}\nagents:\n  ${a}\n  ${b}\n`);
    const whole = await store.ayo("ticket", "create", "Shop", "-a", "@a");
    const told = async (...args: string[]) =>
      (await store.json<{ notices: string[] }>("ticket", "delegate", whole, "Part", ...args)).notices.join();
    expect(await told("--to", "@typo")).toContain("agents.yml has no agent or team @typo");
    expect(await told("--role", "tester")).toContain("agents.yml has no agent with the role tester");
    for (const args of [
      ["--to", "@both"],
      ["--to", "@B"],
      ["--to", "Mara"],
      ["--role", "worker"],
    ])
      expect(await told(...args), args.join(" ")).toBe("");
    const part = (await store.here(["ticket", "delegate", whole, "P", "--to", "@b", "-q"], as("@a"))).stdout.trim();
    const refusal = [1, "delegation_refused"];
    expect(await refused(store, ["ticket", "delegate", part, "Q", "--to", "@both"], "@b")).toEqual(refusal);
    // The other one of the team may have it.
    expect(await refused(store, ["ticket", "delegate", whole, "R", "--to", "@both"], "@a")).toEqual([0, undefined]);
    expect(await refused(store, ["ticket", "assign", part, "@both"], "@b")).toEqual([0, undefined]);
    await store.ayo("ticket", "cancel", whole, "--children");
    expect(await refused(store, ["ticket", "delegate", whole, "Late", "--to", "@b"])).toEqual([
      1,
      "transition_refused",
    ]);
  });

  test("a mode is one of three, and is told wherever the ticket is", async () => {
    const store = await tempStore({ project: true });
    expect(await refused(store, ["ticket", "create", "Odd", "--mode", "fast"])).toEqual([2, "bad_input"]);
    const id = await store.ayo("ticket", "create", "Plan it", "--mode", "plan", "--team", "@backend");
    expect(await store.json("ticket", "show", id)).toMatchObject({ ticket: { mode: "plan", team: "@backend" } });
    expect(await store.ayo("ticket", "list", "mode:plan", "-q")).toBe(id);
  });
});
