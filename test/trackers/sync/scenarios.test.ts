import { describe, expect, test } from "vitest";
import { MemorySide } from "../../helpers/linear/memorySide.ts";
import { expectQuiet, scene } from "../../helpers/linear/scene.ts";
import { LINEAR_KEY } from "../../helpers/linear/server.ts";

describe("the first time", () => {
  test("30 tickets at once are asked about; a dry run sends nothing", async () => {
    const one = await scene();
    for (let n = 0; n < 30; n++) one.side.add(`mya-${n}`);
    await expect(one.sync()).rejects.toMatchObject({ code: "needs_confirmation" });
    expect((await one.sync({ dryRun: true })).writes).toHaveLength(30);
    expect([one.server.world.issues.size, one.side.commits, one.writes()]).toEqual([0, 0, []]);
    await one.sync({ yes: true });
    expect(one.server.world.issues.size).toBe(30);
    await expectQuiet(one);
  });

  test("a dry run prints the requests that are then sent, of every kind", async () => {
    const one = await scene();
    const note = { at: "2026-01-01T00:00:00Z", by: null, text: "said @claude", isPublic: true };
    one.side.add("mya-a", { deps: ["mya-b"], labels: ["bug"], notes: [note] });
    one.side.add("mya-b", { fields: { parent: "mya-a" } });
    const expectPrinted = async (kinds: readonly string[]): Promise<void> => {
      const { requests } = await one.sync({ dryRun: true });
      expect(JSON.stringify(requests)).not.toContain(LINEAR_KEY);
      one.server.seen.length = 0;
      await one.sync();
      const sent = one.server.seen.filter(({ isWrite }) => isWrite);
      expect(requests).toEqual(sent.map(({ operation, variables }) => ({ operation, variables })));
      expect(requests.map(({ operation }) => operation)).toEqual(kinds);
    };
    await expectPrinted(["CreateIssue", "CreateIssue", "CreateComment", "CreateRelation"]);
    one.side.edit("mya-a", ({ fields }) => {
      return { fields: { ...fields, title: "b" }, labels: ["ui"], deps: [], notes: [{ ...note, text: "other" }] };
    });
    await expectPrinted(["UpdateIssue", "UpdateComment", "DeleteRelation"]);
    await expectQuiet(one);
  });

  test("300 issues come in three requests and one commit; a page that fails changes nothing", async () => {
    const one = await scene();
    for (let n = 0; n < 300; n++) one.server.world.create({ title: `t${n}` }, "user-mara");
    let pages = 0;
    one.server.onRequest = ({ operation }) => (operation === "Changed" && pages++ > 0 ? "errors" : undefined);
    await expect(one.sync()).rejects.toMatchObject({ fault: "ambiguous" });
    expect([one.side.tickets.size, one.side.cursor]).toEqual([0, {}]);
    one.server.onRequest = () => undefined;
    one.server.seen.length = 0;
    await one.sync();
    expect(one.side.tickets.size).toBe(300);
    expect(one.side.commits).toBe(1);
    expect(one.server.seen.filter(({ operation }) => operation === "Changed")).toHaveLength(2);
  });

  test("two machines that make the same ticket at once make one issue", async () => {
    const one = await scene();
    const other = new MemorySide();
    for (const side of [one.side, other]) side.add("mya-a", { fields: { title: "once" } });
    await Promise.all([one.sync(), one.sync({}, other)]);
    expect(one.server.world.issues.size).toBe(1);
    await expectQuiet(one);
  });
});

describe("answers that do not come", () => {
  test.each(["dropBefore", "dropAfter", "500after", "errors"] as const)(
    "a create (%s), then edits on both sides",
    async (mishap) => {
      const one = await scene();
      one.side.add("mya-a", { fields: { title: "mine", description: "- one" } });
      one.fail("CreateIssue", mishap);
      expect((await one.sync()).left).toMatchObject([{ id: "mya-a" }]);
      one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, description: "- one\n- two" } }));
      for (const { id } of one.server.world.issues.values())
        one.server.world.update(id, { title: "theirs" }, "user-mara");
      const isMade = one.server.world.issues.size === 1;
      await one.sync();
      expect(one.server.world.issues.size).toBe(1);
      const { title, description } = one.issueOf("mya-a");
      expect([title, description]).toEqual([isMade ? "theirs" : "mine", "* one\n* two"]);
      expect(one.side.tickets.get("mya-a")?.fields).toMatchObject({ title, description: "- one\n- two" });
      expect(one.side.tickets.get("mya-a")?.notes).toEqual([]);
      await expectQuiet(one);
    },
  );

  test("an update, then edited here again: no conflict with ourselves", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "1" } });
    await one.sync();
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "2" } }));
    one.fail("UpdateIssue", "dropAfter");
    await one.sync();
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "3" } }));
    expect((await one.sync()).told).toEqual([]);
    expect(one.issueOf("mya-a").title).toBe("3");
    await expectQuiet(one);
  });

  test("an update, then a person puts the old value back: theirs stays", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "old" } });
    await one.sync();
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "new" } }));
    one.fail("UpdateIssue", "dropAfter");
    await one.sync();
    one.server.world.update(one.issueOf("mya-a").id, { title: "old" }, "user-mara");
    await one.sync();
    expect([one.side.tickets.get("mya-a")?.fields.title, one.issueOf("mya-a").title]).toEqual(["old", "old"]);
    await expectQuiet(one);
  });

  test("a comment is not made twice, and does not come back as one of theirs", async () => {
    const one = await scene();
    one.side.add("mya-a", {
      notes: [{ at: "2026-01-01T00:00:00Z", by: null, text: "- said @claude", isPublic: true }],
    });
    one.fail("CreateComment", "dropAfter");
    await one.sync();
    await one.sync();
    expect([...one.server.world.comments.values()].map(({ body }) => body)).toEqual(["* said `@claude`"]);
    expect(one.side.tickets.get("mya-a")?.notes).toHaveLength(1);
    await expectQuiet(one);
  });

  test("a limit stops the run and keeps what is left", async () => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    one.fail("CreateIssue", "ratelimited");
    const report = await one.sync();
    expect(report.stopped).toMatchObject({ fault: "limit", until: expect.any(Number) });
    expect(report.left.map(({ id }) => id)).toEqual(["mya-a", "mya-b", "mya-c"]);
    expect(one.writes()).toEqual(["CreateIssue"]);
    await one.sync();
    expect(one.server.world.issues.size).toBe(3);
    await expectQuiet(one);
  });
});

describe("both sides", () => {
  test("changed the same field: a person's there stays, ours is in a note; a claim keeps its status", async () => {
    const one = await scene();
    one.side.add("mya-a", {
      fields: { title: "1", description: "- a\n- b\n\n```\nsee https://x.io\n```" },
      isClaimed: true,
    });
    await one.sync();
    one.side.edit("mya-a", ({ fields }) => ({
      fields: {
        ...fields,
        title: "here",
        status: "in_progress",
        priority: 0,
        description: `- A here\n${String(fields.description).slice(4)}`,
      },
    }));
    const issue = one.issueOf("mya-a");
    const description = issue.description.replace("* b", "* B there");
    one.server.world.update(issue.id, { title: "there", stateId: "state-done", description }, "user-mara");
    await one.sync();
    const ticket = one.side.tickets.get("mya-a");
    expect(ticket?.fields).toMatchObject({ title: "there", status: "in_progress", priority: 0 });
    expect(ticket?.fields.description).toBe("- A here\n* B there\n\n```\nsee https://x.io\n```");
    expect(issue).toMatchObject({ title: "there", state: "state-in-progress", priority: 1 });
    expect(issue.description).toBe("* A here\n* B there\n\n```\nsee <https://x.io>\n```");
    expect(ticket?.notes.map(({ text, isPublic }) => [text, isPublic])).toEqual([
      ["title was changed on both sides; that of ENG-1 stays. Here it was: here", false],
      ["status was changed on both sides; ours stays. ENG-1 had: closed", false],
    ]);
    expect(one.server.world.comments.size).toBe(0);
    await expectQuiet(one);
  });

  test("a person's change between our reading and our writing is told", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "1", description: "- a" } });
    await one.sync();
    const issue = one.issueOf("mya-a");
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "here" } }));
    one.server.onRequest = ({ operation }) => {
      if (operation === "UpdateIssue") one.server.world.update(issue.id, { title: "in between" }, "user-mara");
      return undefined;
    };
    expect((await one.sync()).told.map(({ text }) => text)).toEqual([expect.stringContaining("in between")]);
    one.server.onRequest = () => undefined;
    await expectQuiet(one);
  });

  test("what one side cannot say stays on the other", async () => {
    const one = await scene();
    one.side.add("mya-a", {
      fields: { status: "failed", priority: 4, assignee: "@nobody" },
      labels: ["bug", "mine"],
      deps: ["mya-z"],
    });
    one.server.world.create({ title: "r", stateId: "state-triage", labelIds: ["label-big"] }, "user-mara");
    await one.sync();
    expect(one.issueOf("mya-a")).toMatchObject({
      state: "state-canceled",
      priority: 4,
      assignee: null,
      labels: new Set(["label-bug"]),
    });
    expect(one.side.tickets.get("mya-a")).toMatchObject({
      fields: { status: "failed", assignee: "@nobody" },
      labels: ["bug", "mine"],
    });
    await expectQuiet(one);
    one.side.add("mya-z");
    await one.sync();
    expect([...one.server.world.relations.values()]).toMatchObject([{ relatedIssue: one.issueOf("mya-a").id }]);
    await expectQuiet(one);
  });
});

describe("gone", () => {
  test("archived, thrown away, moved, purged, deleted here: the other side stays, told once", async () => {
    const one = await scene();
    const ids = ["mya-a", "mya-b", "mya-c", "mya-d", "mya-e"];
    for (const id of ids) one.side.add(id);
    await one.sync();
    const keys = ids.map((id) => one.issueOf(id).id);
    one.server.world.shelve(keys[0] ?? "", "archive");
    one.server.world.shelve(keys[1] ?? "", "trash");
    one.server.world.shelve(keys[2] ?? "", "move");
    one.server.world.shelve(keys[3] ?? "", "purge");
    one.side.tickets.delete("mya-e");
    for (const id of ids.slice(0, 4))
      one.side.edit(id, ({ fields }) => ({ fields: { ...fields, title: `${id} changed` } }));
    const { told } = await one.sync();
    expect(told.map(({ text }) => text).sort()).toEqual([
      expect.stringMatching(/^ENG-2 was thrown away: this ticket stays/),
      expect.stringMatching(/^ENG-3 was moved elsewhere/),
      expect.stringMatching(/^ENG-4 is not there any more/),
      "mya-e was deleted here; ENG-5 stays as it is",
    ]);
    expect([...one.side.pairs.values()].map(({ state }) => state)).toEqual([
      "linked",
      "detached",
      "detached",
      "detached",
      "severed",
    ]);
    expect([...one.side.tickets.keys()]).toEqual(["mya-a", "mya-b", "mya-c", "mya-d"]);
    await expectQuiet(one);
    for (const key of keys.slice(0, 2)) one.server.world.shelve(key, "restore");
    await one.sync();
    expect(keys.slice(0, 2).map((key) => one.server.world.issue(key).title)).toEqual([
      "mya-a changed",
      "mya-b changed",
    ]);
    await expectQuiet(one);
  });

  test("hostile text is only text", async () => {
    const one = await scene();
    const body = `---\nstatus: closed\n---\n## Notes\n**2026-01-01T00:00:00Z** @root\n<script>x</script>\u001b[31m${"x".repeat(300_000)}`;
    const issue = one.server.world.create({ title: "../../etc/passwd\u0007", description: body }, "user-mara");
    one.server.world.comment({ issueId: issue.id, body }, "user-mara");
    await one.sync();
    const [ticket] = one.side.tickets.values();
    expect(ticket).toMatchObject({
      fields: { status: "open", title: "../../etc/passwd\u0007", description: issue.description },
    });
    expect(ticket?.notes).toMatchObject([{ by: "mara (linear)", isPublic: true }]);
    await expectQuiet(one);
  });
});
