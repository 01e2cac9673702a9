import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  addNote,
  archiveTickets,
  claimTickets,
  createTicket,
  deleteTickets,
  readyTickets,
  updateTickets,
} from "../../../../src/index.ts";
import { transaction } from "../../../../src/store/change/transaction.ts";
import { git } from "../../../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../../../helpers/hermeticEnv.ts";
import { UNPRIVILEGED } from "../../../helpers/runCli.ts";
import { tempStore } from "../../../helpers/tempStore.ts";

test("those who call at the same moment get a commit each, in the order of their calls, with their own names", async () => {
  const store = await tempStore();
  const handle = store.open();
  const { ticket } = await createTicket(handle, { title: "Shared" });
  const noteBy = (name: string) =>
    transaction(handle, { actor: { name: `@${name}`, email: `${name}@example.com`, agent: true } }, async (draft) => {
      draft.note(await draft.find(ticket.id), `by ${name}`);
      return { sentence: { subject: `note by ${name}`, tickets: [ticket.id] }, result: name };
    });
  const answers = await Promise.all(["a", "b", "c"].map(noteBy));
  const log = git(store.repo, "log", "--reverse", "--format=%H %an: %s", "-3").split("\n");
  expect(log.map((line) => line.slice(41))).toEqual(["a: note by a", "b: note by b", "c: note by c"]);
  expect(answers.map(({ commit }) => commit)).toEqual(log.map((line) => line.slice(0, 40)));
  // What each commit has is what its own change made of it.
  const notesAt = (commit = "") => git(store.repo, "show", `${commit}:${ticket.id}.md`).match(/^by .$/gm);
  expect(answers.map(({ commit }) => notesAt(commit))).toEqual([["by a"], ["by a", "by b"], ["by a", "by b", "by c"]]);
  // The log of the branch has each move.
  const moves = readFileSync(path.join(store.repo, ".git/logs/HEAD"), "utf8").trim().split("\n").slice(-3);
  expect(moves.map((line) => line.slice(41, 81))).toEqual(answers.map(({ commit }) => commit));
  store.judge();
});

test("one who is refused keeps nobody else from his change, and sees what those before him did", async () => {
  const store = await tempStore();
  const handle = store.open();
  const { ticket } = await createTicket(handle, { title: "One" });
  const settled = await Promise.allSettled([
    claimTickets(handle, { ids: [ticket.id], as: "@first" }),
    claimTickets(handle, { ids: [ticket.id], as: "@second" }),
    addNote(handle, { id: "none-such", text: "lost" }),
    updateTickets(handle, { ids: [ticket.id], priority: "0" }),
    createTicket(handle, { title: "Another" }),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled", "fulfilled"]);
  expect(settled[1]).toMatchObject({ reason: { code: "claimed" } });
  expect(settled[2]).toMatchObject({ reason: { code: "not_found" } });
  const subjects = store.subjects().slice(0, 3).sort();
  expect(subjects).toEqual([
    `claim ${ticket.id}: One`,
    expect.stringMatching(/^create .*: Another$/),
    `update ${ticket.id}: priority`,
  ]);
  store.judge();
});

test("eight who claim the next at once get eight tickets", async () => {
  const store = await tempStore();
  const handle = store.open();
  await Promise.all(Array.from({ length: 10 }, (_, n) => createTicket(handle, { title: `Ticket ${n}` })));
  const claimed = await Promise.all(
    Array.from({ length: 8 }, (_, n) => claimTickets(handle, { next: true, as: `@agent${n}` })),
  );
  expect(new Set(claimed.map(({ ticket }) => ticket?.id)).size).toBe(8);
  expect((await readyTickets(handle, {})).tickets.length).toBe(2);
  store.judge();
});

test("what moves files to the archive, deletes or changes many goes alone, in its place", async () => {
  const store = await tempStore();
  const handle = store.open();
  const old = await createTicket(handle, { title: "Old" });
  await updateTickets(handle, { ids: [old.ticket.id], set: { status: "closed", closed: "2020-01-01T00:00:00Z" } });
  const gone = await createTicket(handle, { title: "Gone" });
  const many = await Promise.all(Array.from({ length: 12 }, (_, n) => createTicket(handle, { title: `Many ${n}` })));
  await Promise.all([
    addNote(handle, { id: old.ticket.id, text: "before it is archived" }),
    archiveTickets(handle, {}),
    addNote(handle, { id: old.ticket.id, text: "after it" }),
    deleteTickets(handle, { ids: [gone.ticket.id], yes: true }),
    updateTickets(handle, { ids: many.map(({ ticket }) => ticket.id), priority: "0" }),
    addNote(handle, { id: many[0]?.ticket.id ?? "", text: "after many" }),
  ]);
  const text = readFileSync(path.join(store.tickets, `archive/2020-01/${old.ticket.id}.md`), "utf8");
  expect(text).toMatch(/before it is archived[\s\S]*after it/);
  expect(store.files()).not.toContain(`${gone.ticket.id}.md`);
  expect(store.text(many[0]?.ticket.id ?? "")).toMatch(/priority: 0[\s\S]*after many/);
  store.judge();
});

test("a ticket that may not be written refuses its own change only", async () => {
  const store = await tempStore();
  const handle = store.open();
  const [shut, free] = await Promise.all(["Shut", "Free"].map((title) => createTicket(handle, { title })));
  const program = `
    import { addNote, openStore } from ${JSON.stringify(path.resolve("dist/index.js"))};
    const store = await openStore({});
    const ids = ${JSON.stringify([free?.ticket.id, shut?.ticket.id, free?.ticket.id])};
    const all = await Promise.allSettled(ids.map((id, at) => addNote(store, { id, text: "note " + at })));
    console.log(JSON.stringify(all.map(({ status, reason }) => reason?.code ?? status)));
  `;
  chmodSync(path.join(store.tickets, `${shut?.ticket.id}.md`), 0o444);
  const [command = "node", ...words] = [...UNPRIVILEGED, process.execPath, "--input-type=module", "-e", program];
  const told = spawnSync(command, words, { cwd: store.dir, env: hermeticEnv(sharedHome()), encoding: "utf8" });
  expect(told.stderr).toBe("");
  expect(JSON.parse(told.stdout)).toEqual(["fulfilled", "store_not_writable", "fulfilled"]);
  expect(store.text(free?.ticket.id ?? "")).toMatch(/note 0[\s\S]*note 2/);
});
