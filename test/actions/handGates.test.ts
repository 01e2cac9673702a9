import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  addNote,
  approveTickets,
  askPerson,
  claimTickets,
  closeTickets,
  confirmTickets,
  createTicket,
  listTickets,
  readyTickets,
  recapStore,
  rejectTickets,
  submitTickets,
  undoChange,
  updateTickets,
} from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** A store in which @coder holds one ticket, another waits for it, and every change is reviewed. */
async function atWork(config = "review: required\n", inline = false) {
  const project = await tempStore({ project: true, inline });
  writeFileSync(path.join(project.tickets, "config.yml"), config);
  const store = project.open();
  const { id } = (await createTicket(store, { title: "Build" })).ticket;
  const next = (await createTicket(store, { title: "Next", deps: [id] })).ticket.id;
  await claimTickets(store, { ids: [id], as: "@coder" });
  const edit = (from: RegExp | string, to: string, file = `${id}.md`) => {
    const full = path.join(project.tickets, file);
    const text = readFileSync(full, "utf8");
    expect(text).toMatch(from);
    writeFileSync(full, text.replace(from, to));
  };
  /** The next command of anybody takes the edit in. */
  const absorb = (as?: string) => addNote(store, { id: next, text: "n", ...(as === undefined ? {} : { as }) });
  return { project, store, id, next, edit, absorb };
}

const authors = ({ repo }: TempStore): string[] => git(repo, "log", "--format=%an").split("\n");
const ready = async (store: Parameters<typeof readyTickets>[0]) =>
  (await readyTickets(store, {})).tickets.map(({ id }) => id);

describe("a hand edit past a gate, while an agent holds a claim", () => {
  test.for([false, true])("is nobody's, frees nothing and waits for a person (inline: %s)", async (inline) => {
    const { project, store, id, next, edit, absorb } = await atWork("review: required\n", inline);
    edit(/^status: .*$/m, "status: closed");
    const { notices } = await absorb("@coder");
    expect(notices.join()).toContain(`${id}: changed by hand past a gate`);
    expect(authors(project).slice(0, 4)).toEqual(["coder", "ayo", "unknown (by hand)", "coder"]);
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(await ready(store)).toEqual([]);
    expect((await listTickets(store, { query: "is:unconfirmed" })).tickets).toMatchObject([
      { id, unconfirmed: ["status"] },
    ]);
    expect((await recapStore(store, {})).unconfirmed).toMatchObject([{ id, text: "status" }]);
    await expect(closeTickets(store, { ids: [next] })).rejects.toMatchObject({ code: "blocked" });
    await expect(confirmTickets(store, { ids: [id], as: "@coder" })).rejects.toMatchObject({ code: "needs_person" });
    const { nowReady } = await confirmTickets(store, { ids: [id] });
    expect(nowReady).toMatchObject([{ id: next }]);
    expect(project.text(id)).not.toContain("unconfirmed");
    await expect(confirmTickets(store, { ids: [id] })).rejects.toMatchObject({ code: "transition_refused" });
    project.judge();
  });

  test("makes no event of what waits for it; the confirmation does", async () => {
    const { project, store, id, next, edit, absorb } = await atWork();
    const since = git(project.repo, "rev-parse", "HEAD");
    edit(/^status: .*$/m, "status: closed");
    await absorb();
    await confirmTickets(store, { ids: [id] });
    const { stdout } = await project.run(["watch", "--since", since, "--json", "--until-now"]);
    const events = stdout.split("\n").filter((line) => line.startsWith("{"));
    const told = events.map((line) => JSON.parse(line)).map(({ event, ticket }) => `${event.slice(7)} ${ticket.id}`);
    expect(told).toEqual([
      `closed ${id}`,
      `gate_skipped ${id}`,
      `unconfirmed ${id}`,
      `noted ${next}`,
      `confirmed ${id}`,
      `ready ${next}`,
    ]);
  });

  test("is taken back by an undo, mark and all", async () => {
    const { project, store, id, edit, absorb } = await atWork();
    edit(/^status: .*$/m, "status: closed");
    await absorb();
    await undoChange(store, { what: id });
    expect(project.text(id)).toMatch(/^status: in_progress$/m);
    expect(project.text(id)).not.toContain("unconfirmed");
    project.judge();
  });

  test.for([
    ["a ticket is given to an agent", /^status: .*$/m, "$&\nassignee: '@other'", "assignee"],
    ["its review is lifted", /^status: .*$/m, "$&\nreview: none", "review"],
  ] as const)("waits too when %s", async ([, from, to, key]) => {
    const { project, id, edit, absorb } = await atWork();
    edit(from, to);
    await absorb();
    expect(project.text(id)).toContain(`unconfirmed: [${key}]`);
  });

  test("waits too when a ticket that agents made is to count under something else, or has another output", async () => {
    const { project, store, id, absorb } = await atWork("{}\n");
    const made = `delegated-by: '@coder'\ndiscovered-from: ${id}\nparent: ${id}\n`;
    const cases = [
      ["aaaa", made.replace("'@coder'", "'@rex'"), ["delegated-by"]],
      ["bbbb", "parent: x-1\n", ["delegated-by", "discovered-from", "parent"]],
      ["cccc", made.replace(/parent.*/, "parent: x-1"), ["parent"]],
      ["dddd", `${made}output: ${"a".repeat(40)}\n`, ["output"]],
      ["eeee", `${made}tags: [a]\n`, undefined],
      // A person's ticket may be a part of anything; a new one for a role alone would have an agent started.
      ["ffff", "parent: x-2\n", undefined],
      ["gggg", "role: tester\n", ["role"]],
      ["hhhh", "role: tester\nassignee: Mara\n", undefined],
    ] as const;
    const write = (part: string, more: string) =>
      project.write(`new-${part}`, `---\nid: new-${part}\nstatus: open\n${more}---\n# N\n`);
    for (const [part] of cases.slice(0, 6)) write(part, part === "ffff" ? "parent: x-1\n" : made);
    await absorb();
    expect((await listTickets(store, { query: "is:unconfirmed" })).tickets).toEqual([]);
    for (const [part, more] of cases) write(part, more);
    await absorb("@coder");
    const { tickets } = await listTickets(store, {});
    const waits = new Map(tickets.map((one) => [one.id, one.unconfirmed]));
    for (const [part, , keys] of cases) expect(waits.get(`new-${part}`) ?? undefined, part).toEqual(keys);
    // Whoever sets it by a command says yes by that.
    await updateTickets(store, { ids: ["new-aaaa"], delegatedBy: "@coder" });
    expect(project.text("new-aaaa")).not.toContain("unconfirmed");
  });

  test("waits too when a question goes without an answer, or criteria are left open", async () => {
    const asked = await atWork("close: {criteria: required}\n");
    await askPerson(asked.store, { id: asked.id, question: "Which?", as: "@coder" });
    asked.edit(/^question: .*\n/m, "");
    asked.edit(/^status: .*$/m, "status: open");
    await asked.absorb("@coder");
    expect(asked.project.text(asked.id)).toContain("unconfirmed: [question]");
    expect(await ready(asked.store)).toEqual([]);
    await expect(claimTickets(asked.store, { ids: [asked.id], as: "@coder" })).rejects.toMatchObject({
      code: "needs_person",
    });
    await confirmTickets(asked.store, { ids: [asked.id] });
    expect(await ready(asked.store)).toEqual([asked.id]);
    const open = await atWork("close: {criteria: required}\n");
    open.edit(/$/, "\n## Acceptance Criteria\n\n- [ ] Tests\n");
    open.edit(/^status: .*$/m, "status: closed");
    await open.absorb();
    expect(open.project.text(open.id)).toContain("unconfirmed: [status]");
  });

  test("does not lose its mark, its authors or its place by another", async () => {
    const { project, store, id, edit, absorb } = await atWork();
    edit(/^status: .*$/m, "status: closed");
    await absorb();
    edit(/^unconfirmed: .*\n/m, "");
    edit(/^authors: .*\n/m, "");
    await absorb("@coder");
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(project.text(id)).toContain("authors: ['@coder']");
    mkdirSync(path.join(project.tickets, "archive/2026-11"), { recursive: true });
    const moved = path.join(project.tickets, "archive/2026-11", `${id}.md`);
    writeFileSync(moved, project.text(id).replace(/^unconfirmed: .*\n/m, ""));
    rmSync(path.join(project.tickets, `${id}.md`));
    await absorb("@coder");
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(await ready(store)).toEqual([]);
    project.judge();
  });

  test("comes back from the archive where it went in one step", async () => {
    const { project, store, id, edit, absorb } = await atWork();
    edit(/^status: .*$/m, "status: closed");
    mkdirSync(path.join(project.tickets, "archive/2026-11"), { recursive: true });
    renameSync(path.join(project.tickets, `${id}.md`), path.join(project.tickets, "archive/2026-11", `${id}.md`));
    await absorb("@coder");
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(await ready(store)).toEqual([]);
    project.judge();
  });

  test("keeps its parent open, and is told by what waits for it; a thousand are named by eight", async () => {
    const { project, store, id, next, edit, absorb } = await atWork();
    await updateTickets(store, { ids: [next], deps: [], parent: id });
    const waiting = (await createTicket(store, { title: "Waiting", deps: [next] })).ticket.id;
    edit(/^status: .*$/m, "status: closed", `${next}.md`);
    await expect(closeTickets(store, { ids: [id] })).rejects.toMatchObject({ code: "open_children" });
    const how = `${next} (closed by hand, not confirmed by a person yet): Next`;
    expect(await project.ayo("ticket", "show", waiting)).toContain(`waits for ${how}`);
    expect((await project.run(["ticket", "claim", waiting])).stderr).toContain(how);
    for (let n = 10; n < 30; n++) project.write(`new-${n}aa`, `---\nid: new-${n}aa\nstatus: closed\n---\n# N\n`);
    const { notices } = await absorb();
    expect(notices.join()).toContain("new-17aa and 12 more: changed by hand past a gate while agents work, wait for");
    await confirmTickets(store, { ids: [next] });
    await closeTickets(store, { ids: [id] });
    project.judge();
  });

  test.for(["deleted and made again", "copied, and the first deleted"] as const)(
    "waits too when the ticket is %s",
    async (how) => {
      const { project, store, id, absorb } = await atWork("{}\n");
      await submitTickets(store, { ids: [id], as: "@coder" });
      const file = path.join(project.tickets, `${id}.md`);
      const closed = project.text(id).replace(/^status: .*$/m, "status: closed");
      const bare = closed.replace(/^(?:authors|claim).*\n/gm, "");
      if (how === "deleted and made again") {
        rmSync(file);
        await absorb("@coder");
        writeFileSync(file, bare);
      } else {
        mkdirSync(path.join(project.tickets, "archive/2026-11"), { recursive: true });
        writeFileSync(path.join(project.tickets, "archive/2026-11", `${id}.md`), bare);
        await absorb("@coder");
        rmSync(file, { force: true });
      }
      await absorb("@coder");
      const { tickets } = await listTickets(store, { query: "is:unconfirmed" });
      expect(tickets).toMatchObject([{ id, unconfirmed: ["status"], authors: ["@coder"] }]);
      project.judge();
    },
  );

  test("waits too when a new ticket says that it needs no review; an agent's import of one is refused", async () => {
    const { project, store, absorb } = await atWork();
    writeFileSync(
      path.join(project.tickets, "new-aaaa.md"),
      "---\nid: new-aaaa\nstatus: open\nreview: none\n---\n# N\n",
    );
    writeFileSync(path.join(project.tickets, "new-bbbb.md"), "---\nid: new-bbbb\nstatus: open\n---\n# N\n");
    await absorb("@coder");
    expect((await listTickets(store, { query: "is:unconfirmed" })).tickets).toMatchObject([
      { id: "new-aaaa", unconfirmed: ["review"] },
    ]);
    const input = `${JSON.stringify({ id: "new-cccc", title: "N", status: "open", review: "none" })}\n`;
    const { stdout, stderr } = await project.run(["import", "-"], { env: { AYO_AGENT: "@coder" }, input });
    expect(stdout + stderr).toContain("would change review: a person can import it");
    expect(project.files()).not.toContain("new-cccc.md");
  });

  test("waits also where the lease was made short before, and no claim is left", async () => {
    const { project, store, id, edit, absorb } = await atWork("claims: {lease: 1s}\n");
    await submitTickets(store, { ids: [id], as: "@coder" });
    edit(/^status: .*$/m, "status: closed");
    const later = project.open({ now: () => Date.now() + 60_000 });
    const at = new Date(Date.now() + 60_000);
    utimesSync(path.join(project.tickets, `${id}.md`), at, at);
    await addNote(later, { id, text: "n" });
    expect(project.text(id)).toContain("unconfirmed: [status]");
    await absorb();
  });

  test.for([
    ["a flow mapping", (id: string) => `{id: ${id}, status: closed, number: 5, 'a b': {c: ['1']}}\n`],
    ["a key of two lines", (id: string) => `id: ${id}\n? status\n: closed\n`],
    ["an anchor that others use", (id: string) => `id: ${id}\nunconfirmed: &a []\nlinks: *a\nstatus: closed\n`],
  ] as const)("is marked, and its claim put back, where it is written as %s", async ([, front]) => {
    const { project, store, id, absorb } = await atWork();
    project.write(id, `---\n${front(id)}---\n# Build\n\nText\n`);
    await absorb("@coder");
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(project.text(id)).toMatch(/^# Build\n\nText$/m);
    await confirmTickets(store, { ids: [id] });
    project.write(id, `---\n${front(id).replace("closed", "open")}---\n# Build\n`);
    await claimTickets(store, { ids: [id], as: "@coder", claim: "mine" });
    project.write(id, `---\n${front(id).replace("closed", "open")}---\n# Build\n`);
    await absorb("@coder");
    expect(project.text(id)).toContain("claimed-by: '@coder'");
    project.judge();
  });

  test("is approved or refused by a person with the ordinary verbs", async () => {
    const { project, store, id, next, edit, absorb } = await atWork();
    edit(/^status: .*$/m, "status: closed");
    await absorb();
    await closeTickets(store, { ids: [id], as: "@coder" });
    expect(project.text(id)).toContain("unconfirmed: [status]");
    const { notices, nowReady } = await closeTickets(store, { ids: [id] });
    expect(notices.join()).toContain(`${id}: what was changed by hand is confirmed`);
    expect(nowReady).toMatchObject([{ id: next }]);
    expect(project.text(id)).not.toContain("unconfirmed");
    await undoChange(store, { what: id });
    expect(project.text(id)).toContain("unconfirmed: [status]");
    await project.ayo("ticket", "reopen", id);
    expect(project.text(id)).not.toContain("unconfirmed");
    await claimTickets(store, { ids: [id], as: "@coder" });
    await submitTickets(store, { ids: [id], as: "@coder" });
    edit(/^status: .*$/m, "status: closed");
    await absorb();
    expect(project.text(id)).toContain("unconfirmed: [status]");
    await expect(rejectTickets(store, { ids: [id], message: "No", as: "@coder" })).rejects.toThrow();
  });

  test("in config.yml leaves the rules in force", async () => {
    const { project, store, id, edit, absorb } = await atWork(
      "review: {task: required}\nclose: {criteria: required}\n",
    );
    edit("review: {task: required}", "review: none", "config.yml");
    edit("{criteria: required}", "{}", "config.yml");
    await closeTickets(store, { ids: [id], as: "@coder" });
    expect(project.text(id)).toMatch(/^status: in_review$/m);
    const text = () => readFileSync(path.join(project.tickets, "config.yml"), "utf8");
    expect(text()).toContain(
      'unconfirmed: # these hold until a person says \'ayo ticket confirm config\'\n  review: {"task":"required"}\n',
    );
    expect(authors(project).slice(0, 3)).toEqual(["coder", "ayo", "unknown (by hand)"]);
    edit(/^unconfirmed:.*\n(?: .*\n)*/m, "", "config.yml");
    await absorb("@coder");
    expect(text()).toContain('  review: {"task":"required"}\n  close: {"criteria":"required"}\n');
    await expect(approveTickets(store, { ids: [id], as: "@coder" })).rejects.toMatchObject({ code: "self_review" });
    await expect(confirmTickets(store, { ids: ["config"], as: "@coder" })).rejects.toMatchObject({
      code: "needs_person",
    });
    expect((await recapStore(store, {})).unconfirmed).toMatchObject([{ id: "config", text: "review, close" }]);
    expect((await confirmTickets(store, { ids: ["config"] })).config).toEqual(["review", "close"]);
    expect(text()).toBe("review: none\nclose: {}\n");
    project.judge();
  });
});

describe("rules in a config.yml that was loosened by hand hold on", () => {
  const text = ({ tickets }: TempStore) => readFileSync(path.join(tickets, "config.yml"), "utf8");

  test.for([
    ["a flow mapping", "{review: required, claims: {lease: 10m}}\n", "review: none\nclaims:\n  lease: 10m\n"],
    ["a document with an end", "---\nreview: required\n...\n", "review: none\n"],
    ["lines of Windows", "review: required\r\nprefix: mya\r\n", "review: none\r\nprefix: mya\r\n"],
    ["a last line without an end", "review: required", "review: none\n"],
  ] as const)("where it is %s", async ([, before, after]) => {
    const { project, store, id, edit, absorb } = await atWork(before);
    edit("required", "none", "config.yml");
    await closeTickets(store, { ids: [id], as: "@coder" });
    expect(project.text(id)).toMatch(/^status: in_review$/m);
    if (before.includes("\r")) {
      const whole = text(project);
      writeFileSync(path.join(project.tickets, "config.yml"), whole.replaceAll(/\r?\n/g, "\r\n"));
      await absorb();
      expect(text(project)).toBe(whole);
    }
    await confirmTickets(store, { ids: ["config"] });
    expect(text(project)).toBe(after);
    project.judge();
  });

  test("and a comment that somebody wrote below them stays", async () => {
    const { project, store, edit, absorb } = await atWork();
    edit("required", "none", "config.yml");
    await absorb("@coder");
    appendFileSync(path.join(project.tickets, "config.yml"), "# Mine\nprefix: abc\n");
    await absorb();
    await confirmTickets(store, { ids: ["config"] });
    expect(text(project)).toBe("review: none\n# Mine\nprefix: abc\n");
  });

  test("where the review of a board that was not written down becomes something else, or goes", async () => {
    const columns = (review: string) => `board:\n  columns: [open, {id: doing, category: active}${review}, closed]\n`;
    const review = ", {id: in_review, category: done}";
    const bare = await atWork("review: required\n");
    appendFileSync(path.join(bare.project.tickets, "config.yml"), columns(review));
    await bare.absorb("@coder");
    expect(text(bare.project)).toContain('  board: {"columns":[{"id":"open",');
    const own = await atWork(columns(", {id: qa, category: review}"));
    await submitTickets(own.store, { ids: [own.id], as: "@coder" });
    own.edit(", {id: qa, category: review}", "", "config.yml");
    await expect(closeTickets(own.store, { ids: [own.id], as: "@coder" })).rejects.toMatchObject({
      code: "self_review",
    });
    expect(own.project.text(own.id)).toMatch(/^status: qa$/m);
  });

  test("with the columns that they are about; and where there was no config.yml", async () => {
    const moves = (id: string) =>
      `board: {columns: [open, {id: ${id}, category: active}, closed]}\ntransitions: {open: [${id}], ${id}: [closed]}\n`;
    const renamed = await atWork(moves("doing"));
    writeFileSync(path.join(renamed.project.tickets, "config.yml"), moves("working"));
    await renamed.absorb("@coder");
    await renamed.absorb("@coder");
    expect(text(renamed.project)).toContain(
      '  board: {"columns":["open",{"id":"doing","category":"active"},"closed"]}\n',
    );
    await confirmTickets(renamed.store, { ids: ["config"] });
    expect(text(renamed.project)).toBe(moves("working"));
    const { tickets, ayo, open } = await tempStore({ project: true });
    const { id } = (await createTicket(open(), { title: "Build" })).ticket;
    await claimTickets(open(), { ids: [id], as: "@coder" });
    writeFileSync(path.join(tickets, "config.yml"), "board: {columns: [open, {id: in_review, category: done}]}\n");
    await ayo("ticket", "note", id, "n");
    expect(readFileSync(path.join(tickets, "config.yml"), "utf8")).toContain('  board: {"columns":[{"id":"open",');
  });

  test("until a person sets them by a command", async () => {
    const { project, edit, absorb } = await atWork();
    edit("required", "none", "config.yml");
    await absorb("@coder");
    const refused = await project.run(["config", "review", "none"], { env: { AYO_AGENT: "@coder" } });
    expect(refused.stderr).toContain("only a person can loosen review");
    await project.ayo("config", "review", "none");
    expect(text(project)).toBe("review: none\n");
    expect(await project.ayo("config", "review")).toContain("none");
  });
});

describe("an agent's undo of a hand edit that waits", () => {
  const stays = async ({ project }: { project: TempStore }, id: string, verb = "undo") => {
    const { stdout, stderr } = await project.run([verb, id], { env: { AYO_AGENT: "@coder" } });
    return stdout + stderr;
  };

  test("says no to it, and the undo of that does not say yes", async () => {
    const own = await atWork("{}\n");
    await submitTickets(own.store, { ids: [own.id], as: "@coder" });
    own.edit(/^status: .*$/m, "status: closed");
    await own.absorb("@coder");
    await stays(own, own.id);
    expect(own.project.text(own.id)).toMatch(/^status: in_review$/m);
    expect(await stays(own, own.id, "redo")).toContain("is the work of @coder");
    expect(own.project.text(own.id)).toMatch(/^status: in_review$/m);
    const freed = await atWork("review: {task: required}\n");
    for (const [from, to] of [
      [/^status: .*$/m, "$&\nreview: none"],
      [/^type: .*$/m, "type: chore"],
    ] as const) {
      freed.edit(from, to);
      await freed.absorb("@coder");
      await stays(freed, freed.id);
      expect(freed.project.text(freed.id)).not.toContain("unconfirmed");
      expect(await stays(freed, freed.id, "redo")).toContain("only a person can take it back");
    }
    expect(freed.project.text(freed.id)).toMatch(/^type: task$/m);
    expect(freed.project.text(freed.id)).not.toContain("review: none");
  });

  test("leaves what it does not take back waiting", async () => {
    const { project, id, edit, absorb, ...rest } = await atWork();
    edit(/^status: .*$/m, "status: closed");
    edit(/^status: .*$/m, "$&\nquestion: Why?");
    edit("# Build", "# Built");
    await absorb("@coder");
    await stays({ project }, id);
    expect(project.text(id)).toContain("# Build\n");
    expect(project.text(id)).toMatch(/^status: closed$/m);
    expect(project.text(id)).toContain("unconfirmed: [status]");
    edit(/^status: .*$/m, "$&\nassignee: '@coder'");
    await absorb("@coder");
    expect(project.text(id)).toContain("unconfirmed: [status, assignee]");
    await stays({ project }, id);
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(rest.next).not.toBe(id);
    project.judge();
  });
});

describe("an assignment that waits", () => {
  test("holds up neither the agent's work nor what waits for it, and is a person's by assigning or closing", async () => {
    const { project, store, id, next, edit, absorb } = await atWork("{}\n");
    edit(/^status: .*$/m, "$&\nassignee: '@coder'");
    await absorb();
    expect(project.text(id)).toContain("unconfirmed: [assignee]");
    await closeTickets(store, { ids: [id], as: "@coder" });
    expect(await ready(store)).toEqual([next]);
    await project.ayo("ticket", "assign", id, "@coder");
    expect(project.text(id)).not.toContain("unconfirmed");
    for (const verb of [["update", "--assignee", "@x"], ["close"]] as const) {
      const [name, ...rest] = verb;
      edit(/^status: .*$/m, "$&\nassignee: '@other'", `${next}.md`);
      await createTicket(store, { title: "Take it in", as: "@coder" });
      expect(project.text(next)).toContain("unconfirmed: [assignee]");
      await project.ayo("ticket", name, next, ...rest);
      expect(project.text(next)).not.toContain("unconfirmed");
      edit(/^assignee: .*\n/m, "", `${next}.md`);
    }
    await project.ayo("ticket", "note", next, "n");
    project.judge();
  });
});

test("an agent frees no ticket of its review by another type, by update or edit", async () => {
  const { project, store, id } = await atWork("review: {task: required}\n");
  const agent = { env: { AYO_AGENT: "@coder" } };
  for (const args of [
    ["--type", "chore"],
    ["--set", "type=chore"],
    ["--set", "type="],
  ]) {
    const { stderr } = await project.run(["ticket", "update", id, ...args], agent);
    expect(stderr).toContain("only a person can say that a ticket needs no review");
  }
  const sed = { env: { ...agent.env, EDITOR: "sed -i s/^type:.*/type:/" } };
  expect((await project.run(["ticket", "edit", id], sed)).stderr).toContain("only a person");
  await updateTickets(store, { ids: [id], type: "chore" });
  expect(project.text(id)).toMatch(/^type: chore$/m);
});

describe("a hand edit", () => {
  test.for([
    ["passes no gate", "review: required\n", /^priority: .*$/m, "priority: 0"],
    ["closes where nothing must be reviewed", "{}\n", /^status: .*$/m, "status: closed"],
  ] as const)("is the person's where it %s", async ([, config, from, to]) => {
    const { project, id, edit, absorb } = await atWork(config);
    edit(from, to);
    await absorb("@coder");
    expect(authors(project)).toContain("Test User");
    expect(authors(project)).not.toContain("unknown (by hand)");
    expect(project.text(id)).not.toContain("unconfirmed");
  });

  test("is the person's where no agent is at work, a submitted ticket's approval too", async () => {
    const project = await tempStore({ project: true });
    writeFileSync(path.join(project.tickets, "config.yml"), "review: required\n");
    const past = { now: () => Date.now() - 60 * 60_000 };
    const { id } = (await createTicket(project.open(past), { title: "One" })).ticket;
    await claimTickets(project.open(past), { ids: [id], as: "@coder" });
    await submitTickets(project.open(past), { ids: [id], as: "@coder" });
    project.write(id, project.text(id).replace(/^status: .*$/m, "status: closed"));
    await createTicket(project.open(), { title: "Two" });
    expect(project.text(id)).not.toContain("unconfirmed");
    expect(git(project.repo, "log", "--format=%an")).not.toContain("unknown");
  });

  test("is the person's where only a ticket that was finished by hand carries a lease still", async () => {
    const project = await tempStore({ project: true });
    const past = { now: () => Date.now() - 60 * 60_000 };
    const made = await Promise.all(["One", "Two"].map((title) => createTicket(project.open(past), { title })));
    const [first = "", second = ""] = made.map(({ ticket }) => ticket.id);
    await claimTickets(project.open(past), { ids: [first], as: "@coder", lease: "1d" });
    project.write(first, project.text(first).replace(/^status: .*$/m, "status: closed"));
    await addNote(project.open(past), { id: second, text: "n" });
    project.write(second, project.text(second).replace(/^status: .*$/m, "$&\nassignee: '@coder'"));
    await addNote(project.open(), { id: second, text: "n" });
    expect(project.text(second)).not.toContain("unconfirmed");
  });

  test("right after a submit, with no claim left, waits", async () => {
    const { project, store, id, edit, absorb } = await atWork("{}\n");
    await submitTickets(store, { ids: [id], as: "@coder" });
    edit(/^status: .*$/m, "status: closed");
    await absorb();
    expect(project.text(id)).toContain("unconfirmed: [status]");
  });

  /** Leaves the store as somebody who died between the commit of a hand edit and its mark. */
  const died = (repo: string, left: unknown, ...said: string[]) => {
    const text = typeof left === "string" ? left : JSON.stringify(left);
    writeFileSync(path.join(repo, ".git/ayo/unconfirmed.json"), text);
    const trailers = said.map((what) => `Unconfirmed: ${what}`).join("\n");
    git(repo, "commit", "--quiet", "--allow-empty", "-am", `by hand\n\nBy-hand: yes\n${trailers}`);
  };

  test("that was committed before its mark could be is marked by the next command, with what that takes in", async () => {
    const { project, store, id, next, edit, absorb } = await atWork();
    edit(/^status: .*$/m, "status: closed");
    died(project.repo, { tickets: [{ id, keys: ["status"], authors: [] }], config: {} }, `${id} status`);
    edit(/^status: .*$/m, "status: closed", `${next}.md`);
    await addNote(store, { id, text: "n" });
    expect(project.text(id)).toContain("unconfirmed: [status]");
    expect(project.text(next)).toContain("unconfirmed: [status]");
    await absorb();
    project.judge();
  });

  test("that was never committed leaves no mark", async () => {
    const { project, id, absorb } = await atWork();
    died(project.repo, { tickets: [{ id, keys: ["status"], authors: [] }], config: { review: "required" } });
    await absorb();
    expect(project.text(id)).not.toContain("unconfirmed");
    expect(readFileSync(path.join(project.tickets, "config.yml"), "utf8")).toBe("review: required\n");
  });

  test.for([
    "{",
    "[]",
    { tickets: [null], config: {} },
    { tickets: [], config: null },
    { tickets: [{ id: 1 }], config: {} },
    { tickets: [], config: { foo: 1 } },
  ])("stops nobody where what is left of it is %j", async (left) => {
    const { project, absorb } = await atWork();
    died(project.repo, left, "config.yml review");
    await absorb();
    await absorb();
    expect(readFileSync(path.join(project.tickets, "config.yml"), "utf8")).toBe("review: required\n");
    project.judge();
  });
});
