import { expect, test } from "vitest";
import { expectSettled, scene } from "../../helpers/github/scene.ts";

const note = (text: string) => ({ at: "2026-01-01T00:00:00Z", by: "Jo", text, isPublic: true });

test("a ticket goes over with all that GitHub has of it, and comes to rest", async () => {
  const one = await scene();
  const { world } = one.server;
  one.side.add("mya-p", { fields: { title: "whole" } });
  one.side.add("mya-a", {
    fields: { title: "part", description: "- for @claude, see #12", parent: "mya-p", assignee: "@coder" },
    labels: ["Bug", "good-first-issue", "mine"],
    deps: ["mya-b"],
    notes: [note("said to @codex")],
  });
  one.side.add("mya-b", { fields: { title: "done", status: "closed" } });
  one.side.add("mya-c", { fields: { title: "not done", status: "cancelled", priority: 0 } });
  const { left, told } = await one.sync();
  expect([left, told, one.server.offences]).toEqual([[], [], []]);
  expect(one.issueOf("mya-a")).toMatchObject({ assignees: ["jo"], parent: 1, labels: ["bug", "good first issue"] });
  expect(one.issueOf("mya-a").body).toMatch(/^- for `@claude`, see `#12`\n\n<!-- ayo:[\w-]{36} -->$/);
  expect([...one.issueOf("mya-a").blockedBy]).toEqual([one.issueOf("mya-b").number]);
  expect([one.issueOf("mya-b"), one.issueOf("mya-c")]).toMatchObject([
    { state: "closed", reason: "completed" },
    { state: "closed", reason: "not_planned" },
  ]);
  expect([...world.comments.values()][0]?.body).toMatch(/^said to `@codex`\n\n<!-- ayo:/);
  expect(one.side.pairs.get("mya-a")).toMatchObject({ key: "2", name: "#2", deps: { "mya-b": "3-2" } });
  expect(world.labels).toEqual(["bug", "ui", "good first issue"]);
  const before = JSON.stringify([...one.side.tickets]);
  await expectSettled(one, 1);
  expect(JSON.stringify([...one.side.tickets])).toBe(before);
  // What is changed there comes, and only that.
  world.update(2, { title: "theirs", body: `${world.issue(2).body}\nbelow`, assignees: [] });
  world.update(1, { state: "closed", state_reason: "duplicate" });
  world.unblock(2, 3);
  world.place(2, null);
  world.editComment([...world.comments.keys()][0] ?? 0, "said to `@codex`, and more");
  world.comment(2, "from there", "mara");
  await one.sync();
  const [a, p] = [one.side.tickets.get("mya-a"), one.side.tickets.get("mya-p")];
  expect(a?.fields).toMatchObject({ title: "theirs", description: "- for @claude, see #12\nbelow", assignee: null });
  expect([a?.fields.parent, a?.deps, p?.fields.status]).toEqual([null, [], "cancelled"]);
  expect(a?.notes.map(({ text }) => text)).toEqual(["said to `@codex`, and more", "from there"]);
  await expectSettled(one);
});

test("changes here go over one by one: status, labels, assignee, parent, text", async () => {
  const one = await scene();
  const { world } = one.server;
  world.create({ title: "a", body: "one\r\ntwo", labels: ["ui"], assignees: ["mara", "jo"] }, "mara");
  world.create({ title: "b" }, "stranger");
  await one.sync();
  expect(one.side.tickets.get("mya-1")).toMatchObject({ labels: ["ui"], fields: { assignee: "mara", priority: 2 } });
  await expectSettled(one);
  one.side.edit("mya-1", ({ fields }) => ({ fields: { ...fields, status: "in_progress", priority: 0 } }));
  one.server.seen.length = 0;
  await one.sync();
  expect(one.writes()).toEqual([]);
  one.side.edit("mya-1", ({ fields }) => {
    const description = `${fields.description}\nthree`;
    return {
      fields: { ...fields, status: "closed", assignee: "@coder", parent: "mya-2", description },
      labels: ["bug"],
    };
  });
  await one.sync();
  expect(one.issueOf("mya-1")).toMatchObject({ reason: "completed", labels: ["bug"], assignees: ["jo"], parent: 2 });
  expect(one.issueOf("mya-1").body?.replaceAll("\r", "")).toBe("one\ntwo\nthree");
  await expectSettled(one);
  one.side.edit("mya-1", ({ fields }) => ({ fields: { ...fields, status: "open", parent: null, assignee: null } }));
  await one.sync();
  expect(one.issueOf("mya-1")).toMatchObject({ state: "open", assignees: [], parent: null });
  await expectSettled(one);
});

test("closed for another reason: GitHub hears of it only when it is closed anew", async () => {
  const one = await scene();
  one.side.add("mya-a", { fields: { status: "closed" } });
  await one.sync();
  one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, status: "cancelled" } }));
  let isLost = false;
  one.server.onRequest = ({ body }) => {
    if (isLost || body.state !== "closed") return undefined;
    isLost = true;
    return "dropBefore";
  };
  await one.sync();
  expect(one.issueOf("mya-a")).toMatchObject({ state: "closed", reason: "not_planned" });
  await expectSettled(one);
});

test.each(["dropBefore", "dropAfter", "500after"] as const)(
  "no answer to what makes something (%s): each is there once",
  async (mishap) => {
    const one = await scene();
    const { world } = one.server;
    one.side.add("mya-a", { fields: { title: "mine", description: "text" }, notes: [note("first")] });
    const isNew = /^POST \/issues$/;
    // Nor to the look that follows.
    let isLost = false;
    one.server.onRequest = ({ operation }) => {
      if (isNew.test(operation)) isLost = true;
      return isNew.test(operation) ? mishap : isLost ? "500before" : undefined;
    };
    expect((await one.sync().catch((error: { fault: string }) => error)) as object).toBeDefined();
    expect(one.side.pairs.get("mya-a")?.state).toBe("creating");
    expect(world.issues.size).toBe(mishap === "dropBefore" ? 0 : 1);
    for (const issue of world.issues.values()) world.update(issue.number, { title: "theirs" });
    one.server.onRequest = ({ operation }) => (operation === "POST /issues/1/comments" ? mishap : undefined);
    await one.sync();
    one.server.onRequest = () => undefined;
    await one.sync();
    expect([world.issues.size, world.comments.size, one.side.tickets.size]).toEqual([1, 1, 1]);
    expect(one.issueOf("mya-a").title).toBe(mishap === "dropBefore" ? "mine" : "theirs");
    expect(one.side.pairs.get("mya-a")).toMatchObject({ state: "linked", key: "1" });
    await expectSettled(one);
  },
);

test("a create without an answer is found at once, by its mark; a stranger's mark is none, a copied one neither", async () => {
  const one = await scene();
  const { world } = one.server;
  one.side.add("mya-a");
  one.fail(/^POST \/issues$/, "dropAfter");
  expect((await one.sync()).left).toEqual([]);
  expect([world.issues.size, one.side.pairs.get("mya-a")?.state]).toEqual([1, "linked"]);
  // Made up by somebody else before ours is there.
  const body = world.issue(1).body ?? "";
  const other = await scene();
  other.server.world.create({ title: "not yours", body }, "stranger");
  other.side.add("mya-a");
  await other.sync();
  expect([...other.server.world.issues.values()].map(({ title }) => title)).toEqual(["not yours", "mya-a"]);
  expect(other.side.pairs.get("mya-a")?.key).toBe("2");
  // Somebody copies an issue, and takes the mark out of the first.
  world.create({ title: "copy", body }, "mara");
  world.update(1, { body: "without" });
  await one.sync();
  expect([...one.side.pairs].map(([id, { key }]) => [id, key])).toEqual([
    ["mya-a", "1"],
    ["mya-2", "2"],
  ]);
  expect(one.side.tickets.get("mya-2")?.fields.description).toBe("");
  await expectSettled(one);
  await expectSettled(other);
});

test("pull requests are no items, and their comments no notes", async () => {
  const one = await scene();
  const { world } = one.server;
  world.create({ title: "issue" }, "mara");
  world.create({ title: "pull" }, "mara", true);
  world.comment(2, "review", "mara");
  await one.sync();
  expect([...one.side.tickets.keys()]).toEqual(["mya-1"]);
  expect(one.side.tickets.get("mya-1")?.notes).toEqual([]);
  await expectSettled(one);
});

test("deleted, transferred, and a repository that was renamed", async () => {
  const one = await scene();
  const { world } = one.server;
  for (const title of ["deleted", "transferred", "stays"]) world.create({ title }, "mara");
  await one.sync();
  world.issue(1).gone = "deleted";
  world.issue(2).gone = "transferred";
  world.former.add(world.repo);
  world.repo = "acme/site";
  for (const id of ["mya-1", "mya-2", "mya-3"])
    one.side.edit(id, ({ fields }) => ({ fields: { ...fields, title: "changed" } }));
  const { told } = await one.sync({ whole: true });
  expect(told.map(({ id, text }) => `${id} ${text}`)).toEqual([
    expect.stringContaining("mya-1 #1 is not there any more"),
    expect.stringContaining("mya-2 #2 was moved elsewhere"),
  ]);
  expect(one.issueOf("mya-3").title).toBe("changed");
  expect(["mya-1", "mya-2"].map((id) => one.side.pairs.get(id)?.state)).toEqual(["detached", "detached"]);
  await expectSettled(one);
});

test("relations that do not touch their issue come with a whole look; old ones come with a new item", async () => {
  const one = await scene();
  const { world } = one.server;
  world.touches = false;
  for (const title of ["a", "b", "c"]) world.create({ title }, "mara");
  await one.sync();
  world.time += 3_600_000;
  world.block(1, 2);
  await one.sync();
  expect(one.side.tickets.get("mya-1")?.deps).toEqual([]);
  await one.sync({ whole: true });
  expect(one.side.tickets.get("mya-1")?.deps).toEqual(["mya-2"]);
  world.unblock(1, 2);
  await one.sync({ whole: true });
  expect(one.side.tickets.get("mya-1")?.deps).toEqual([]);
  await expectSettled(one);
});

test("comments: edited here, deleted there", async () => {
  const one = await scene();
  const { world } = one.server;
  one.side.add("mya-a", { notes: [note("one"), note("two")] });
  await one.sync();
  const [first = 0, second = 0] = world.comments.keys();
  one.side.edit("mya-a", ({ notes }) => ({ notes: notes.map((old) => ({ ...old, text: `${old.text}, changed` })) }));
  world.comments.delete(second);
  await one.sync();
  expect(world.comments.get(first)?.body).toMatch(/^one, changed/);
  await expectSettled(one);
});

test("300 issues of one second come whole, though some change while they are read", async () => {
  const one = await scene();
  const { world } = one.server;
  const { time } = world;
  for (let n = 0; n < 300; n++) {
    if (n < 150) world.time = time;
    world.create({ title: `t${n}` }, "mara");
  }
  let pages = 0;
  one.server.onRequest = ({ operation }) => {
    if (operation === "GET /issues" && pages++ === 2) world.update(5, { title: "later" });
    return undefined;
  };
  await one.sync();
  expect([one.side.tickets.size, one.side.tickets.get("mya-5")?.fields.title]).toEqual([300, "later"]);
  expect(one.side.commits).toBe(1);
  await expectSettled(one);
});

test("a dry run says what would be sent, in its order, and sends nothing", async () => {
  const one = await scene();
  one.side.add("mya-a", { labels: ["bug"], fields: { title: "new" } });
  const first = await one.sync({ dryRun: true });
  expect(first.requests).toEqual([
    { operation: "POST /repos/acme/web/issues", variables: expect.objectContaining({ title: "new", labels: ["bug"] }) },
  ]);
  expect([one.writes(), one.side.commits]).toEqual([[], 0]);
  await one.sync();
  one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "other" }, labels: ["ui"] }));
  const { requests } = await one.sync({ dryRun: true });
  one.server.seen.length = 0;
  await one.sync();
  const steps = (requests[0]?.variables.requests ?? []) as { method: string; path: string }[];
  expect(steps.map(({ method, path }) => `${method} ${path.replace("/repos/acme/web", "")}`)).toEqual(one.writes());
  expect(one.writes()).toEqual(["DELETE /issues/1/labels/bug", "POST /issues/1/labels", "PATCH /issues/1"]);
  await expectSettled(one);
});
