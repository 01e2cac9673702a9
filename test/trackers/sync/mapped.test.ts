import { describe, expect, test } from "vitest";
import { priorityOf } from "../../../src/trackers/linear/nodes.ts";
import type { LocalTicket } from "../../../src/trackers/sync/localSide.ts";
import { expectQuiet, expectSettled, type Scene, saidIn, scene } from "../../helpers/linear/scene.ts";

const set = ({ side }: Scene, id: string, fields: Partial<LocalTicket["fields"]>): void =>
  side.edit(id, (ticket) => ({ fields: { ...ticket.fields, ...fields } }));
const fieldsOf = ({ side }: Scene, id: string): LocalTicket["fields"] | undefined => side.tickets.get(id)?.fields;

test("the same value on both sides is no conflict, and nothing is written", async () => {
  const one = await scene();
  one.side.add("mya-a", { fields: { description: "- a" }, labels: ["ui"] });
  await one.sync();
  const same = { title: "b", description: "- a\n- b", status: "closed", priority: 0, assignee: "@coder" };
  set(one, "mya-a", same);
  one.side.edit("mya-a", () => ({ labels: ["ui", "api"] }));
  const { id } = one.issueOf("mya-a");
  const input = { title: "b", description: "* a\n* b", stateId: "state-done", priority: 1, assigneeId: "user-jo" };
  one.server.world.update(id, { ...input, addedLabelIds: ["label-api"] }, "user-mara");
  one.server.seen.length = 0;
  expect((await one.sync()).told).toEqual([]);
  expect(one.writes()).toEqual([]);
  expect(one.side.tickets.get("mya-a")).toMatchObject({ fields: same, labels: ["ui", "api"], notes: [] });
  await expectSettled(one);
});

test("a priority that Linear does not have is the nearest one, and no error", async () => {
  const one = await scene();
  one.side.add("mya-a");
  await one.sync();
  const issue = one.issueOf("mya-a");
  const came: unknown[] = [];
  for (const priority of [7.5, -1, 1.4, 99]) {
    one.server.world.update(issue.id, { priority }, "user-mara");
    await one.sync();
    came.push(fieldsOf(one, "mya-a")?.priority);
  }
  expect(came).toEqual([3, 2, 0, 3]);
  expect([null, "x", undefined, 2].map(priorityOf)).toEqual([0, 0, 0, 2]);
});

describe("states", () => {
  test("of several of one kind each is its own column; one with another name keeps its tickets; one that is gone moves nothing", async () => {
    const one = await scene();
    const { world } = one.server;
    for (const status of ["in_progress", "in_review", "blocked"]) one.side.add(`mya-${status}`, { fields: { status } });
    await one.sync();
    const statesOf = (): string[] => [...world.issues.values()].map(({ state }) => state);
    expect(statesOf()).toEqual(["state-in-progress", "state-in-review", "state-paused"]);
    // By the id that config keeps, a state is the same whatever it is called.
    one.become({ map: { states: { in_review: "state-in-review" }, people: {} } });
    world.states = world.states.map((state) => (state.id === "state-in-review" ? { ...state, name: "QA" } : state));
    set(one, "mya-in_progress", { status: "in_review" });
    world.update(one.issueOf("mya-blocked").id, { stateId: "state-in-review" }, "user-mara");
    await one.sync();
    expect(statesOf()).toEqual(["state-in-review", "state-in-review", "state-in-review"]);
    expect(fieldsOf(one, "mya-blocked")?.status).toBe("in_review");
    await expectSettled(one);
    // Its tickets stay where they are; nothing else is started in its place.
    world.states = world.states.filter(({ id }) => id !== "state-in-review");
    for (const issue of world.issues.values()) world.update(issue.id, { stateId: "state-in-progress" }, "user-bot");
    set(one, "mya-blocked", { status: "closed", title: "b" });
    await one.sync();
    expect(statesOf()).toEqual(["state-in-progress", "state-in-progress", "state-in-progress"]);
    expect(fieldsOf(one, "mya-in_review")?.status).toBe("in_progress");
    expect(saidIn(one, "mya-blocked")).toEqual([
      "status was changed on both sides; that of ENG-3 stays. Here it was: closed",
    ]);
    set(one, "mya-in_review", { status: "in_review" });
    one.server.seen.length = 0;
    await one.sync();
    expect([one.writes(), fieldsOf(one, "mya-in_review")?.status]).toEqual([[], "in_review"]);
    await expectSettled(one);
  });

  test("one of a type that nobody knows changes nothing here, until somebody here does", async () => {
    const one = await scene();
    one.server.world.states.push({ id: "state-odd", name: "Odd", type: "odd", position: 99 });
    one.side.add("mya-a", { fields: { status: "in_review" } });
    await one.sync();
    const issue = one.issueOf("mya-a");
    one.server.world.update(issue.id, { stateId: "state-odd" }, "user-mara");
    one.server.seen.length = 0;
    await one.sync();
    expect([one.writes(), fieldsOf(one, "mya-a")?.status, issue.state]).toEqual([[], "in_review", "state-odd"]);
    await expectSettled(one);
    set(one, "mya-a", { status: "closed" });
    await one.sync();
    expect(issue.state).toBe("state-done");
    await expectSettled(one);
  });

  test("closed there while an agent is at it, and open again: it follows; with a status of its own here the claim's stays", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { status: "in_progress" }, isClaimed: true, deps: ["mya-b"] });
    one.side.add("mya-b");
    await one.sync();
    const issue = one.issueOf("mya-a");
    one.server.world.update(issue.id, { stateId: "state-done" }, "user-mara");
    one.server.seen.length = 0;
    await one.sync();
    expect([fieldsOf(one, "mya-a")?.status, one.writes()]).toEqual(["closed", []]);
    await expectSettled(one);
    one.server.world.update(issue.id, { stateId: "state-in-progress" }, "user-mara");
    await one.sync();
    expect(fieldsOf(one, "mya-a")?.status).toBe("in_progress");
    await expectSettled(one);
    one.server.world.update(issue.id, { stateId: "state-done" }, "user-mara");
    set(one, "mya-a", { status: "in_review" });
    await one.sync();
    expect([fieldsOf(one, "mya-a")?.status, issue.state]).toEqual(["in_review", "state-in-review"]);
    expect(saidIn(one, "mya-a")).toEqual(["status was changed on both sides; ours stays. ENG-1 had: closed"]);
    await expectSettled(one);
  });

  test("another map between two runs changes no ticket by itself", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { status: "in_review", assignee: "@coder" } });
    one.side.add("mya-b", { fields: { status: "closed" } });
    await one.sync();
    one.become({
      map: { states: { in_review: "state-paused", closed: "state-duplicate" }, people: { "@coder": "user-mara" } },
    });
    one.server.seen.length = 0;
    await one.sync({ whole: true });
    expect([one.writes(), one.issueOf("mya-a").state, one.issueOf("mya-a").assignee]).toEqual([
      [],
      "state-in-review",
      "user-jo",
    ]);
    await expectSettled(one);
    set(one, "mya-a", { status: "open" });
    await one.sync();
    set(one, "mya-a", { status: "in_review", assignee: null });
    await one.sync();
    set(one, "mya-a", { assignee: "@coder" });
    one.server.world.update(one.issueOf("mya-b").id, { stateId: "state-paused" }, "user-mara");
    await one.sync();
    expect(one.issueOf("mya-a")).toMatchObject({ state: "state-paused", assignee: "user-mara" });
    expect(fieldsOf(one, "mya-b")?.status).toBe("in_review");
    await expectSettled(one);
  });
});

describe("labels and people", () => {
  test("a label that is not there stays here, in any case it is the same; each side adds and takes away its own", async () => {
    const one = await scene();
    one.side.add("mya-a", { labels: ["BUG", "mine", "ui"] });
    await one.sync();
    const issue = one.issueOf("mya-a");
    expect(issue.labels).toEqual(new Set(["label-bug", "label-ui"]));
    await expectSettled(one);
    one.side.edit("mya-a", () => ({ labels: ["BUG", "mine", "api"] }));
    one.server.world.update(issue.id, { removedLabelIds: ["label-bug"], addedLabelIds: ["label-big"] }, "user-mara");
    one.server.seen.length = 0;
    await one.sync();
    expect([...(one.side.tickets.get("mya-a")?.labels ?? [])].sort()).toEqual(["api", "big", "mine"]);
    expect(issue.labels).toEqual(new Set(["label-api", "label-big"]));
    expect(one.writes()).toEqual(["UpdateIssue"]);
    await expectSettled(one);
    // Taken away there while added here again, under another spelling.
    one.server.world.update(issue.id, { removedLabelIds: ["label-api"] }, "user-mara");
    one.side.edit("mya-a", ({ labels }) => ({ labels: [...labels, "bug", "Ui"] }));
    await one.sync();
    expect([...(one.side.tickets.get("mya-a")?.labels ?? [])].sort()).toEqual(["Ui", "big", "bug", "mine"]);
    expect(issue.labels).toEqual(new Set(["label-bug", "label-ui", "label-big"]));
    await expectSettled(one);
  });

  test("of a group one label at a time: ours takes the place of theirs, two of ours are refused once and hold nothing back", async () => {
    const one = await scene();
    one.side.add("mya-a", { labels: ["big"] });
    one.side.add("mya-b", {
      labels: ["big", "small", "ui"],
      fields: { status: "closed", priority: 0, assignee: "mara" },
    });
    const { told } = await one.sync();
    expect(told.map(({ id, text }) => [id, text])).toEqual([
      ["mya-b", "labels was refused: Linear: labels of one group exclude each other"],
    ]);
    const other = one.issueOf("mya-b");
    expect(other).toMatchObject({ title: "mya-b", state: "state-done", priority: 1, assignee: "user-mara" });
    expect(fieldsOf(one, "mya-b")).toMatchObject({ status: "closed", priority: 0, assignee: "mara" });
    await expectSettled(one);
    one.side.edit("mya-b", () => ({ labels: ["small", "ui"] }));
    one.side.edit("mya-a", () => ({ labels: ["big", "small"] }));
    await one.sync();
    expect([one.issueOf("mya-a").labels, other.labels]).toEqual([
      new Set(["label-small"]),
      new Set(["label-small", "label-ui"]),
    ]);
    await one.sync();
    expect(one.side.tickets.get("mya-a")?.labels).toEqual(["small"]);
    await expectSettled(one);
  });

  test("somebody whom the other side does not know stays on his side", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { assignee: "@nobody" } });
    one.side.add("mya-b", { fields: { assignee: "mara" } });
    await one.sync();
    const [first, second] = [one.issueOf("mya-a"), one.issueOf("mya-b")];
    expect([first.assignee, second.assignee]).toEqual([null, "user-mara"]);
    one.server.world.users.push({
      id: "user-new",
      name: "n",
      displayName: "new",
      app: false,
      active: true,
      isHidden: true,
    });
    one.server.world.update(second.id, { assigneeId: "user-new" }, "user-mara");
    one.server.seen.length = 0;
    await one.sync();
    expect([fieldsOf(one, "mya-b")?.assignee, one.writes()]).toEqual(["mara", []]);
    await expectSettled(one);
    set(one, "mya-b", { assignee: "@nobody" });
    set(one, "mya-a", { assignee: "@coder" });
    await one.sync();
    expect([first.assignee, second.assignee]).toEqual(["user-jo", "user-new"]);
    await expectSettled(one);
    one.server.world.update(first.id, { assigneeId: null }, "user-mara");
    await one.sync();
    expect(fieldsOf(one, "mya-a")?.assignee).toBeNull();
    await expectQuiet(one);
  });
});
