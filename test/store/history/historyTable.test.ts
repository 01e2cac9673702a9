import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addNote, createTicket } from "../../../src/index.ts";
import { formatRow, parseRow } from "../../../src/store/history/historyRow.ts";
import { findRow, readHistory, rowsBackwards } from "../../../src/store/history/historyTable.ts";
import { ticketSteps } from "../../../src/store/history/ticketHistory.ts";
import type { Store } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

const oid = fc.stringMatching(/^[0-9a-f]{40}$/);
const blob = fc.option(oid, { nil: null });
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });

test("a row reads back whatever is in its names", () => {
  const change = fc.record(
    { path: text, before: blob, after: blob, from: text },
    { requiredKeys: ["path", "before", "after"] },
  );
  const row = fc.record({
    oid,
    parents: fc.array(oid, { maxLength: 3 }),
    time: fc.nat(),
    actor: text.filter((actor) => actor !== "-"),
    event: fc.constantFrom("closed", undefined),
    byHand: fc.boolean(),
    subject: text.filter((subject) => subject !== "-"),
    changes: fc.array(change, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(row, (one) => {
      expect(parseRow(formatRow(one))).toMatchObject(one);
    }),
  );
});

/** What the real git says that the table must say: each commit that is no merge, with paths and blobs. */
function asGitTells({ repo }: TempStore, prefix: string): Map<string, string[]> {
  const flags = ["--no-merges", "--raw", "--root", "--no-abbrev", "--no-renames", "--format=%H"];
  const rows = new Map<string, string[]>();
  let changes: string[] = [];
  for (const line of git(repo, "-c", "core.quotePath=false", "log", ...flags).split("\n")) {
    const [, before = "", after = "", name = ""] = /^:\S+ \S+ (\S+) (\S+) .\t(.*)$/.exec(line) ?? [];
    if (/^[0-9a-f]{40}$/.test(line)) {
      changes = [];
      rows.set(line, changes);
    } else if (name.startsWith(prefix) && name !== "") {
      changes.push(`${name.slice(prefix.length)} ${known(before)} ${known(after)}`);
    }
  }
  return rows;
}

const known = (blobId: string) => (/^0+$/.test(blobId) ? null : blobId);

async function tableOf(store: Store) {
  return new Map(
    [...rowsBackwards(await readHistory(store))].map((row) => [
      row.oid,
      { ...row, told: row.changes.map((one) => `${one.path} ${one.before} ${one.after}`) },
    ]),
  );
}

async function expectAsGit(temp: TempStore, prefix = ""): Promise<void> {
  const rows = await tableOf(temp.open());
  const told = asGitTells(temp, prefix);
  for (const [commit, changes] of told)
    expect([commit, rows.get(commit)?.told.sort()]).toEqual([commit, changes.sort()]);
  expect(rows.size).toBe(Number(git(temp.repo, "rev-list", "--count", "HEAD")));
}

const tableFile = ({ repo }: TempStore) => path.join(repo, ".git/ayo/history.table");

describe.each([
  ["an own store", false],
  ["an inline store", true],
])("%s", (_, inline) => {
  test("is followed commit by commit, also those of git, and made again when it is lost or torn", async () => {
    const temp = await tempStore({ inline });
    const prefix = inline ? ".tickets/" : "";
    const file = inline ? path.join(temp.repo, ".git/ayo/.tickets/history.table") : tableFile(temp);
    const { ticket } = await createTicket(temp.open(), { title: "Ünïcode title" });
    await expectAsGit(temp, prefix);
    await addNote(temp.open(), { id: ticket.id, text: "one" });
    writeFileSync(path.join(temp.tickets, "mit leer zeichen.md"), "---\nid: x-1\nstatus: open\n---\n# X\n");
    mkdirSync(path.join(temp.dir, "src"), { recursive: true });
    writeFileSync(path.join(temp.repo, "src.txt"), "code\n");
    git(temp.repo, "add", ".");
    git(temp.repo, "commit", "--quiet", "--message=by git");
    await expectAsGit(temp, prefix);
    const whole = readFileSync(file);
    appendFileSync(file, "torn by a cra");
    await expectAsGit(temp, prefix);
    expect(readFileSync(file)).toEqual(whole);
    rmSync(file);
    await expectAsGit(temp, prefix);
    expect(readFileSync(file)).toEqual(whole);
    const before = whole.length;
    await addNote(temp.open(), { id: ticket.id, text: "two" });
    await expectAsGit(temp, prefix);
    // It grew; nothing of it was written again.
    expect(readFileSync(file).subarray(0, before)).toEqual(whole);
  });

  test("forgets what a rewritten branch lost, and keeps what it still has", async () => {
    const temp = await tempStore({ inline });
    const prefix = inline ? ".tickets/" : "";
    const { ticket } = await createTicket(temp.open(), { title: "A" });
    await addNote(temp.open(), { id: ticket.id, text: "one" });
    await addNote(temp.open(), { id: ticket.id, text: "two" });
    await expectAsGit(temp, prefix);
    const lost = git(temp.repo, "rev-parse", "HEAD");
    git(temp.repo, "commit", "--quiet", "--amend", "--message=another");
    await expectAsGit(temp, prefix);
    expect(findRow(await readHistory(temp.open()), lost)).toBeUndefined();
    git(temp.repo, "reset", "--quiet", "--hard", "HEAD~1");
    await expectAsGit(temp, prefix);
    expect(ticketSteps(await readHistory(temp.open()), ticket.id)).toHaveLength(2);
  });
});

test("of a merge only what it changed itself is told; the joined commits speak for themselves", async () => {
  const temp = await tempStore({ inline: true });
  const { ticket: first } = await createTicket(temp.open(), { title: "A" });
  git(temp.repo, "checkout", "--quiet", "-b", "side");
  await addNote(temp.open(), { id: first.id, text: "on the side" });
  const { ticket: second } = await createTicket(temp.open(), { title: "B" });
  git(temp.repo, "checkout", "--quiet", "main");
  await addNote(temp.open(), { id: first.id, text: "on main" });
  await readHistory(temp.open());
  git(temp.repo, "merge", "--quiet", "--strategy=ours", "--message=merge", "side");
  git(temp.repo, "checkout", "side", "--", `.tickets/${second.id}.md`);
  writeFileSync(path.join(temp.tickets, `${first.id}.md`), `${temp.text(first.id)}\nBoth.\n`);
  git(temp.repo, "commit", "--quiet", "--amend", "--all", "--no-edit");
  await expectAsGit(temp, ".tickets/");
  const rows = await tableOf(temp.open());
  const merge = rows.get(git(temp.repo, "rev-parse", "HEAD"));
  expect(merge?.parents).toHaveLength(2);
  expect(merge?.changes.map((change) => change.path)).toEqual([`${first.id}.md`]);
  expect(ticketSteps(await readHistory(temp.open()), first.id)).toHaveLength(4);
  expect(ticketSteps(await readHistory(temp.open()), second.id)).toHaveLength(1);
});

test("a shallow clone ends quietly at its edge, of which nothing is told", async () => {
  const temp = await tempStore();
  const { ticket } = await createTicket(temp.open(), { title: "A" });
  for (const note of ["one", "two", "three"]) await addNote(temp.open(), { id: ticket.id, text: note });
  const copy = path.join(temp.dir, "copy");
  git(temp.dir, "clone", "--quiet", "--depth=3", `file://${temp.tickets}`, path.join(copy, ".tickets"));
  const { openStore } = await import("../../../src/index.ts");
  const { testHost } = await import("../../helpers/tempStore.ts");
  const table = await readHistory(openStore({ dir: path.join(copy, ".tickets") }, testHost(copy)));
  const rows = [...rowsBackwards(table)];
  expect(rows.map(({ changes }) => changes.length)).toEqual([1, 1, 0]);
  expect(existsSync(path.join(copy, ".tickets/.git/ayo/history.table"))).toBe(true);
});

test("hundreds of commits are asked of git, loose or packed, and without git the answer is the same", async () => {
  const temp = await tempStore();
  const { ticket } = await createTicket(temp.open(), { title: "A" });
  const stream = Array.from({ length: 400 }, (_, n) => {
    const data = (content: string) => `data ${Buffer.byteLength(content)}\n${content}\n`;
    const message = `note\n\nTicket: ${ticket.id}\nEvent: noted\nActor: @a${n % 3}\n`;
    const from = n === 0 ? "from refs/heads/ayo/tickets^0\n" : "";
    return `commit refs/heads/ayo/tickets\ncommitter T <t@e.c> ${1_800_000_000 + n} +0000\n${data(message)}${from}M 100644 inline t-${n % 7}.md\n${data(`${n}\n`)}`;
  });
  const { spawnSync } = await import("node:child_process");
  const { hermeticEnv, sharedHome } = await import("../../helpers/hermeticEnv.ts");
  const env = hermeticEnv(sharedHome());
  spawnSync("git", ["fast-import", "--quiet"], { cwd: temp.tickets, env, input: stream.join("") });
  await expectAsGit(temp);
  const withGit = readFileSync(tableFile(temp));
  rmSync(tableFile(temp));
  const host = { env: { ...env, PATH: path.join(temp.dir, "no-such-folder") } };
  await readHistory(temp.open(host));
  expect(readFileSync(tableFile(temp)).equals(withGit)).toBe(true);
});
