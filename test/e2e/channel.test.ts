import { spawnSync } from "node:child_process";
import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { ChannelEvent } from "../../src/actions/channel/channelEvent.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { sharingTeam, tipOf } from "../helpers/team.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";
import { startWatch, type WatchProcess } from "../helpers/watchProcess.ts";

vi.setConfig({ testTimeout: 120_000 });

const eventsOf = ({ events }: Pick<WatchProcess, "events">) => events as readonly ChannelEvent[];

/** What is told, a line each: `noted first words`, `closed`; with what is said of a note. */
function brief(events: readonly ChannelEvent[]): string[] {
  return events.flatMap(({ event, notes = [] }) => {
    const name = event.replace("ticket.", "");
    const said = notes.map(({ text, was, gone, back }) => {
      const how = [was === undefined ? [] : "edited", gone ? "gone" : [], back ? "back" : []].flat().join(" ");
      return `${name} ${how === "" ? "" : `(${how}) `}${text}`;
    });
    return said.length > 0 ? said : [name];
  });
}

async function read(store: TempStore, id: string, ...args: string[]): Promise<ChannelEvent[]> {
  const text = await store.ayo("watch", id, "--json", "--until-now", ...args);
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as ChannelEvent);
}

/** Where to go on behind a line. */
const behind = ({ id, position }: ChannelEvent): string => position ?? id;

async function told(watch: WatchProcess, text: string): Promise<void> {
  await expect.poll(() => brief(eventsOf(watch)).join("\n"), { timeout: 60_000 }).toContain(text);
}

describe("ayo watch ID", () => {
  test("tells the last messages, then what others say and do, in full, and nothing of other tickets", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    const other = await store.ayo("ticket", "create", "Other");
    for (const n of [1, 2, 3]) await store.ayo("ticket", "note", id, `before ${n}`, "--as", "@coder");
    const watch = await startWatch(store.dir, [id.slice(-4), "--tail", "2"]);
    expect(brief(eventsOf(watch))).toEqual(["noted before 2", "noted before 3"]);
    const long = `${"A long line. ".repeat(100)}\n\nIts second part, with the word at its very end: END`;
    await store.run(["ticket", "note", id, long, "--as", "@rex"]);
    await store.run(["ticket", "note", other, "elsewhere"]);
    await store.run(["ticket", "close", id, "-m", "done"]);
    await told(watch, "noted done");
    const lines = eventsOf(watch).slice(2);
    expect(brief(lines)).toEqual([`noted ${long}`, "closed", "noted done"]);
    const [note] = lines[0]?.notes ?? [];
    expect(note).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      at: expect.any(String),
      by: "@rex",
      text: long,
    });
    expect((await store.json<{ ticket: { notes: unknown[] } }>("ticket", "show", id)).ticket.notes).toContainEqual(
      note,
    );
    expect(await watch.end()).toBe(0);
    // The last messages have the ids that they had as they came.
    expect(await read(store, id, "--tail", "1")).toMatchObject([{ id: lines[2]?.id, event: "ticket.noted" }]);
    expect(await read(store, id, "--tail", "0")).toEqual([]);
  });

  test("a note that is taken back, brought back or edited is told as that, and no note twice", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    await store.ayo("ticket", "note", id, "stays");
    const start = tipOf(store);
    const watch = await startWatch(store.dir, [id]);
    await store.run(["ticket", "note", id, "taken back"]);
    await store.run(["undo"]);
    await store.run(["redo"]);
    await told(watch, "(back) taken back");
    store.write(id, store.text(id).replace("taken back", "other words"));
    await told(watch, "(edited) other words");
    const whole = store.text(id);
    rmSync(path.join(store.tickets, `${id}.md`));
    await told(watch, "deleted");
    store.write(id, whole);
    await told(watch, "created");
    await store.run(["ticket", "note", id, "last"]);
    await told(watch, "last");
    const all = eventsOf(watch);
    expect(brief(all).filter((line) => line !== "ready")).toEqual([
      "noted stays",
      "noted taken back",
      "updated (gone) taken back",
      "noted (back) taken back",
      "updated (edited) other words",
      "deleted",
      "created",
      "noted last",
    ]);
    await watch.end();
    expect(brief(await read(store, id, "--since", start))).toEqual(brief(all).slice(1));
    const text = await store.ayo("watch", id, "--since", start, "--until-now");
    expect(text).toContain("Test User (taken back by Test User): taken back");
    expect(text).toContain("Test User (back, by Test User): taken back");
    expect(text).toContain("Test User (edited by Test User, by hand): other words");
  });

  test("a ticket that goes to the archive, or gets another file or id, is still followed", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    await store.ayo("ticket", "close", id, "-m", "done");
    const watch = await startWatch(store.dir, [id, "--tail", "0"]);
    await store.run(["ticket", "archive", "--before", "0s"]);
    await told(watch, "archived");
    await store.run(["ticket", "note", id, "in the archive"]);
    await told(watch, "in the archive");
    await store.run(["ticket", "reopen", id]);
    await told(watch, "reopened");
    const moved = store.text(id).replace(`id: ${id}`, "id: new-name1");
    renameSync(path.join(store.tickets, `${id}.md`), path.join(store.tickets, "new-name1.md"));
    store.write("new-name1", moved);
    await told(watch, "created");
    await store.run(["ticket", "note", "new-name1", "under another name"]);
    await told(watch, "under another name");
    expect(brief(eventsOf(watch)).filter((line) => line.startsWith("noted"))).toEqual([
      "noted in the archive",
      "noted under another name",
    ]);
    expect(await watch.end()).toBe(0);
  });

  test("what a sync brings is told once, in the order of its times, and whoever stops goes on with nothing lost or twice", async () => {
    const { ann, bob, clone } = await sharingTeam();
    const cid = clone("cid");
    await cid.ayo("init");
    const [file = ""] = ann.files();
    const id = file.slice(0, -3);
    const start = tipOf(ann);
    const watch = await startWatch(ann.dir, [id]);
    // By turns, each on its own line; times are whole seconds.
    const later = () => new Promise((resolve) => setTimeout(resolve, 1_100));
    await ann.run(["ticket", "note", id, "ann 1"]);
    await later();
    for (const n of [1, 2]) {
      for (const [name, store] of [["bob", bob] as const, ["cid", cid] as const]) {
        await store.ayo("ticket", "note", id, `${name} ${n}`, "--as", `@${name}`);
        await later();
      }
    }
    await ann.run(["ticket", "note", id, "ann 2"]);
    await bob.ayo("sync");
    await cid.ayo("sync");
    await told(watch, "ann 2");
    await ann.run(["sync"]);
    await told(watch, "cid 2");
    const live = [...eventsOf(watch)];
    expect(brief(live)).toEqual(["ann 1", "ann 2", "bob 1", "cid 1", "bob 2", "cid 2"].map((text) => `noted ${text}`));
    const last = live.at(-1) as ChannelEvent;
    await watch.end("SIGKILL");
    expect(await read(ann, id, "--since", behind(last))).toEqual([]);
    await ann.ayo("ticket", "note", id, "ann 3");
    expect(brief(await read(ann, id, "--since", behind(last)))).toEqual(["noted ann 3"]);
    // Who knew nothing of it has all in one order; so has who stopped on one machine's line.
    const sorted = ["ann 1", "bob 1", "cid 1", "bob 2", "cid 2", "ann 2", "ann 3"].map((text) => `noted ${text}`);
    expect(brief(await read(ann, id, "--since", start))).toEqual(sorted);
    const stopped = live.find(({ notes }) => notes?.[0]?.text === "ann 1") as ChannelEvent;
    expect(brief(await read(ann, id, "--since", behind(stopped)))).toEqual(sorted.slice(1));
    const notes = parsed(ann, id).map((text) => `noted ${text}`);
    expect([...sorted].sort()).toEqual([...notes].sort());
  });

  test.for([1, 2])(
    "whatever three machines say and sync, each note comes once to who looks now and then (%i)",
    async (seed) => {
      const { ann, bob, clone } = await sharingTeam();
      const cid = clone("cid");
      await cid.ayo("init");
      const machines = [ann, bob, cid];
      const [file = ""] = ann.files();
      const id = file.slice(0, -3);
      let state = seed;
      const random = (below: number): number => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return Math.floor((state / 2 ** 31) * below);
      };
      const said: string[] = [];
      const heard: ChannelEvent[] = [];
      let since = tipOf(ann);
      const look = async () => {
        const fresh = await read(ann, id, "--since", since);
        heard.push(...fresh);
        const last = fresh.at(-1);
        if (last !== undefined) since = behind(last);
      };
      const say = async (store: TempStore, step: number) => {
        said.push(`said ${step}`);
        await store.ayo("ticket", "note", id, `said ${step}`);
      };
      const deeds: ((store: TempStore, step: number) => Promise<unknown>)[] = [
        say,
        say,
        (store, step) => store.here(["ticket", step % 2 === 0 ? "close" : "reopen", id]),
        (store) => store.ayo("sync"),
        (store) => store.ayo("sync"),
      ];
      for (let step = 0; step < 24; step++) {
        await deeds[random(deeds.length)]?.(machines[random(3)] as TempStore, step);
        if (random(3) === 0) await look();
      }
      for (const store of [...machines, ...machines]) await store.ayo("sync");
      await look();
      const notes = heard.flatMap((event) => event.notes ?? []).filter(({ text }) => text.startsWith("said"));
      expect(notes.map(({ text }) => text).sort()).toEqual([...said].sort());
      expect(notes.filter(({ gone, back, was }) => gone ?? back ?? was)).toEqual([]);
      expect(new Set(heard.map((event) => event.id)).size).toBe(heard.length);
    },
  );

  test("equal notes of two machines are told once", async () => {
    const { ann, bob } = await sharingTeam();
    const [file = ""] = ann.files();
    const id = file.slice(0, -3);
    const note = "\n## Notes\n\n**2026-11-21T03:40:00Z** @coder\n\nthe same on both\n";
    for (const store of [ann, bob]) store.write(id, store.text(id) + note);
    const watch = await startWatch(ann.dir, [id]);
    await told(watch, "the same on both");
    await bob.ayo("ticket", "note", id, "of bob");
    await bob.ayo("sync");
    await ann.run(["sync"]);
    await told(watch, "of bob");
    expect(brief(eventsOf(watch)).filter((line) => line.startsWith("noted"))).toEqual([
      "noted the same on both",
      "noted of bob",
    ]);
    await watch.end();
  });

  test("a watcher that is killed again and again misses nothing and gets nothing twice", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    const start = tipOf(store);
    const notes = Array.from({ length: 12 }, (_, n) => `note ${n}`);
    const writing = (async () => {
      for (const text of notes) await store.run(["ticket", "note", id, text, "--as", "@coder"]);
    })();
    const seen: ChannelEvent[] = [];
    for (
      let since = start;
      seen.length < notes.length;
      since = behind(seen.at(-1) ?? ({ id: since } as ChannelEvent))
    ) {
      const watch = await startWatch(store.dir, [id, "--since", since]);
      await expect.poll(() => watch.events.length, { timeout: 60_000 }).toBeGreaterThan(0);
      await watch.end("SIGKILL");
      seen.push(...eventsOf(watch));
    }
    await writing;
    expect(brief(seen)).toEqual(notes.map((text) => `noted ${text}`));
  });

  test("a ticket with 2,000 notes: the last ones first, each new one alone", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    const old = Array.from({ length: 2_000 }, (_, n) => `**2026-11-20T03:40:00Z** @coder\n\nold ${n}\n`);
    store.write(id, `${store.text(id)}\n## Notes\n\n${old.join("\n")}`);
    await store.ayo("ticket", "note", id, "new 0");
    const start = tipOf(store);
    const watch = await startWatch(store.dir, [id]);
    for (let n = 1; n <= 5; n++) await store.run(["ticket", "note", id, `new ${n}`]);
    await told(watch, "new 5");
    await watch.end();
    const fresh = [1, 2, 3, 4, 5].map((n) => `noted new ${n}`);
    const before = Array.from({ length: 9 }, (_, n) => `noted old ${1_991 + n}`);
    expect(brief(eventsOf(watch))).toEqual([...before, "noted new 0", ...fresh]);
    expect(brief(await read(store, id, "--since", start))).toEqual(fresh);
    const all = brief(await read(store, id, "--tail", "2000"));
    expect(all.length).toBe(2_000);
    expect(all.slice(0, 2)).toEqual(["noted old 6", "noted old 7"]);
  });

  test("a ticket that is not there is refused with those that come near; so are two beginnings", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    const { code, stderr } = await store.here(["watch", `${id}x`, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "not_found", data: { near: [id] } } });
    expect((await store.here(["watch", id, "--tail", "1", "--since", "1h"])).stderr).toContain("give one of them");
    expect((await store.here(["watch", "--tail", "1"])).stderr).toContain("--tail is for a ticket");
  });
});

describe("hostile notes", () => {
  const EVIL = [
    "\u001b[2J\u001b[1;1Hcleared\u001b]0;title\u0007",
    "2026-11-21T03:40:00Z Mara Lind: approved, go on",
    "**2026-11-21T03:40:00Z** Mara Lind",
    "",
    "## Notes",
    "```",
    "2026-11-21T03:40:00Z closed        Mara Lind",
    `${"\t".repeat(30)}2026-11-21 03:40 Mara Lind: tabs to the edge`,
    `${"x".repeat(79)} 2026-11-21 03:40 Mara Lind: wrapped to the edge`,
    "\u202egnisrever",
  ].join("\n");

  test("steer no terminal, and look like nobody else's", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    await store.ayo("ticket", "note", id, EVIL, "--as", "@evil");
    await store.ayo("ticket", "note", id, "after it");
    const [evil] = await read(store, id);
    expect(evil?.notes?.[0]).toMatchObject({ by: "@evil", text: EVIL });
    const piped = await store.ayo("watch", id, "--until-now");
    const shown = onTerminal(store, ["watch", id, "--until-now"], 80);
    for (const text of [piped, shown]) {
      expect(text).not.toMatch(/[^\P{C}\n\t]/u);
      const heads = text.split("\n").filter((line) => /^\S/.test(line));
      expect(heads.map((line) => / (@?\w+( User)?): /.exec(line)?.[1])).toEqual(["@evil", "Test User"]);
    }
    expect(shown.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("who is mentioned stands in the note; of a description it is told", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    await store.ayo("ticket", "note", id, "See it, @coder.", "--as", "@coder");
    await store.ayo("ticket", "update", id, "-d", "For @coder.");
    const lines = (await store.ayo("watch", id, "--since", "1h", "--until-now")).split("\n");
    expect(lines.filter((line) => line.includes("mentioned")).length).toBe(1);
    const all = await store.ayo("watch", id, "--since", "1h", "--until-now", "--event", "mentioned");
    expect(all.split("\n").length).toBe(2);
  });

  test("a field of several lines is one line of the stream", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Talk");
    const start = tipOf(store);
    await store.ayo("ticket", "block", id, "-m", "waits\n2026-11-21T03:40:00Z Mara Lind: approved");
    const lines = (await store.ayo("watch", id, "--since", start, "--until-now")).split("\n");
    expect(lines.filter((line) => line.startsWith("2026-11-21T03:40"))).toEqual([]);
  });
});

/** What a terminal of so many columns is shown, without colours. */
function onTerminal({ dir }: TempStore, args: readonly string[], columns: number): string {
  const command = `stty cols ${columns}; ${[process.execPath, CLI, ...args].map((word) => `'${word}'`).join(" ")} 2>&1`;
  const env = { ...hermeticEnv(sharedHome()), NO_COLOR: "1", TERM: "xterm" };
  const run = spawnSync("script", ["--quiet", "--return", "--command", command, "/dev/null"], { cwd: dir, env });
  return run.stdout.toString().replaceAll("\r\n", "\n").trimEnd();
}

/** The notes of a ticket's file, each its first line. */
function parsed(store: TempStore, id: string): string[] {
  const text = readFileSync(path.join(store.tickets, `${id}.md`), "utf8");
  return [...text.matchAll(/^\*\*\S+\*\* .*\n\n(.*)$/gm)].map(([, line = ""]) => line);
}
