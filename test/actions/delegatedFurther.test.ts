import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { aRun } from "../helpers/aRun.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const as = (name: string, more: Record<string, string> = {}) => ({ env: { AYO_AGENT: name, ...more } });
const inRun = (name: string, ticket: string) => as(name, { AYO_RUN: `run-of-${ticket}`, AYO_TICKET: ticket });

async function delegated(store: TempStore, whole: string, title: string, from: string, to: string): Promise<string> {
  const { stdout, stderr } = await store.here(["ticket", "delegate", whole, title, "--to", to, "-q"], as(from));
  return stdout.trim() || (/error: (.*)/.exec(stderr)?.[1] ?? stderr);
}

test("limits count through a part that a person made of what agents made, as the refusal of circles does", async () => {
  const store = await tempStore({ project: true });
  await store.ayo("config", "delegation.tickets", "2");
  const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
  const made = await delegated(store, whole, "Cart", "@lead", "@a");
  const between = await store.ayo("ticket", "create", "Between", "--parent", made, "-a", "@b");
  const deep = await delegated(store, between, "Deep", "@b", "@c");
  expect(await delegated(store, deep, "Deeper", "@c", "@d")).toContain(`agents may make 2 tickets below ${whole}`);
  expect(await delegated(store, deep, "Back", "@c", "@lead")).toMatch(/tickets below|does not go back/);
  await store.ayo("config", "delegation.tickets", "9");
  await store.ayo("config", "delegation.depth", "3");
  expect(await delegated(store, deep, "Deeper", "@c", "@d")).toContain("3 levels deep");
  // It counts until the root is finished, not what a person put between.
  await store.ayo("ticket", "close", deep);
  await store.ayo("ticket", "cancel", between);
  expect((await store.here(["ticket", "delete", deep, "--yes"], as("@c"))).code).toBe(1);
  expect((await store.json<{ tickets: unknown[] }>("ticket", "archive", "--before", "0d")).tickets).toHaveLength(1);
});

test("the tree has archived and deleted parts, too; --children gives up what agents found on the way", async () => {
  const store = await tempStore({ project: true });
  const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
  const [kept, old, gone] = [
    await store.ayo("ticket", "delegate", whole, "Kept", "--to", "@a"),
    await store.ayo("ticket", "create", "Old", "--parent", whole),
    await store.ayo("ticket", "create", "Gone", "--parent", whole),
  ];
  await store.ayo("ticket", "close", old);
  await store.ayo("ticket", "archive", "--before", "0d");
  await store.ayo("ticket", "delete", gone, "--yes");
  const found = (await store.here(["ticket", "create", "Found", "-q"], inRun("@a", kept))).stdout.trim();
  const { tickets } = await store.json<{ tickets: { id: string; status: string; above: string | null }[] }>(
    "ticket",
    "tree",
    whole,
  );
  const told = tickets.map(({ id, status, above }) => [id, status, above]);
  expect(told.toSorted()).toEqual(
    [
      [whole, "open", null],
      [kept, "open", whole],
      [found, "open", kept],
      [old, "closed", whole],
      [gone, "deleted", whole],
    ].toSorted(),
  );
  expect(await store.ayo("ticket", "tree", whole)).toContain(`── ${gone} [deleted] Gone`);
  expect(await store.ayo("ticket", "cancel", whole, "--children", "-q")).toBe([whole, kept, found].join("\n"));
});

test("an undo in a run takes back what the run did, not what another run of the same agent did since", async () => {
  const store = await tempStore({ project: true });
  const make = (title: string) => store.ayo("ticket", "create", title, "-a", "@coder");
  const [one, two, three] = [await make("One"), await make("Two"), await make("Three")];
  const run = (ticket: string, ...args: string[]) => store.here(args, inRun("@coder", ticket));
  aRun(store, three);
  await run(one, "ticket", "claim", one);
  expect((await run(one, "undo")).stderr).toContain("@coder has changed nothing in this run");
  await run(one, "ticket", "note", one, "Mine");
  // A sibling's: what it makes, what it does on its ticket, and how it is ended.
  await run(two, "ticket", "create", "Of two");
  await store.here(["ticket", "close", three], as("@coder"));
  const before = store.text(three);
  expect((await run(one, "undo")).stdout).toContain(`note ${one}: Mine`);
  expect([store.text(one).includes("Mine"), store.text(three)]).toEqual([false, before]);
  expect((await run(one, "undo")).stderr).toContain("has undone all that it changed in this run");
  expect((await run(one, "redo")).code).toBe(0);
  expect(store.text(one)).toContain("Mine");
  // What a ticket is named by is taken back as ever.
  expect((await run(one, "undo", three)).code).toBe(0);
});

test("agents that agents.yml does not know are told, where it knows any", async () => {
  const store = await tempStore({ project: true });
  const told = async (...args: string[]) => (await store.json<{ notices: string[] }>(...args)).notices;
  expect(await told("ticket", "create", "None", "-a", "@codr")).toEqual([]);
  writeFileSync(path.join(store.tickets, "agents.yml"), "agents:\n  '@coder': {adapter: command, command: [true]}\n");
  const notice = "agents.yml has no agent or team @codr: 'ayo work' starts nobody for it";
  expect(await told("ticket", "create", "Slip", "-a", "@codr")).toContain(notice);
  expect(await told("ticket", "create", "Right", "-a", "@Coder")).toEqual([]);
  const id = await store.ayo("ticket", "create", "Person", "-a", "Mara");
  expect(await told("ticket", "assign", id, "@codr")).toContain(notice);
  expect(await told("ticket", "delegate", id, "Part", "--to", "@codr")).toEqual([notice]);
});

test("what becomes ready by a deletion, or since a part is none any more, is told", async () => {
  const store = await tempStore({ project: true });
  const whole = await store.ayo("ticket", "create", "Whole");
  const [one, two] = [
    await store.ayo("ticket", "create", "One", "--parent", whole),
    await store.ayo("ticket", "create", "Two", "--parent", whole),
  ];
  expect(await store.ayo("ticket", "update", one, "--parent", "")).toBe(`Updated ${one}`);
  expect(await store.ayo("ticket", "update", one, "--parent", whole)).toBe(`Updated ${one}`);
  expect(await store.ayo("ticket", "delete", two, "--yes")).toBe(`Deleted ${two}`);
  expect(await store.ayo("ticket", "update", one, "--parent", "")).toBe(`Updated ${one}\nready: ${whole} - Whole`);
  const three = await store.ayo("ticket", "create", "Three", "--parent", whole);
  const { nowReady } = await store.json<{ nowReady: { id: string }[] }>("ticket", "delete", three, "--yes");
  expect(nowReady.map(({ id }) => id)).toEqual([whole]);
});

test("a root that has cost what it may is in the inbox until more is allowed, or it is finished", async () => {
  const store = await tempStore({ project: true });
  const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
  const part = await delegated(store, whole, "Cart", "@lead", "@a");
  aRun(store, part, { cost: 3 });
  const lines = async () =>
    (await store.json<{ items: { key: string; text: string }[] }>("inbox")).items.filter(({ key }) =>
      /:cost$/.test(key),
    );
  expect(await lines()).toEqual([]);
  await store.ayo("config", "delegation.cost", "2.5");
  expect((await lines()).map(({ key, text }) => [key, text])).toEqual([
    [`${whole}:cost`, expect.stringContaining(`$3.00 were spent on ${whole} and its parts`)],
  ]);
  await store.ayo("config", "delegation.cost", "5");
  expect(await lines()).toEqual([]);
});

test("an agent that makes a part of its own ticket and then gives it to another hands it on, by whatever command", async () => {
  const store = await tempStore({ project: true });
  await store.ayo("config", "delegation.children", "2");
  const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
  const make = async (title: string, ...args: string[]) =>
    (await store.here(["ticket", "create", title, ...args, "-q"], as("@lead"))).stdout.trim();
  const parts = await Promise.all(["A", "B", "C"].map((title) => make(title, "--parent", whole)));
  const [one = "", two = "", three = ""] = parts;
  const beside = await make("Beside", "-a", "@coder");
  const other = await make("Other", "--parent", beside);
  const lead = async (...args: string[]) => (await store.here(["ticket", ...args], as("@lead"))).stderr;
  expect(await lead("assign", one, "@coder")).toBe("");
  // What is not its own ticket's it hands on for nobody.
  expect(await lead("assign", other, "@qa")).toBe("");
  expect(store.text(other)).not.toContain("delegated-by");
  expect(await lead("claim", two, "--for", "@coder")).toBe("");
  for (const id of [one, two]) expect(store.text(id)).toContain("delegated-by: '@lead'");
  for (const args of [
    ["assign", three, "@coder"],
    ["claim", three, "--for", "@coder"],
    ["update", three, "-a", "@coder"],
    ["update", three, "--role", "tester"],
    ["update", three, "--set", "assignee=@coder"],
    ["update", beside, "--parent", whole],
  ])
    expect(await lead(...args), args.join(" ")).toContain("agents may make 2 tickets");
  const sub = (await store.here(["ticket", "create", "S", "--parent", one, "-q"], as("@coder"))).stdout.trim();
  expect((await store.here(["ticket", "assign", sub, "@lead"], as("@coder"))).stderr).toContain("does not go back");
  // What nobody else is to do is no delegation, and a person may do what he wants.
  expect(await lead("assign", three, "@lead")).toBe("");
  await store.ayo("ticket", "assign", three, "@coder");
  expect(store.text(three)).not.toContain("delegated-by");
  store.judge();
});

test("whoever has a ticket may keep parts of it in a run, too; they count, and go to others only as handed on", async () => {
  const store = await tempStore({ project: true });
  const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await store.here(["ticket", ...args], inRun("@lead", whole));
    return stderr || stdout.trim();
  };
  await run("claim", whole);
  const keep = await run("create", "Keep", "--parent", whole, "-a", "@lead", "-q");
  const [left, given, deep] = [
    await run("create", "Left", "--parent", whole, "-q"),
    await run("create", "Given", "--parent", whole, "-q"),
    await run("create", "Deep", "--parent", keep, "-q"),
  ];
  for (const id of [keep, left, given, deep]) expect(store.text(id)).toContain(`discovered-from: ${whole}`);
  expect((await store.here(["ticket", "ready", "-q"], as("@lead"))).stdout).toContain(left);
  for (const id of [keep, left, deep]) expect(await run("claim", id, "-q"), id).toBe(id);
  expect(await run("assign", given, "@coder", "-q")).toBe(given);
  expect(store.text(given)).toContain("delegated-by: '@lead'");
  expect((await store.here(["ticket", "assign", given, "@lead"], as("@coder"))).stderr).toContain("does not go back");
  store.judge();
});

test("go on ends the planning only where ayo asked whether to", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Plan it", "-a", "@c", "--mode", "plan");
  const asked = async (question: string, ...args: string[]) => {
    await store.here(["ticket", "claim", id], as("@c"));
    await store.here(["ticket", "ask", id, question, ...args], as("@c"));
    await store.ayo("ticket", "answer", id, "go on");
    return /^mode: .*$/m.exec(store.text(id))?.[0];
  };
  const options = ["--option", "go on", "--option", "no"];
  expect(await asked("Look at the database too?", ...options)).toBe("mode: plan");
  // Outside of ayo work an agent that has planned is told to ask so itself.
  expect(await asked("May I go on as planned?")).toBeUndefined();
});

test("a mode that is none is told by doctor", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Plan it", "--mode", "plan");
  store.write(id, store.text(id).replace("mode: plan", "mode: plann"));
  const { stdout } = await store.here(["doctor"]);
  expect(stdout).toContain(`mode 'plann' is not one of chat, plan, auto`);
});

test("what agents made and still counts is kept from their undo, and told by archive", async () => {
  const store = await tempStore({ project: true });
  const whole = await store.ayo("ticket", "create", "Shop", "-a", "@lead");
  const found = (await store.here(["ticket", "create", "Found", "-q"], inRun("@lead", whole))).stdout.trim();
  const undone = await store.here(["undo"], inRun("@lead", whole));
  expect([undone.code, undone.stderr]).toEqual([1, expect.stringContaining("only a person can delete it")]);
  await store.ayo("ticket", "close", found);
  const { stdout, stderr } = await store.here(["ticket", "archive", "--before", "0d"]);
  expect(stdout + stderr).toContain(`not archived, since agents made it for what is not finished yet: ${found}`);
  expect(stdout + stderr).not.toContain("for so long");
});

test("allow tells of a mode's prompt that cannot be used", async () => {
  const store = await tempStore({ project: true });
  writeFileSync(path.join(store.tickets, "agents.yml"), "agents:\n  '@a': {adapter: command, command: [sh]}\n");
  mkdirSync(path.join(store.tickets, "templates/prompts"), { recursive: true });
  writeFileSync(path.join(store.tickets, "templates/prompts/plan.md"), " ");
  const { stdout, stderr } = await store.here(["allow", "--all"]);
  expect(stdout + stderr).toContain("templates/prompts/plan.md is empty: no agent is started for tickets of that mode");
});
