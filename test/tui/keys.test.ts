import { appendFileSync, chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { builtDeeds } from "../../src/tui/app/deeds.ts";
import { aRun } from "../helpers/aRun.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

/** Deeds that this file has seen at work, by name. */
const seen = new Set<string>();

/** What a test does with one. */
interface Scene {
  readonly store: TempStore;
  readonly term: TestTerminal;
  /** Types the key of a deed, as the table names it. */
  readonly press: (...names: readonly string[]) => void;
  readonly status: (id: string) => Promise<string>;
  /** Waits until something is so on disk. */
  readonly untilOnDisk: (id: string, fits: string | RegExp) => Promise<void>;
  /** Waits until the line with the cursor tells of a ticket. */
  readonly cursorOn: (text: string) => Promise<void>;
}

async function scene(
  tickets: Readonly<Record<string, string>>,
  { cols = 120, rows = 30, env = {} } = {},
): Promise<Scene> {
  const store = await tempStore();
  writeTickets(store, tickets);
  // So that keys alone commit from here on.
  git(store.tickets, "add", "--all");
  git(store.tickets, "commit", "--quiet", "--message=scene");
  const term = await openTerminal(store.dir, { cols, rows, env });
  await term.untilScreen((text) => text.includes("live") && Object.keys(tickets).some((id) => text.includes(id)));
  const keyOf = new Map(builtDeeds().map(({ name, keys }) => [name, keys[0] ?? ""]));
  return {
    store,
    term,
    press: (...names) => {
      for (const name of names) {
        const key = keyOf.get(name);
        if (key === undefined) throw new Error(`no deed ${name}`);
        seen.add(name);
        term.type(key);
      }
    },
    status: async (id) => (await store.json<{ ticket: { status: string } }>("ticket", "show", id)).ticket.status,
    untilOnDisk: (id, fits) =>
      expect
        .poll(() => store.text(id), { interval: 20 })
        .toMatch(typeof fits === "string" ? new RegExp(`^${fits}$`, "m") : fits),
    cursorOn: async (text) => {
      await term.untilScreen(() => cursorLines(term).some((line) => line.includes(text)));
    },
  };
}

/** What is drawn inversely: the cursor, and the tab that is open. */
function cursorLines(term: TestTerminal): string[] {
  return term
    .screen()
    .map((line, y) =>
      [...line]
        .map((_, x) =>
          y > 0 && (term.cell(x, y).inverse || term.cell(x, y).underline) ? term.cell(x, y).text || " " : "",
        )
        .join(""),
    );
}

const FIVE = {
  "t-aaaa": "First\npriority: 1\ncreated: 2026-11-01T10:00:00Z",
  "t-bbbb": "Second\npriority: 2\ncreated: 2026-11-02T10:00:00Z\ntags: [ui]",
  "t-cccc": "Third\npriority: 2\ncreated: 2026-11-03T10:00:00Z\nproject: apollo",
  "t-dddd": "Fourth\npriority: 3\ncreated: 2026-11-04T10:00:00Z",
  "t-eeee": "Fifth\nstatus: in_progress\ncreated: 2026-11-05T10:00:00Z",
};

test("keys that walk and look do what ? says, and change nothing", async () => {
  const { store, term, press, cursorOn } = await scene(FIVE);
  const commits = store.subjects();
  await cursorOn("t-aaaa");
  press("down");
  await cursorOn("t-bbbb");
  term.type("down");
  await cursorOn("t-cccc");
  press("up", "up");
  await cursorOn("t-aaaa");
  press("last");
  await cursorOn("t-dddd");
  press("first");
  await cursorOn("t-aaaa");
  press("page-down");
  await cursorOn("t-dddd");
  press("page-up");
  await cursorOn("t-aaaa");
  press("right");
  await cursorOn("t-eeee");
  press("left");
  await cursorOn("t-aaaa");
  press("open");
  await term.untilScreen((text) => text.includes("First") && !text.includes("t-bbbb"));
  press("clear");
  await term.untilScreen("t-bbbb");
  press("other-pane");
  await term.untilScreen(() => term.screen()[1]?.includes("t-aaaa") === true);
  press("other-pane");
  press("list-or-columns");
  await term.untilScreen(/┌ list ─/);
  for (const view of ["columns", "list", "inbox", "agents", "tree", "graph", "projects"]) {
    press(`view-${view}`);
    await term.untilScreen(() => tab(term) === view);
  }
  press("next-view");
  await term.untilScreen(() => tab(term) === "columns");
  press("last-view");
  await term.untilScreen(() => tab(term) === "projects");
  press("view-list");
  press("history");
  await term.untilScreen("ayo ticket history");
  term.type("q");
  await term.untilScreen("t-eeee");
  press("filter");
  term.write("tag:ui\r");
  await term.untilScreen((text) => text.includes("1 of 5") && text.includes("t-bbbb") && !text.includes("t-cccc"));
  press("clear");
  await term.untilScreen((text) => text.includes("t-cccc") && !text.includes("/tag:ui"));
  press("copy");
  await term.untilScreen((text) => text.includes("copied t-") && /created +2026/.test(text));
  press("text");
  await term.untilScreen((text) => text.includes("/ searches"));
  term.type("/");
  term.write("created\r");
  await term.untilScreen(() => term.screen().some((line, y) => line.includes("created") && term.cell(1, y).underline));
  term.type("q");
  await term.untilScreen("t-eeee");
  press("messages");
  await term.untilScreen(/\d\d:\d\d:\d\d +copied t-/);
  term.type("q");
  expect(term.effects.filter((effect) => effect.startsWith("osc 52"))).toHaveLength(1);
  term.send("\u001b[1;1H\u001b[99;99R");
  press("redraw");
  press("help");
  await term.untilScreen("Keys");
  term.write("history");
  await term.untilScreen((text) => text.includes("the history") && !text.includes("take back"));
  term.type("enter");
  await term.untilScreen("ayo ticket history");
  term.type("escape");
  await term.untilScreen("t-eeee");
  expect(store.subjects()).toEqual(commits);
  press("quit");
  expect(await term.code).toBe(0);
});

function tab(term: TestTerminal): string {
  const line = term.screen()[0] ?? "";
  return [...line]
    .map((_, x) => (term.cell(x, 0).inverse ? term.cell(x, 0).text : ""))
    .join("")
    .trim();
}

test("keys that change tickets change them", async () => {
  const { store, term, press, status, untilOnDisk, cursorOn } = await scene(FIVE);
  await cursorOn("t-aaaa");
  press("start");
  await untilOnDisk("t-aaaa", "status: in_progress");
  await cursorOn("t-aaaa");
  press("submit");
  await untilOnDisk("t-aaaa", "status: in_review");
  await cursorOn("t-aaaa");
  press("reject");
  term.write("no tests\r");
  await untilOnDisk("t-aaaa", /no tests/);
  await cursorOn("t-aaaa");
  press("close");
  await untilOnDisk("t-aaaa", "status: closed");
  await cursorOn("t-aaaa");
  press("reopen");
  await untilOnDisk("t-aaaa", "status: open");
  press("undo");
  await untilOnDisk("t-aaaa", "status: closed");
  press("redo");
  await untilOnDisk("t-aaaa", "status: open");
  await term.untilScreen((text) => !text.includes("ayo redo"));
  await cursorOn("t-aaaa");
  press("block");
  term.write("no key\r");
  await untilOnDisk("t-aaaa", "status: blocked");
  await cursorOn("t-aaaa");
  press("note");
  term.write("Grüße 日本\r");
  await untilOnDisk("t-aaaa", /Grüße 日本/);
  press("title");
  term.type("ctrl+u");
  term.write("Another name\r");
  await untilOnDisk("t-aaaa", "# Another name");
  press("due");
  term.write("2026-12-24\r");
  await untilOnDisk("t-aaaa", /^due: '?2026-12-24/m);
  press("priority");
  term.type("up", "up", "enter");
  await untilOnDisk("t-aaaa", "priority: 0");
  press("assign");
  term.write("ann");
  term.type("enter");
  await untilOnDisk("t-aaaa", /^assignee: ann/m);
  press("tag");
  term.write("api");
  term.type("enter");
  await untilOnDisk("t-aaaa", /^tags:(.|\n)*api/m);
  await term.untilScreen((text) => /tags +api/.test(text) && text.includes("Updated t-aaaa"));
  press("untag");
  term.write("api");
  term.type("enter");
  await expect.poll(() => store.text("t-aaaa")).not.toMatch(/api/);
  press("project");
  term.write("apol");
  term.type("enter");
  await untilOnDisk("t-aaaa", /^project: apollo/m);
  press("move");
  term.write("progress");
  term.type("enter");
  await untilOnDisk("t-aaaa", "status: in_progress");
  await cursorOn("t-aaaa");
  press("move-left");
  await untilOnDisk("t-aaaa", "status: open");
  await cursorOn("t-aaaa");
  press("move-right");
  await untilOnDisk("t-aaaa", "status: in_progress");
  press("waits-for");
  term.write("Fourth");
  term.type("enter");
  await untilOnDisk("t-aaaa", /^deps:(.|\n)*t-dddd/m);
  await term.untilScreen((text) => /⊘ t-aaaa/.test(text) && text.includes("Updated t-aaaa"));
  press("waits-no-more");
  await term.untilScreen((text) => /wait for a ticket no longer/.test(text));
  term.type("enter");
  await expect.poll(() => store.text("t-aaaa")).not.toMatch(/t-dddd/);
  press("parent");
  term.write("t-cccc");
  term.type("enter");
  await untilOnDisk("t-aaaa", /^parent: t-cccc/m);
  press("create");
  term.write("Made here\r");
  await expect.poll(() => store.subjects()[0]).toMatch(/Made here/);
  // The cursor goes to it.
  await cursorOn("Made here");
  await cursorOn((await store.ayo("ticket", "list", "-q", "Made")).trim());
  press("answer");
  term.write("Blue\r");
  await term.untilScreen(/asks nothing|no question/);
  press("approve");
  await term.untilScreen((text) => !text.includes("ayo ticket approve"));
  expect(await status("t-aaaa")).not.toBe("open");
  store.judge();
});

test("space marks, and what follows is done with all that are marked", async () => {
  const { term, press, untilOnDisk, store } = await scene(FIVE);
  press("mark", "mark");
  await term.untilScreen("2 marked");
  press("close");
  await untilOnDisk("t-aaaa", "status: closed");
  await untilOnDisk("t-bbbb", "status: closed");
  await term.untilScreen((text) => !text.includes("marked"));
  expect(store.text("t-cccc")).toContain("status: open");
  press("undo");
  await untilOnDisk("t-aaaa", "status: open");
  await untilOnDisk("t-bbbb", "status: open");
  // The next key takes the message away.
  await term.untilScreen("Undid");
  press("view-list");
  await term.untilScreen("┌ list");
  press("mark-all");
  await term.untilScreen("5 marked");
  press("mark-all");
  await term.untilScreen((text) => !text.includes("marked"));
  press("mark", "clear");
  await term.untilScreen((text) => !text.includes("marked"));
});

test("an editor gets the terminal, and gives it back", async () => {
  const dir = (await tempStore()).dir;
  const editor = path.join(dir, "editor");
  writeFileSync(
    editor,
    `#!/bin/sh\nprintf 'editing\\n'; stty -a > "${dir}/stty"; read line; printf '%s\\n' "$line" >> "$1"\n`,
  );
  chmodSync(editor, 0o755);
  const { term, press, untilOnDisk, store } = await scene(FIVE, { env: { EDITOR: editor, VISUAL: editor } });
  press("edit");
  await term.untilScreen((text) => text.includes("editing"));
  expect(term.modes()).toMatchObject({ alternate: false, mouse: false, cursor: true });
  expect(term.stty()).toContain(" icanon");
  term.write("a line by hand\r");
  await untilOnDisk("t-aaaa", /a line by hand/);
  await term.untilScreen((text) => text.includes("t-bbbb") && text.includes("live"));
  expect(term.modes().alternate).toBe(true);
  press("create-in-editor");
  await term.untilScreen(/editing(.|\n)*editing/);
  term.write("told\r");
  await term.untilScreen((text) => text.includes("New ticket") && text.includes("live"));
  expect(store.files()).toHaveLength(6);
});

test(": runs any command of ayo, completed by Tab", async () => {
  const { term, press, untilOnDisk } = await scene(FIVE);
  press("command");
  term.write("ticket clo\t");
  await term.untilScreen(/: ticket close/);
  term.type("tab");
  term.write(" t-aa\t");
  await term.untilScreen(": ticket close t-aaaa");
  term.write(`-m "two words"\r`);
  await untilOnDisk("t-aaaa", /two words/);
  press("command");
  term.type("up");
  await term.untilScreen(/: ticket close t-aaaa/);
  term.type("escape");
  press("command");
  // What is typed while it is done comes after it.
  term.write("nonsense\rq");
  await term.untilScreen((text) => text.includes("Blocked") && !text.includes("nonsense"));
  press("command");
  term.write("ticket show t-bbbb\r");
  await term.untilScreen("ayo ticket show t-bbbb");
  term.type("q");
  // What would read keys, or never end, does neither.
  press("command");
  term.write("board --watch\r");
  await term.untilScreen("ayo board --watch");
  term.type("q");
  press("command");
  term.write("tui\r");
  await term.untilScreen("this is it already");
  press("command");
  term.write("q\r");
  expect(await term.code).toBe(0);
});

test("what stands in the inbox is put away, runs are ended, views of config.yml have digits", async () => {
  const { store, term, press } = await scene(FIVE);
  appendFileSync(
    path.join(store.tickets, "config.yml"),
    "views:\n  mine: { filter: 'tag:ui' }\n  late: { filter: 'project:apollo' }\n",
  );
  for (const id of ["t-aaaa", "t-bbbb"]) await store.ayo("ticket", "ask", id, `Which of ${id}?`, "--as", "@coder");
  const run = aRun(store, "t-cccc", { outcome: "failed" });
  press("put-away");
  await term.untilScreen("in the view inbox only");
  press("view-inbox");
  await term.untilScreen((text) => text.includes("Which of t-aaaa?") && text.includes("Which of t-bbbb?"));
  press("put-away");
  await expect.poll(async () => (await store.json<{ items: unknown[] }>("inbox")).items).toHaveLength(1);
  await term.untilScreen((text) => /1 of 1/.test(text));
  press("act");
  await term.untilScreen(/: ticket answer t-\w+/);
  term.type("escape");
  press("snooze");
  term.write("2h\r");
  await term.untilScreen("nothing needs you");
  press("view-agents");
  await term.untilScreen(`t-cccc/${run.n}`);
  press("stop-run");
  await term.untilScreen(/end the run .* y\/n/);
  term.type("y", "enter");
  await term.untilScreen(/has ended|is over|ended|no run/);
  // It is the ticket that is tried again: its run has another name.
  press("retry-run");
  await term.untilScreen((text) => !/ayo run retry/.test(text));
  expect(term.screen().join("\n")).not.toContain(`${run.n}' not found`);
  press("view-list", "view-1");
  await term.untilScreen((text) => text.includes("t-bbbb") && !text.includes("t-aaaa"));
  press("view-2");
  await term.untilScreen((text) => text.includes("t-cccc") && !text.includes("t-bbbb"));
  press("view-0");
  await term.untilScreen((text) => text.includes("t-aaaa") && text.includes("t-eeee"));
  for (const digit of ["3", "4", "5", "6", "7", "8", "9"]) {
    press(`view-${digit}`);
    await term.untilScreen("config.yml names 2 views");
  }
});

test("the mouse does as keys do", async () => {
  const { term, cursorOn } = await scene(FIVE);
  const at = (text: string): [number, number] => {
    const y = term.screen().findIndex((line) => line.includes(text));
    return [(term.screen()[y]?.indexOf(text) ?? 0) + 1, y];
  };
  term.mouse(...at(" t-cccc P"));
  await cursorOn("t-cccc");
  term.mouse(...at(" list "));
  await term.untilScreen(() => tab(term) === "list");
  term.mouse(...at(" t-bbbb P"));
  await cursorOn("t-bbbb");
  term.mouse(...at(" t-bbbb P"), "down");
  await cursorOn("t-eeee");
  term.mouse(...at(" t-bbbb P"));
  term.mouse(...at(" t-bbbb P"));
  await term.untilScreen((text) => text.includes("Second") && !text.includes("t-cccc"));
});

test("this file has seen every key of the table", () => {
  const left = builtDeeds()
    .map(({ name }) => name)
    .filter((name) => !seen.has(name));
  // test/tui/leaving.test.ts has ^Z, test/tui/store.test.ts the browser.
  expect(left).toEqual(["suspend", "browse"]);
});
