import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { addNote, createTicket, listTickets } from "../../../src/index.ts";
import { HEARD } from "../../../src/store/disk/heard.ts";
import { keepView } from "../../../src/store/disk/keepView.ts";
import { kept } from "../../../src/store/open/runtime.ts";
import { tempStore } from "../../helpers/tempStore.ts";

/** A store of some tickets that this process listens to, once it does. */
async function heardStore(count = 5) {
  const project = await tempStore();
  const lines = Array.from({ length: count }, (_, n) => JSON.stringify({ id: `t-${n}`, title: `Ticket ${n}` }));
  await project.run(["import", "-", "--from", "jsonl"], { input: lines.join("\n") });
  const store = project.open();
  keepView(store);
  const takes = async (): Promise<ReadonlySet<string> | undefined> => {
    await listTickets(store, {});
    await kept(store, HEARD)?.settle();
    // Taken and looked at by nobody: what is to be told is told to the next.
    const taken = store.index === undefined ? undefined : kept(store, HEARD)?.take(store.index);
    if (taken === undefined || taken.size > 0) kept(store, HEARD)?.lose();
    return taken;
  };
  await expect.poll(async () => (await takes())?.size, { timeout: 60_000 }).toBe(0);
  const title = async (id: string) => (await listTickets(store, {})).tickets.find((one) => one.id === id)?.title;
  return { project, store, takes, title, file: (id: string) => path.join(project.tickets, `${id}.md`) };
}

test("a process that listens looks at what it heard of, and misses nothing that was written before it was asked", async () => {
  const { store, title, file } = await heardStore();
  const handle = openSync(file("t-1"), "r+");
  for (let round = 0; round < 300; round++) {
    const text = readFileSync(file("t-0"), "utf8").replace(/^# .*$/m, `# Round ${round}`);
    writeFileSync(file("t-0"), text);
    expect(await title("t-0")).toBe(`Round ${round}`);
    // The same length, in place, by a file that was open before.
    const at = readFileSync(file("t-1"), "utf8").indexOf("# ") + 2;
    writeSync(handle, String(1_000_000 + round), at);
    expect(await title("t-1")).toContain(String(1_000_000 + round));
  }
  closeSync(handle);
  rmSync(file("t-2"));
  expect(await title("t-2")).toBeUndefined();
  await addNote(store, { id: "t-3", text: "seen" });
  expect(readFileSync(file("t-3"), "utf8")).toContain("seen");
});

test("of more changes at once than the system tells of, none is missed", async () => {
  const { title, file, project } = await heardStore();
  // Two by turns, since equal notifications are told as one; the kernel keeps 16,384, and nothing says what it dropped.
  const others = ["a.txt", "b.txt"].map((name) => path.join(project.tickets, name));
  const handles = others.map((other) => openSync(other, "a"));
  for (let n = 0; n < 20_000; n++) writeSync(handles[n % 2] as number, "x");
  for (const handle of handles) closeSync(handle);
  writeFileSync(file("t-4"), readFileSync(file("t-4"), "utf8").replace("Ticket 4", "After the flood"));
  expect(await title("t-4")).toBe("After the flood");
  for (const other of others) rmSync(other);
});

test("what others do while this process changes tickets is in its next answer", async () => {
  const { project, store, title, file } = await heardStore();
  for (let round = 0; round < 10; round++) {
    const [made] = await Promise.all([
      createTicket(store, { title: `Made ${round}` }),
      project.run(["ticket", "update", "t-0", "--set", `title=By another ${round}`]),
    ]);
    expect(await title("t-0")).toBe(`By another ${round}`);
    expect(await title(made.ticket.id)).toBe(`Made ${round}`);
    writeFileSync(file("t-1"), readFileSync(file("t-1"), "utf8").replace(/^# .*$/m, `# By hand ${round}`));
    await addNote(store, { id: "t-2", text: `note ${round}` });
    expect(await title("t-1")).toBe(`By hand ${round}`);
  }
  project.judge();
});
