import {
  appendFileSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { addNote, createTicket } from "../../src/index.ts";
import { examine } from "../helpers/examine.ts";
import { fsck, git } from "../helpers/git.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "../helpers/crashAt.cjs");
const LONG = process.env.AYO_LONG === "1";

/** Processes take their time where others work too. */
vi.setConfig({ testTimeout: LONG ? 900_000 : 120_000 });

let template: TempStore;
const cleanUp = laterCleanUp();
beforeAll(async () => {
  template = await tempStore({ at: tempDir(cleanUp) });
  writeTickets(template, { "t-a": "First", "t-b": "Second\nlinks: [t-a]", "t-c": "Third", "t-d": "Fourth" });
  for (const id of ["t-a", "t-b", "t-c"]) await template.ayo("ticket", "note", id, "seen");
});

/** A store in which everything is wrong that --fix mends by replacing something. */
function damaged(): TempStore {
  const dir = path.join(tempDir(), "p");
  cpSync(template.dir, dir, { recursive: true, preserveTimestamps: true });
  const store = storeIn(dir);
  const inGit = (name: string) => path.join(store.tickets, ".git", name);
  writeFileSync(inGit("HEAD"), "\0".repeat(30));
  writeFileSync(inGit("config"), "[core\n\tbare = ");
  writeFileSync(inGit("packed-refs"), "# pack-refs with: peeled\nabc\n");
  appendFileSync(inGit("logs/refs/heads/ayo/tickets"), "0123 456");
  const index = readFileSync(inGit("index"));
  index[40] = (index[40] ?? 0) ^ 0xff;
  writeFileSync(inGit("index"), index);
  writeFileSync(inGit("index.lock"), "");
  utimesSync(inGit("index.lock"), 1_700_000_000, 1_700_000_000);
  mkdirSync(inGit("ayo/redo"), { recursive: true });
  writeFileSync(inGit("ayo/redo/1-1-1.json"), '{"state":"prepared"}');
  writeFileSync(path.join(store.tickets, "t-c.md"), "");
  store.write("t-b", store.text("t-b").replace("links: [t-a]", "links: [t-gone, t-a]"));
  store.write("t-copy", store.text("t-a"));
  store.write("t-d", store.text("t-d").replace("id: t-d", "id: t-moved"));
  return store;
}

/** Every body is there, git agrees, and the next command writes. */
async function expectHealed(store: TempStore, titles: readonly string[]): Promise<void> {
  const { findings } = await examine(store, true);
  // A command that wrote meanwhile has set the bad record aside, which is told until a person has looked at it.
  expect(findings.filter(({ code }) => code !== "set_aside_record")).toEqual([]);
  const texts = store.files().map((file) => readFileSync(path.join(store.tickets, file), "utf8"));
  for (const title of titles) expect(texts.some((text) => text.includes(title))).toBe(true);
  await createTicket(store.open(), { title: "After it" });
  expect(store.subjects()).toContain("note t-a: seen");
  fsck(store.repo);
  store.judge();
}

const TITLES = ["# First", "# Second", "# Third", "# Fourth"];

describe("what --fix does survives", () => {
  test("a kill at every change of the disk that it makes", async () => {
    const stride = LONG ? 1 : 43;
    let next = 1 + Math.floor(Math.random() * stride);
    let last = Number.POSITIVE_INFINITY;
    const runner = async () => {
      while (next < last) {
        const at = next;
        next += stride;
        const store = damaged();
        const env = { NODE_OPTIONS: `--require=${PRELOAD}`, AYO_CRASH_AT: String(at) };
        const { code, stdout, stderr } = await store.run(["doctor", "--fix"], { env });
        if (code !== null) {
          expect([at, code, stderr.includes("bug")]).toEqual([at, 0, false]);
          expect(stdout).toContain("nothing else is wrong");
          last = Math.min(last, at);
        }
        await expectHealed(store, TITLES);
      }
    };
    await Promise.all([runner(), runner()]);
    expect(last).toBeGreaterThan(40);
  });

  test("another --fix at the same time", async () => {
    const store = damaged();
    const all = await Promise.all([1, 2, 3].map(() => store.run(["doctor", "--fix"])));
    for (const { code, stderr } of all) expect([code, stderr.includes("error:")], stderr).toEqual([0, false]);
    await expectHealed(store, TITLES);
    const copies = store
      .files()
      .filter((file) => readFileSync(path.join(store.tickets, file), "utf8").includes("# First"));
    expect(copies.sort()).toEqual(["t-a.md", "t-copy.md"]);
  });

  test("others that write meanwhile: what they were told is done, is done once", async () => {
    const store = damaged();
    const told: string[] = [];
    let isOver = false;
    const writer = (async () => {
      for (let n = 0; !isOver; n++) {
        const note = `number ${n} of the writer.`;
        const wrote = await addNote(store.open(), { id: "t-a", text: note }).catch(
          (error: { code?: string }) => error.code,
        );
        if (typeof wrote !== "string") told.push(note);
        else await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    try {
      for (let n = 0; n < 3; n++) await store.run(["doctor", "--fix"]);
    } finally {
      isOver = true;
      await writer;
    }
    await expectHealed(store, TITLES);
    expect(told.length).toBeGreaterThan(0);
    for (const note of told) expect(store.text("t-a").split(note)).toHaveLength(2);
  });

  test("an editor that had emptied the file and writes it to the end after all", async () => {
    const dir = path.join(tempDir(), "p");
    cpSync(template.dir, dir, { recursive: true, preserveTimestamps: true });
    const store = storeIn(dir);
    const file = path.join(store.tickets, "t-c.md");
    const text = `${store.text("t-c")}\nWhat the editor saves.\n`;
    const handle = openSync(file, "w");
    const { ino } = statSync(file);
    const editor = (async () => {
      while (statSync(file).ino === ino) await new Promise((resolve) => setTimeout(resolve, 2));
      writeSync(handle, text);
      closeSync(handle);
    })();
    const { fixed } = await examine(store, true);
    await editor;
    expect(fixed.map(({ code }) => code)).toEqual(["torn_file"]);
    expect(store.text("t-c")).toBe(text);
    await store.ayo("ticket", "note", "t-a", "on");
    store.judge();
  });

  test("a copy that is kept of what was replaced is that of the moment of the change, once", async () => {
    const store = damaged();
    const { setAside = "" } = await examine(store, true);
    const kept = readdirSync(setAside, { recursive: true }).map(String).sort();
    expect(kept).toContain("t-copy.md");
    expect(kept.filter((name) => /\.\d$/.test(name))).toEqual([]);
    expect(readFileSync(path.join(setAside, "git/index.lock").replace("index.lock", "config"), "utf8")).toMatch(
      /^\[core\n/,
    );
    expect(git(store.repo, "log", "--format=%s", "-1")).toMatch(/^doctor: /);
  });
});
