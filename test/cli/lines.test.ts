import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

/** A day so many days from today in a time zone, as ISO has it. */
function dayFrom(days: number, zone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(Date.now() + days * 86_400_000);
}

test("a list's line says priority, whose it is, when it is due, and what it really waits for", async () => {
  const { ayo } = await tempStore();
  const done = await ayo("ticket", "create", "Done");
  const open = await ayo("ticket", "create", "Open", "-p", "1");
  const waits = await ayo(
    "ticket",
    "create",
    "Waits",
    "-a",
    "@coder",
    "--due",
    "2099-12-01",
    "--deps",
    `${done},${open}`,
  );
  await ayo("ticket", "create", "Late", "-p", "3", "--due", "2020-02-29");
  await ayo("ticket", "close", done);
  const line = `${waits} [P2][open] - Waits (@coder, due 2099-12-01) <- [${open}]`;
  expect(await ayo("ticket", "list", "waits")).toBe(line);
  expect(await ayo("ticket", "blocked")).toBe(line);
  expect(await ayo("ticket", "ready")).toMatch(
    /^\S+ \[P1\]\[open\] - Open\n\S+ \[P3\]\[open\] - Late \(overdue 2020-02-29\)$/,
  );
  await ayo("ticket", "cancel", waits);
  expect(await ayo("ticket", "list", "waits")).toBe(`${waits} [P2][cancelled] - Waits (@coder)`);
  expect(await ayo("ticket", "closed", "done")).toBe(`${done} [closed] - Done`);
});

test("what is late is told by the recap and on the board", async () => {
  const { ayo } = await tempStore();
  const late = await ayo("ticket", "create", "Pay the bill", "--due", "2020-02-29");
  await ayo("ticket", "create", "Later", "--due", "2099-02-28");
  expect(await ayo("recap")).toContain("needs you\n  was due 2020-02-29 (Pay the bill)");
  const board = await ayo("board");
  expect(board).toContain(`${late} P2 overdue`);
  expect(board.match(/overdue/g)).toHaveLength(1);
  await ayo("ticket", "close", late);
  expect(await ayo("recap")).not.toContain("was due");
});

test.each(["Pacific/Auckland", "UTC", "America/Los_Angeles"])(
  "what is due today is late tomorrow, in %s",
  async (zone) => {
    const { ayo, run } = await tempStore();
    const today = await ayo("ticket", "create", "Today", "--due", dayFrom(0, zone));
    await ayo("ticket", "create", "Yesterday", "--due", dayFrom(-1, zone));
    const { stdout } = await run(["ticket", "list", "is:overdue"], { env: { TZ: zone } });
    expect(stdout).toMatch(/^\S+ \[P2\]\[open\] - Yesterday \(overdue /);
    expect(stdout).not.toContain(today);
  },
);
