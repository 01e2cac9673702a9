import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { recapStore, startTickets } from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

/** The sections of a recap: the first words of each line's left side, and its command. */
function sections(page: string): Record<string, [left: string, command: string][]> {
  const found: Record<string, [string, string][]> = {};
  for (const block of page.split("\n\n").slice(1)) {
    const [title = "", ...lines] = block.split("\n");
    found[title] = lines.map((line) => {
      const at = line.lastIndexOf("  ayo ");
      return [line.slice(0, at).trim(), line.slice(at).trim()];
    });
  }
  return found;
}

test("a busy night: every section, every line with its command, in 80 columns; empty ones are left out", async () => {
  const store = await tempStore();
  const { ayo } = store;
  const make = (title: string, ...more: string[]) => ayo("ticket", "create", title, ...more);
  const first = await make("First of three that wait for each other, with a title that is too long for a line");
  const second = await make("Second", "--deps", first);
  await make("Third", "--deps", second);
  const asked = await make("Mail from our own domain");
  const reviewed = await make("Sign in");
  const done = await make("Tables");
  const skipped = await make("Skipped", "--deps", first);
  const taken = await make("Taken");
  const stale = await make("Stale");
  const work = await make("Work");
  await ayo("ticket", "start", work, "--as", "@coder");
  await ayo("ticket", "status", reviewed, "in_review", "--as", "@coder");
  await ayo("ticket", "close", done, "--as", "@coder");
  store.write(asked, store.text(asked).replace("priority: 2", "priority: 2\nquestion: Which provider?"));
  store.write(skipped, store.text(skipped).replace("status: open", "status: closed"));
  const ago = (hours: number) => store.open({ now: () => Date.now() - hours * 3_600_000 });
  for (const [hours, as] of [
    [10, "@a"],
    [5, "@b"],
    [0, "@c"],
  ] as const) {
    await startTickets(ago(hours), { ids: [taken], as });
  }
  await startTickets(ago(1), { ids: [stale], as: "@old" });
  store.write("broken", "---\nid: [\n---\n");
  const page = await ayo("recap");
  for (const line of page.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(page.split("\n")[0]).toMatch(/^the last day, since \d{4}-\d\d-\d\d \d\d:\d\d \(1d ago\)$/);
  const told = sections(page);
  expect(Object.keys(told)).toEqual([
    "needs you",
    "waiting for review",
    "look twice",
    "closed",
    "in work",
    "ready next",
  ]);
  expect(told["needs you"]).toEqual([
    ["Which provider? (Mail from our own domain)", `ayo ticket answer ${asked}`],
    [expect.stringMatching(/^broken\.md:\d: /), "ayo ticket show broken"],
  ]);
  expect(told["waiting for review"]).toEqual([
    [expect.stringMatching(/\d+s Sign in$/), `ayo ticket approve ${reviewed}`],
  ]);
  expect(told["look twice"]).toEqual([
    ["closed by hand, past the gate: Test User Skipped", `ayo ticket history ${skipped}`],
    ["taken over 2 times: @c Taken", `ayo ticket history ${taken}`],
    ["the claim ran out: @old Stale", `ayo ticket show ${stale}`],
  ]);
  expect(told.closed?.map(([, command]) => command).sort()).toEqual(
    [`ayo ticket show ${done}`, `ayo ticket show ${skipped}`].sort(),
  );
  expect(told["in work"]?.map(([left, command]) => [left.split(" ")[0], command]).sort()).toEqual(
    [
      ["@c", `ayo ticket show ${taken}`],
      ["@coder", `ayo ticket show ${work}`],
    ].sort(),
  );
  expect(told["ready next"]).toContainEqual([
    expect.stringMatching(/^P2 unlocks 2 First of three.*…$/),
    `ayo ticket start ${first}`,
  ]);
});

test("the next recap tells what came since, of each person by itself; --since looks without a trace", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "First");
  await store.ayo("ticket", "close", id);
  const closed = async (...args: string[]) => (await store.json<{ closed: { id: string }[] }>("recap", ...args)).closed;
  expect(await closed("--since", "1h")).toHaveLength(1);
  const head = git(store.tickets, "rev-parse", "HEAD");
  expect(await closed("--since", head)).toEqual([]);
  expect(await closed()).toMatchObject([{ id, by: "Test User", status: "closed" }]);
  expect(await closed()).toEqual([]);
  expect(await closed("--as", "@lead")).toHaveLength(1);
  const { from } = await store.json<{ from: string }>("recap");
  expect(from).toBe("last_look");
  expect(readdirSync(path.join(store.tickets, ".git/ayo/recap")).sort()).toEqual(["%40lead.json", "Test%20User.json"]);
  const other = await store.ayo("ticket", "create", "Second");
  await store.ayo("ticket", "cancel", other);
  expect(await closed()).toMatchObject([{ id: other, status: "cancelled" }]);
  store.judge();
});

test("a quiet store says so, and nonsense is refused", async () => {
  const store = await tempStore();
  expect((await store.ayo("recap")).split("\n\n")[1]).toBe("nothing needs you, and nothing can be begun");
  const refused = await store.run(["recap", "--since", "soon"]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("since 'soon' is neither a time")]);
  const id = await store.ayo("ticket", "create", "Work");
  await store.ayo("ticket", "start", id);
  const later = () => Date.now() + 96 * 3_600_000;
  const { lookTwice, inWork } = await recapStore(store.open({ now: later }), { since: "1h" });
  expect([lookTwice.map(({ id: one, kind }) => [one, kind]), inWork]).toEqual([[[id, "stale"]], []]);
});
