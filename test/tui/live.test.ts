import { existsSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { lockHolder } from "../helpers/lockHolder.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

const FOUR = { "t-aaaa": "First", "t-bbbb": "Second", "t-cccc": "Third", "t-dddd": "Fourth" };

/** Four tickets, one below the other. */
async function list(cols = 90) {
  const store = await tempStore();
  writeTickets(store, FOUR);
  await store.ayo("ticket", "list");
  const term = await openTerminal(store.dir, { cols, rows: 14, args: ["--view", "list"] });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-dddd"));
  return { store, term };
}

/** The line with the cursor. */
function cursorLine(term: TestTerminal): string {
  const y = term.screen().findIndex((_, at) => at > 1 && term.cell(4, at).inverse);
  return term.screen()[y] ?? "";
}

test("what others change shows, and the cursor stays on its ticket", async () => {
  const { store, term } = await list();
  term.type("j", "j");
  await term.untilScreen(() => cursorLine(term).includes("t-cccc"));
  await store.ayo("ticket", "create", "Pressing", "-p", "0");
  await term.untilScreen("Pressing");
  expect(cursorLine(term)).toContain("t-cccc");
  await store.ayo("ticket", "start", "t-cccc");
  await term.untilScreen(() => /t-cccc.*in_progress/.test(term.text()));
  expect(cursorLine(term)).toContain("t-cccc");
  store.write("t-cccc", store.text("t-cccc").replace("# Third", "# Renamed by hand"));
  await term.untilScreen("Renamed by hand");
  expect(cursorLine(term)).toContain("t-cccc");
  // Deleted under the cursor, while it is asked about.
  term.type("m");
  await term.untilScreen("move to a column");
  await store.ayo("ticket", "delete", "t-cccc", "--yes");
  await term.untilScreen((text) => !text.includes("Renamed by hand"));
  term.type("enter");
  await term.untilScreen(/no ticket|t-cccc/);
  expect(cursorLine(term)).toMatch(/t-/);
  // Marks of what is gone are gone.
  term.type("g g", "space");
  await term.untilScreen("1 marked");
  const id = /t-\w+|\w+-\w{4}/.exec(cursorLine(term))?.[0] ?? "";
  expect(id).not.toBe("");
});

test("what is refused says why, and nothing is changed", async () => {
  const { store, term } = await list(120);
  await store.ayo("ticket", "claim", "t-aaaa", "--as", "@coder");
  await term.untilScreen("@coder");
  term.type("s");
  await term.untilScreen(/claimed|@coder has/);
  await term.untilScreen((text) => /claim/.test(text.split("\n").at(-1) ?? ""));
  term.type("A");
  await term.untilScreen((text) => /review/.test(text.split("\n").at(-1) ?? ""));
  term.type("D");
  term.write("never ever\r");
  await term.untilScreen((text) => /'never ever' is not|never ever.*(day|date)/.test(text.split("\n").at(-1) ?? ""));
  expect(store.text("t-aaaa")).not.toContain("due");
  // A day that is named nowhere in the list.
  term.type("D");
  term.write("2031-02-03\r");
  await expect.poll(() => store.text("t-aaaa")).toContain("due: 2031-02-03");
});

test("a filter that makes no sense says so, and the list stays", async () => {
  const { term } = await list();
  term.type("/");
  term.write("is:nonsense");
  await term.untilScreen((text) => /nonsense/.test(text) && text.includes("t-aaaa"));
  term.type("enter");
  await term.untilScreen((text) => text.split("\n").at(-1)?.includes("nonsense") === true);
  expect(term.text()).toContain("t-dddd");
  term.type("/", "ctrl+u");
  term.write("Second");
  await term.untilScreen((text) => text.includes("t-bbbb") && !text.includes("t-aaaa"));
  term.type("escape");
  await term.untilScreen("nonsense");
  term.type("escape");
  await term.untilScreen((text) => text.includes("t-aaaa") && !text.includes("nonsense"));
  // What was typed before comes back.
  term.type("/", "up");
  await term.untilScreen("/ is:nonsense");
});

test("a config or a ticket that cannot be read says where, and is live again when that is mended", async () => {
  const { store, term } = await list(120);
  const config = path.join(store.tickets, "config.yml");
  const good = store.text("t-bbbb");
  const before = (await import("node:fs")).readFileSync(config, "utf8");
  writeFileSync(config, `${before}\nboard: [nonsense\n`);
  await term.untilScreen((text) => /config\.yml/.test(text.split("\n").at(-1) ?? ""));
  expect(term.text()).toContain("t-aaaa");
  term.type("j");
  await term.untilScreen(() => cursorLine(term).includes("t-bbbb"));
  writeFileSync(config, before);
  await term.untilScreen((text) => !text.includes("config.yml"));
  store.write("t-bbbb", "---\nid: t-bbbb\nstatus: [open\n---\n# Broken\n");
  await term.untilScreen(/t-bbbb.md|cannot be read|1 problem/);
  store.write("t-bbbb", good);
  await term.untilScreen((text) => text.includes("Second") && text.includes("t-aaaa"));
});

test("a store that goes while it runs is told of, and comes back; one that was deleted is not made again", async () => {
  const { store, term } = await list(120);
  const isGone = (text: string): boolean => /is gone|no ticket store/.test(text.split("\n").at(-1) ?? "");
  renameSync(store.tickets, `${store.tickets}.away`);
  term.type("ctrl+l");
  await term.untilScreen(isGone);
  // Its answer is what was told last.
  term.type("s", "g m");
  await term.untilScreen(/Messages(.|\n)*\d\d:\d\d:\d\d +\S/);
  term.type("q");
  renameSync(`${store.tickets}.away`, store.tickets);
  term.type("ctrl+l");
  await term.untilScreen((text) => text.includes("t-aaaa") && !isGone(text) && !text.includes("Messages"));
  // It goes while a change waits for its turn.
  const unlock = await lockHolder(path.join(store.tickets, ".git/ayo"));
  term.type("s");
  await term.untilScreen(/ayo ticket start .*…/);
  renameSync(store.tickets, `${store.tickets}.away`);
  await unlock.end();
  term.type("ctrl+l", "g m");
  await term.untilScreen((text) => text.split("\n").filter((line) => /\d\d:\d\d:\d\d +\S/.test(line)).length === 2);
  term.type("q");
  await term.untilScreen(isGone);
  expect(existsSync(store.tickets)).toBe(false);
  term.type("q");
  expect(await term.code).toBe(0);
  expect(existsSync(store.tickets)).toBe(false);
});

test("keys act on the store that the board was opened for, wherever it was started", async () => {
  const [here, other] = [await tempStore(), await tempStore()];
  for (const store of [here, other]) writeTickets(store, FOUR);
  const term = await openTerminal(here.dir, { cols: 90, rows: 14, args: ["--view", "list", "--dir", other.tickets] });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-dddd"));
  term.type("x");
  await expect.poll(() => other.text("t-aaaa")).toContain("status: closed");
  term.type(":");
  term.write("ticket note t-bbbb Beside\r");
  await expect.poll(() => other.text("t-bbbb")).toContain("Beside");
  for (const id of ["t-aaaa", "t-bbbb"]) expect(here.text(id)).not.toMatch(/closed|Beside/);
});
