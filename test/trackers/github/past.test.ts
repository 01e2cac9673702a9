import { expect, test } from "vitest";
import type { IssueNode } from "../../../src/trackers/github/nodes.ts";
import { type EventNode, pastOf } from "../../../src/trackers/github/past.ts";
import type { LocalTicket } from "../../../src/trackers/sync/localSide.ts";
import { expectSettled, providerAt, scene } from "../../helpers/github/scene.ts";
import type { IssueInput } from "../../helpers/github/world.ts";

test.each<readonly [keyof LocalTicket["fields"], string, IssueInput]>([
  ["title", "new", { title: "old" }],
  ["status", "closed", { state: "open" }],
  ["assignee", "mara", { assignees: ["jo"] }],
])("%s: sent without an answer, then a person puts the old value back: theirs stays", async (field, ours, theirs) => {
  const one = await scene();
  one.side.add("mya-a", { fields: { title: "old", assignee: "@coder" } });
  await one.sync();
  const before = one.side.tickets.get("mya-a")?.fields[field];
  one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, [field]: ours } }));
  let isSent = false;
  one.server.onRequest = ({ operation }) => {
    // Of a new person it is the second request, and nor is there an answer to what comes after it.
    if (operation === (field === "assignee" ? "POST /issues/1/assignees" : "PATCH /issues/1")) isSent = true;
    return isSent ? "dropAfter" : undefined;
  };
  await one.sync().catch((error: { fault?: string }) => expect(error.fault).toBe("ambiguous"));
  one.server.onRequest = () => undefined;
  const sent = { title: "new", status: "closed", assignee: "mara" }[String(field)];
  const { title, state, assignees } = one.issueOf("mya-a");
  expect([title, state, assignees[0]]).toContain(sent);
  one.server.world.update(1, theirs, "mara");
  await one.sync();
  expect(one.side.tickets.get("mya-a")?.fields[field]).toBe(before);
  expect(one.issueOf("mya-a")).toMatchObject(theirs);
  await expectSettled(one);
});

test("an issue's past: who did what, the newest first, from the end of its timeline", async () => {
  const one = await scene();
  const { world } = one.server;
  for (const title of ["a", "above"]) world.create({ title, labels: ["ui"], assignees: ["mara"] }, "mara");
  const provider = providerAt(one.server);
  const pastNow = async () => (await provider.get("1"))?.past;
  expect(await pastNow()).toEqual([]);
  world.update(1, { title: "b", labels: [], assignees: ["jo"] }, "jo");
  world.update(1, { state: "closed", state_reason: "not_planned" }, "stranger");
  world.update(1, { state: "open", assignees: [] });
  world.place(1, 2);
  world.comment(1, "said", "mara");
  const past = await pastNow();
  expect(past?.map(({ by, touched, from, to, labels }) => [by?.name, ...touched, from, to, ...labels])).toEqual([
    ["mara", "parent", {}, { parent: "2" }],
    ["mara", "status", { status: "not_planned" }, { status: "open" }],
    ["mara", "assignee", { assignee: "jo" }, { assignee: null }],
    ["stranger", "status", { status: "open" }, { status: "not_planned" }],
    ["jo", "assignee", { assignee: "mara" }, { assignee: null }],
    ["jo", "assignee", {}, { assignee: "jo" }],
    ["jo", {}, {}, "ui"],
    ["jo", "title", { title: "a" }, { title: "b" }],
  ]);
  expect(past?.[0]).toMatchObject({ at: expect.stringMatching(/^2026-08-01T10:00:\d\dZ$/), by: { isPerson: true } });
  // A long one is read from its end, and where that is short from a little before.
  const requests = async (): Promise<number> => {
    one.server.seen.length = 0;
    expect((await pastNow())?.[0]?.to.title).toBe(world.issue(1).title);
    return one.server.seen.length;
  };
  for (let n = 0; n < 95; n++) world.update(1, { title: `t${n}` });
  expect(await requests()).toBe(4);
  for (let n = 0; n < 30; n++) world.update(1, { title: `u${n}` });
  expect(await requests()).toBe(3);
  expect(one.server.offences).toEqual([]);
  provider.close();
});

test("what lacks something is no part of the past, and is no failure", () => {
  const node = {
    repository_url: "https://api.github.com/repos/acme/web",
    assignees: [{ login: "jo" }, { login: "pat" }],
    labels: [],
  };
  const at = "2026-08-01T10:00:00Z";
  const lacking: EventNode[] = [
    {},
    { event: "committed" },
    { event: "renamed", created_at: at },
    { event: "renamed", created_at: at, rename: { to: "a" } },
    { event: "closed" },
    { event: "closed", created_at: "soon" },
    { event: "assigned", created_at: at, assignee: null },
    { event: "assigned", created_at: at, assignee: { login: "pat", type: "User" } },
    { event: "labeled", created_at: at, label: {} },
    { event: "parent_issue_added", created_at: at, parent_issue: null },
    { event: "parent_issue_added", created_at: at, parent_issue: { number: 3, repository: { full_name: "acme/api" } } },
  ];
  expect(pastOf(lacking, node as unknown as IssueNode)).toEqual([]);
  expect(pastOf([{ event: "closed", created_at: at, actor: null }], node as unknown as IssueNode)).toMatchObject([
    { by: undefined, to: { status: "completed" } },
  ]);
  // A label that makes a state is a state.
  const marks = ["Doing", "review"];
  const labelled = (event: string, name: string): EventNode => ({ event, created_at: at, label: { name } });
  const events = [labelled("labeled", "doing"), labelled("unlabeled", "doing"), labelled("labeled", "ui")];
  const bears = { ...node, labels: [{ name: "review" }] } as unknown as IssueNode;
  const past = pastOf(
    [...events, { event: "closed", created_at: at }, { event: "reopened", created_at: at }],
    bears,
    marks,
  );
  expect(past.map(({ from, to, labels }) => [from, to, labels])).toEqual([
    [{ status: "completed" }, {}, []],
    [{}, { status: "completed" }, []],
    [{}, {}, ["ui"]],
    [{ status: "label:doing" }, {}, []],
    [{}, { status: "label:doing" }, []],
  ]);
});
