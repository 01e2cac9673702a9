import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { archiveTickets, closeTickets, createTicket, listTickets } from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** How sync tools, file managers and editors name the copies that they make of `x.md`. */
const NAMES = [
  "x (conflicted copy).md",
  "x (Ada's conflicted copy 2026-11-28).md",
  "x.sync-conflict-20261128-101500-ABCDEFG.md",
  "x (1).md",
  "x copy.md",
  "x - Copy.md",
  "x~.md",
  "x 2.md",
];

async function withTicket(inline: boolean): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore({ inline });
  const { ticket } = await createTicket(store.open(), { title: "Build login" });
  return { ...store, id: ticket.id };
}

/** Makes a change of another ticket, which commits what was edited by hand. */
async function touch(store: TempStore): Promise<void> {
  await createTicket(store.open(), { title: "Another" });
}

async function eventsOf(store: TempStore, id: string): Promise<string[]> {
  const lines = await store.ayo("watch", "--since", "1h", "--until-now", "--json");
  return lines
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter((event) => event.id === id || event.ticket?.id === id)
    .map((event) => event.event);
}

describe.each([
  ["own", false],
  ["inline", true],
])("a copy beside a ticket is no ticket (%s store)", (_, inline) => {
  test("copies of any name come, change and go: told as problems, never committed, no event", async () => {
    const store = await withTicket(inline);
    const { id, tickets } = store;
    const copies = NAMES.map((name) => path.join(tickets, name.replace(/^x/, id)));
    const before = await eventsOf(store, id);
    expect(before).toEqual(["ticket.created", "ticket.ready"]);
    for (const copy of copies) copyFileSync(path.join(tickets, `${id}.md`), copy);
    await touch(store);
    const list = await store.run(["ticket", "list"]);
    expect(list.stderr.split(`has the id '${id}' of ${id}.md`)).toHaveLength(copies.length + 1);
    for (const copy of copies) writeFileSync(copy, store.text(id).replace("priority: 2", "priority: 0"));
    await touch(store);
    expect((await listTickets(store.open(), {})).tickets.find((one) => one.id === id)).toMatchObject({
      path: `${id}.md`,
      priority: 2,
    });
    for (const copy of copies) rmSync(copy);
    await touch(store);
    const touched = git(store.repo, "log", "--all", "--format=", "--name-only").split("\n");
    expect(touched.filter((file) => file.includes(id))).toEqual([expect.stringContaining(`${id}.md`)]);
    expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
    expect(await eventsOf(store, id)).toEqual(before);
    expect((await store.run(["ticket", "list"])).stderr).toBe("");
    store.judge();
  });

  test("the ticket that is committed stays, whatever the newcomer is called", async () => {
    const store = await withTicket(inline);
    const { id, tickets } = store;
    // Long ago somebody gave the file another name.
    git(store.repo, "mv", path.join(tickets, `${id}.md`), path.join(tickets, "login.md"));
    git(store.repo, "commit", "--quiet", "-m", "rename");
    writeFileSync(path.join(tickets, `${id}.md`), `---\nid: ${id}\nstatus: closed\n---\n# A copy of old\n`);
    await touch(store);
    expect((await listTickets(store.open(), {})).tickets.find((one) => one.id === id)?.path).toBe("login.md");
    expect(git(store.repo, "status", "--porcelain")).toContain(`${id}.md`);
    await store.ayo("ticket", "note", id, "goes to the ticket");
    expect(store.text("login")).toContain("goes to the ticket");
    expect(store.text(id)).not.toContain("goes to the ticket");
  });

  test("the copy becomes the ticket once the original is deleted, as one commit", async () => {
    const store = await withTicket(inline);
    const { id, tickets } = store;
    copyFileSync(path.join(tickets, `${id}.md`), path.join(tickets, `${id} copy.md`));
    await touch(store);
    rmSync(path.join(tickets, `${id}.md`));
    await touch(store);
    expect((await listTickets(store.open(), {})).tickets.find((one) => one.id === id)?.path).toBe(`${id} copy.md`);
    expect(git(store.repo, "show", "--format=", "--name-status", "HEAD~1")).toMatch(/^R100\t.*\.md\t.* copy\.md"?$/);
    store.judge();
  });

  test("an edit that gives a ticket the id of another is left uncommitted and told", async () => {
    const store = await withTicket(inline);
    const { id } = store;
    const { ticket: other } = await createTicket(store.open(), { title: "Write docs" });
    store.write(other.id, store.text(other.id).replace(`id: ${other.id}`, `id: ${id}`));
    await touch(store);
    expect((await store.run(["ticket", "list"])).stderr).toContain(`${other.id}.md:1: has the id '${id}' of ${id}.md`);
    expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
    expect(git(store.repo, "status", "--porcelain")).toContain(`${other.id}.md`);
    store.write(other.id, store.text(other.id).replace(`id: ${id}`, `id: ${other.id}`));
    await touch(store);
    store.judge();
  });

  test("a copy in the archive is not committed either", async () => {
    const store = await withTicket(inline);
    const { id, tickets } = store;
    await closeTickets(store.open(), { ids: [id] });
    await archiveTickets(store.open(), { before: "2099-01-01" });
    const [month = ""] = readdirSync(path.join(tickets, "archive")).filter((name) => name.includes("-"));
    const folder = path.join(tickets, "archive", month);
    mkdirSync(folder, { recursive: true });
    copyFileSync(path.join(folder, `${id}.md`), path.join(folder, `${id} (1).md`));
    await touch(store);
    expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
    rmSync(path.join(folder, `${id} (1).md`));
    await touch(store);
    expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
    store.judge();
  });
});
