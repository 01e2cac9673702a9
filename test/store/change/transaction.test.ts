import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  addNote,
  claimTickets,
  closeTickets,
  createTicket,
  linkTickets,
  listTickets,
  updateTickets,
} from "../../../src/index.ts";
import { transaction } from "../../../src/store/change/transaction.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const ACTOR = { name: "Ann", email: "ann@example.com", agent: false } as const;

describe("callers in one process", () => {
  test("eight at once on one store: each change is its own commit, and each sees those before it", async () => {
    const store = await tempStore();
    const handle = store.open();
    const { ticket } = await createTicket(handle, { title: "Shared" });
    const caller = async (name: number) => {
      for (let count = 0; count < 5; count++) {
        await createTicket(handle, { title: `${name}.${count}` });
        await addNote(handle, { id: ticket.id, text: `from ${name}.${count}`, as: `@agent${name}` });
      }
    };
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(caller));
    expect((await listTickets(handle, {})).total).toBe(41);
    expect(new Set(store.text(ticket.id).match(/from \d\.\d/g)).size).toBe(40);
    expect(store.subjects().filter((subject) => /^(create|note) /.test(subject))).toHaveLength(81);
    store.judge();
  });

  test("two stores, also the same one opened twice: none waits for ever, none mixes up the other's tickets", async () => {
    const [left, right] = [await tempStore(), await tempStore()];
    const handles = [left.open(), left.open(), right.open()];
    await Promise.all(
      handles.flatMap((handle, at) => [1, 2, 3, 4, 5].map((n) => createTicket(handle, { title: `${at}.${n}` }))),
    );
    const titles = async (at: number) =>
      (await listTickets(handles[at] as never, {})).tickets.map(({ title }) => title[0]);
    expect((await titles(0)).sort().join("")).toBe("0000011111");
    expect((await titles(1)).sort().join("")).toBe("0000011111");
    expect((await titles(2)).join("")).toBe("22222");
    left.judge();
    right.judge();
  });

  test("a change that throws leaves nothing, and the next goes on", async () => {
    const store = await tempStore();
    const handle = store.open();
    const { ticket } = await createTicket(handle, { title: "One" });
    const failing = transaction(handle, { actor: ACTOR }, async (draft) => {
      draft.note(await draft.find(ticket.id), "never");
      throw new Error("the caller's own");
    });
    const after = closeTickets(handle, { ids: [ticket.id] });
    await expect(failing).rejects.toThrow("the caller's own");
    await after;
    expect(store.text(ticket.id)).not.toContain("never");
    expect(store.subjects()[0]).toBe(`close ${ticket.id}: One`);
    store.judge();
  });

  test("what was done on the way is told, also where the change has to begin again after it", async () => {
    const store = await tempStore();
    const handle = store.open();
    const { ticket } = await createTicket(handle, { title: "One" });
    await claimTickets(handle, { ids: [ticket.id], as: "@bob", lease: "1s" });
    await setTimeout(2_100);
    let tries = 0;
    const { notices } = await transaction(handle, { actor: ACTOR }, async (draft) => {
      tries++;
      if (tries === 1) git(store.repo, "commit", "--quiet", "--allow-empty", "-m", "meanwhile");
      draft.note(await draft.find(ticket.id), "mine");
      return { sentence: { subject: "note it", tickets: [ticket.id] }, result: null };
    });
    expect(tries).toBe(2);
    expect(notices).toContain(`lease of @bob ran out on ${ticket.id}: One`);
    store.judge();
  });

  test("a dry run changes nothing, takes no lock and commits no hand edit", async () => {
    const store = await tempStore();
    const { ticket } = await createTicket(store.open(), { title: "One" });
    store.write(ticket.id, store.text(ticket.id).replace("# One", "# Two"));
    const head = git(store.repo, "rev-parse", "HEAD");
    const { ticket: planned, dryRun } = await createTicket(store.open(), { title: "Planned", dryRun: true });
    expect([planned.title, dryRun]).toEqual(["Planned", true]);
    expect([git(store.repo, "rev-parse", "HEAD"), store.files()]).toEqual([head, [`${ticket.id}.md`]]);
  });
});

describe("a change", () => {
  test("runs again when the branch moved under it, and once more only", async () => {
    const store = await tempStore();
    const handle = store.open();
    const { ticket } = await createTicket(handle, { title: "One" });
    let runs = 0;
    const { commit } = await transaction(handle, { actor: ACTOR }, async (draft) => {
      runs++;
      // Another tool commits to the store's branch meanwhile, without our lock.
      if (runs === 1) git(store.repo, "commit", "--quiet", "--allow-empty", "-m", "meanwhile");
      draft.note(await draft.find(ticket.id), `run ${runs}`);
      return { sentence: { subject: "note it", tickets: [ticket.id] }, result: null };
    });
    expect([runs, git(store.repo, "rev-parse", "HEAD")]).toEqual([2, commit]);
    expect(store.subjects().slice(0, 2)).toEqual(["note it", "meanwhile"]);
    expect(store.text(ticket.id).match(/run \d/g)).toEqual(["run 2"]);
    store.judge();
  });

  test("of a file that somebody saves at that moment is merged with theirs, or theirs stays", async () => {
    const store = await tempStore();
    const handle = store.open();
    const { ticket } = await createTicket(handle, { title: "One", description: "First\n\nLast" });
    const file = path.join(store.tickets, `${ticket.id}.md`);
    const during = async (edit: (text: string) => string, status: string) => {
      await transaction(handle, { actor: ACTOR }, async (draft) => {
        await draft.patch(await draft.find(ticket.id), { priority: status });
        writeFileSync(file, edit(readFileSync(file, "utf8")));
        return { sentence: { subject: `to ${status}`, tickets: [ticket.id] }, result: null };
      });
      await createTicket(handle, { title: "Next" });
    };
    await during((text) => text.replace("Last", "Lost"), "1");
    expect(store.text(ticket.id)).toMatch(/priority: 1[\s\S]*Lost/);
    await during((text) => text.replace("priority: 1", "priority: 4"), "3");
    expect(store.text(ticket.id)).toContain("priority: 4");
    expect(store.subjects().filter((subject) => /by hand|^to /.test(subject))).toEqual([
      `edit ${ticket.id} by hand: priority 3 → 4`,
      "to 3",
      `edit ${ticket.id} by hand: text`,
      "to 1",
    ]);
    store.judge();
  });

  test("of several files is one commit, and reads back what it wrote", async () => {
    const store = await tempStore();
    const handle = store.open();
    const ids: string[] = [];
    for (const title of ["One", "Two", "Three"]) ids.push((await createTicket(handle, { title })).ticket.id);
    const { commit } = await linkTickets(handle, { ids });
    expect((await listTickets(handle, {})).tickets.map(({ links }) => links.length)).toEqual([2, 2, 2]);
    expect(
      git(store.repo, "show", "--format=", "--name-only", commit ?? "")
        .split("\n")
        .sort(),
    ).toEqual(ids.map((id) => `${id}.md`).sort());
    store.judge();
  });

  test("that changes nothing makes no commit", async () => {
    const store = await tempStore();
    const handle = store.open();
    const { ticket } = await createTicket(handle, { title: "One", priority: 1 });
    const { commit } = await updateTickets(handle, { ids: [ticket.id], priority: 1 });
    expect([commit, store.subjects()[0]]).toEqual([null, `create ${ticket.id}: One`]);
  });
});
