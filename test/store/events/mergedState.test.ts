import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { isTicketPath } from "../../../src/store/events/commitEvents.ts";
import { followStore } from "../../../src/store/events/follow.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import type { TicketEvent } from "../../../src/ticket/events/events.ts";
import { git } from "../../helpers/git.ts";
import { sharingTeam } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

/* Whoever only follows events knows the store as it is, whichever side's commits they were told first. */

let ann: TempStore;
let bob: TempStore;
let id: string;
let start: string;
beforeEach(async () => {
  ({ ann, bob } = await sharingTeam());
  id = ann.files()[0]?.slice(0, -".md".length) as string;
  start = tip(ann);
});

const tip = (store: TempStore) => git(store.tickets, "rev-parse", "HEAD");

async function told(store: TempStore, since: string): Promise<TicketEvent[]> {
  const text = await store.ayo("watch", "--json", "--since", since, "--until-now");
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as TicketEvent);
}

/** Both sync until they have the same. */
async function settle(): Promise<void> {
  for (const store of [ann, bob, ann]) await store.ayo("sync");
  expect(tip(ann)).toBe(tip(bob));
}

type Known = Map<string, { status: string; title: string; priority: string; path: string }>;

/** What a commit has of each ticket. */
function stateAt(commit: string): Known {
  const known: Known = new Map();
  const files = git(ann.tickets, "ls-tree", "-r", "--name-only", commit).split("\n").filter(isTicketPath);
  for (const file of files) {
    const text = git(ann.tickets, "show", `${commit}:${file}`);
    const one = (key: string) => new RegExp(`^${key}: (.*)$`, "m").exec(text)?.[1] ?? "none";
    const title = /^# (.*)$/m.exec(text)?.[1] ?? "none";
    known.set(one("id"), { status: one("status"), title, priority: one("priority").replace("none", "2"), path: file });
  }
  return known;
}

/** What is known after events to who knew a state. */
function after(known: Known, events: readonly TicketEvent[]): Known {
  const now: Known = new Map(known);
  for (const { event, ticket, changes } of events) {
    const [old, { status, title, path: file }] = [now.get(ticket.id), ticket];
    if (event === "ticket.deleted") now.delete(ticket.id);
    else if (event === "ticket.created" || (event === "ticket.archived" && old === undefined))
      now.set(ticket.id, { status, title, path: file, priority: String(ticket.priority) });
    else if (old !== undefined) {
      const to = Object.entries(changes).map(([key, change]) => [
        key,
        String(change.to ?? (key === "priority" ? 2 : "none")),
      ]);
      const told = Object.fromEntries(to.filter(([key = ""]) => key in old)) as Partial<typeof old>;
      now.set(ticket.id, { ...old, ...told });
    }
  }
  return now;
}

/** Judges what everybody is told who knew any commit of the history; nothing of it twice. */
async function judge(): Promise<void> {
  const ids = new Map<string, string>();
  for (const commit of git(ann.tickets, "rev-list", `${start}..HEAD`).split("\n").concat(start)) {
    const events = await told(ann, commit);
    expect(after(stateAt(commit), events)).toEqual(stateAt("HEAD"));
    expect(await told(bob, commit)).toEqual(events.map((one) => ({ ...one, store: bob.tickets })));
    expect(new Set(events.map((one) => one.id)).size).toBe(events.length);
    for (const { id: number, event, ticket, changes } of events) {
      const what = JSON.stringify([event, ticket.id, changes]);
      expect(ids.get(number) ?? what).toBe(what);
      ids.set(number, what);
    }
  }
}

const ofAyo = (events: readonly TicketEvent[]) =>
  events.filter(({ actor }) => actor === "ayo").map(({ event, ticket }) => `${event} ${ticket.id}`);

describe("after a merge, whoever followed knows what is there", () => {
  test("where one side deleted what the other wrote on: it is back, told once, and is ready again", async () => {
    await ann.ayo("ticket", "delete", id, "--yes", "--as", "@ann");
    await bob.ayo("ticket", "note", id, "of Bob", "--as", "@bob");
    const [ofAnn, ofBob] = [tip(ann), tip(bob)];
    await settle();
    await judge();
    for (const since of [start, ofAnn, ofBob])
      expect(ofAyo(await told(ann, since))).toEqual([`ticket.created ${id}`, `ticket.ready ${id}`]);
  });

  test("where both set its status: the one that stands is told last, and only to whom another was told after it", async () => {
    await ann.ayo("ticket", "close", id);
    await bob.ayo("ticket", "start", id);
    const [ofAnn, ofBob] = [tip(ann), tip(bob)];
    await settle();
    await judge();
    expect(stateAt("HEAD").get(id)?.status).toBe("closed");
    expect(ofAyo(await told(ann, ofAnn))).toContain(`ticket.closed ${id}`);
    expect(ofAyo(await told(ann, ofBob))).not.toContain(`ticket.closed ${id}`);
  });

  test("where one changed it there and back, and the other changed it once", async () => {
    await ann.ayo("ticket", "close", id);
    await bob.ayo("ticket", "start", id);
    await bob.ayo("ticket", "reopen", id);
    const second = await ann.ayo("ticket", "create", "Second");
    await settle();
    await ann.ayo("ticket", "update", second, "--title", "Other");
    await bob.ayo("ticket", "delete", second, "--yes");
    await bob.ayo("undo");
    await settle();
    await judge();
  });

  test("where both gave it a title and a priority: by the merge only what gave way, and the note of it", async () => {
    await ann.ayo("ticket", "update", id, "--title", "Ann's", "-p", "0");
    await bob.ayo("ticket", "update", id, "--title", "Bob's", "-p", "4");
    await bob.ayo("ticket", "note", id, "of Bob");
    await settle();
    await judge();
    const events = (await told(ann, start)).filter(({ actor }) => actor === "ayo");
    const notes = events.flatMap(({ changes }) => (changes.notes?.to ?? []) as { by: string }[]);
    expect(notes.length).toBeGreaterThan(0);
    expect(notes.every(({ by }) => by === "ayo")).toBe(true);
  });

  test("where the two changed other things of it: the merge has nothing to tell", async () => {
    await ann.ayo("ticket", "update", id, "-p", "0", "--tag", "x");
    await ann.ayo("ticket", "close", id);
    await bob.ayo("ticket", "update", id, "--title", "Bob's", "--tag", "y");
    await bob.ayo("ticket", "note", id, "of Bob");
    await settle();
    await judge();
    expect(ofAyo(await told(ann, start))).toEqual([]);
  });

  test("where one archived it and the other deleted it, or both did one of these", async () => {
    const second = await ann.ayo("ticket", "create", "Second");
    for (const one of [id, second]) await ann.ayo("ticket", "close", one);
    await settle();
    start = tip(ann);
    await ann.ayo("ticket", "archive", "--before", "0s");
    await bob.ayo("ticket", "delete", id, "--yes");
    await bob.ayo("ticket", "archive", "--before", "0s");
    await settle();
    await judge();
  });

  test("where both renamed it, or made two under one id", async () => {
    const twin = (created: string) => `---\nid: p-x\nstatus: open\ncreated: ${created}\n---\n# ${created}\n`;
    for (const [store, name, created] of [
      [ann, "p-anna", "2026-11-20T10:00:00Z"],
      [bob, "p-bobb", "2026-11-20T11:00:00Z"],
    ] as const) {
      const file = path.join(store.tickets, `${name}.md`);
      renameSync(path.join(store.tickets, `${id}.md`), file);
      writeFileSync(file, store.text(name).replace(`id: ${id}`, `id: ${name}`));
      writeFileSync(path.join(store.tickets, "p-x.md"), twin(created));
      await store.ayo("ticket", "note", name, `of ${name}`);
    }
    await settle();
    await judge();
  });

  test("over several merges, one side's work interleaved with the other's", async () => {
    await ann.ayo("ticket", "close", id);
    await bob.ayo("ticket", "start", id);
    await bob.ayo("sync");
    await ann.ayo("ticket", "update", id, "-p", "1");
    await ann.ayo("sync");
    await bob.ayo("ticket", "update", id, "-p", "0");
    await ann.ayo("ticket", "delete", id, "--yes");
    await settle();
    await bob.ayo("ticket", "update", id, "-p", "3");
    await ann.ayo("ticket", "update", id, "-p", "4");
    await settle();
    await judge();
  });

  test("for who has watched all along, and was told of each side's work as it came", async () => {
    const store = bob.open();
    const follower = await followStore(store, store.journal as Journal, { after: start });
    const events: TicketEvent[] = [];
    const look = async () => {
      for await (const some of follower.next()) events.push(...some);
    };
    await bob.ayo("ticket", "note", id, "of Bob");
    await look();
    await ann.ayo("ticket", "delete", id, "--yes");
    await settle();
    await look();
    await ann.ayo("ticket", "start", id);
    await bob.ayo("ticket", "close", id);
    await look();
    await settle();
    await look();
    expect(after(stateAt(start), events)).toEqual(stateAt("HEAD"));
    expect(new Set(events.map((one) => one.id)).size).toBe(events.length);
  });
});
