import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTicket, listTickets } from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** An inline store with so many tickets, in a project with sources that are committed. */
async function inlineStore(count: number): Promise<TempStore & { readonly ids: readonly string[] }> {
  const store = await tempStore({ inline: true });
  mkdirSync(path.join(store.dir, "src"));
  writeFileSync(path.join(store.dir, "src", "a.ts"), "a\n");
  git(store.dir, "add", "src");
  git(store.dir, "commit", "--quiet", "-m", "sources");
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await createTicket(store.open(), { title: `Ticket ${n}` })).ticket.id);
  return { ...store, ids };
}

const committed = ({ dir }: TempStore): string[] =>
  git(dir, "ls-tree", "--name-only", "HEAD", ".tickets/")
    .split("\n")
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.basename(name, ".md"))
    .sort();

const deletions = ({ dir }: TempStore): string =>
  git(dir, "log", "--diff-filter=D", "--format=", "--name-only", "--", ".tickets");

describe("tickets that a sparse checkout leaves out are not gone", () => {
  const hide: readonly (readonly [name: string, hide: (store: TempStore, ids: readonly string[]) => void])[] = [
    [
      "patterns without a cone",
      ({ dir }, ids) =>
        void git(dir, "sparse-checkout", "set", "--no-cone", "/*", ...ids.map((id) => `!/.tickets/${id}.md`)),
    ],
    [
      "skip-worktree set by hand",
      ({ dir, tickets }, ids) => {
        git(dir, "update-index", "--skip-worktree", ...ids.map((id) => `.tickets/${id}.md`));
        for (const id of ids) rmSync(path.join(tickets, `${id}.md`));
      },
    ],
    [
      "assume-unchanged",
      ({ dir, tickets }, ids) => {
        git(dir, "update-index", "--assume-unchanged", ...ids.map((id) => `.tickets/${id}.md`));
        for (const id of ids) rmSync(path.join(tickets, `${id}.md`));
      },
    ],
  ];

  test.each(hide)("%s: they stay in the branch, others are written, git is content", async (_, leaveOut) => {
    const store = await inlineStore(14);
    const { dir, ids } = store;
    const [kept = "", ...out] = ids as string[];
    // Git leaves files where they are that its index has not looked at.
    git(dir, "update-index", "-q", "--refresh");
    leaveOut(store, out);
    const flags = git(dir, "ls-files", "-v");
    expect(git(dir, "status", "--porcelain")).toBe("");
    const list = await store.run(["ticket", "list", "-q"]);
    expect([list.stdout, list.stderr]).toEqual([
      `${kept}\n`,
      expect.stringMatching(
        /^warning: \.: 13 tickets are left out of this worktree by git: '[^']+' brings them back\n$/,
      ),
    ]);
    await store.ayo("ticket", "note", kept, "seen");
    const { ticket } = await createTicket(store.open(), { title: "New" });
    expect(committed(store)).toEqual([...ids, ticket.id].sort());
    expect([deletions(store), store.subjects().filter((line) => line.includes("by hand"))]).toEqual(["", []]);
    const others = git(dir, "ls-files", "-v").split("\n");
    for (const line of flags.split("\n")) expect(others).toContain(line);
    store.judge();
    expect(await store.ayo("doctor")).toContain("Nothing is wrong");
  });

  test("a command that means one is told why it is not found, and nothing is changed", async () => {
    const store = await inlineStore(2);
    const [here = "", out = ""] = store.ids;
    git(store.dir, "update-index", "-q", "--refresh");
    git(store.dir, "sparse-checkout", "set", "--no-cone", "/*", `!/.tickets/${out}.md`);
    const head = git(store.dir, "rev-parse", "HEAD");
    for (const args of [
      ["ticket", "close", out],
      ["ticket", "show", out.slice(-4)],
      ["ticket", "dep", "add", here, out],
    ]) {
      const { code, stdout, stderr } = await store.run([...args, "--json"]);
      const { error } = JSON.parse(stderr);
      expect([code, stdout, error.code]).toEqual([1, "", "not_found"]);
      expect(error.message).toBe(`${out} is left out of this worktree by git (sparse checkout)`);
      expect(error.try.slice(-2)).toEqual(["sparse-checkout", "disable"]);
    }
    const again = JSON.stringify({ id: out, title: "Another of that name" });
    const imported = await store.run(["import", "-", "--from", "jsonl"], { input: `${again}\n` });
    expect(imported.stderr).toContain(`skipped ${out}: left out of this worktree`);
    expect([git(store.dir, "rev-parse", "HEAD"), existsSync(path.join(store.tickets, `${out}.md`))]).toEqual([
      head,
      false,
    ]);
    git(store.dir, "sparse-checkout", "disable");
    expect(await store.ayo("ticket", "close", out)).toContain(out);
    store.judge();
  });

  test("a deletion by hand beside them is committed as ever, and reapplied patterns delete nothing", async () => {
    const store = await inlineStore(4);
    const [first = "", second = "", ...out] = store.ids as string[];
    git(store.dir, "update-index", "-q", "--refresh");
    git(store.dir, "sparse-checkout", "set", "--no-cone", "/*", ...out.map((id) => `!/.tickets/${id}.md`));
    rmSync(path.join(store.tickets, `${first}.md`));
    await store.ayo("ticket", "note", second, "seen");
    expect(deletions(store)).toBe(`.tickets/${first}.md`);
    git(store.dir, "sparse-checkout", "reapply");
    await store.ayo("ticket", "note", second, "again");
    expect(committed(store)).toEqual([second, ...out].sort());
    expect(readFileSync(path.join(store.tickets, "archive", "deleted"), "utf8")).toBe(`${first}\n`);
    git(store.dir, "sparse-checkout", "disable");
    expect((await listTickets(store.open(), {})).tickets.map(({ id }) => id).sort()).toEqual([second, ...out].sort());
    store.judge();
  });

  test("a store that is left out as a whole is not begun anew", async () => {
    const store = await inlineStore(1);
    git(store.dir, "update-index", "-q", "--refresh");
    git(store.dir, "sparse-checkout", "set", "--cone", "src");
    expect(existsSync(store.tickets)).toBe(false);
    const head = git(store.dir, "rev-parse", "HEAD");
    for (const args of [["init", "--inline"], ["init"], ["ticket", "create", "Never"]]) {
      const { code, stderr } = await store.run([...args, "--json"]);
      const { error } = JSON.parse(stderr);
      expect([code, error.code, error.message]).toEqual([
        1,
        "no_store",
        expect.stringContaining("left out of this worktree"),
      ]);
    }
    expect([git(store.dir, "rev-parse", "HEAD"), existsSync(store.tickets)]).toEqual([head, false]);
    git(store.dir, "sparse-checkout", "add", ".tickets");
    await store.ayo("ticket", "create", "Now");
    store.judge();
  });
});

test("a store that is left out whole is left out for those who read, too, and not missing", async () => {
  const store = await tempStore({ inline: true });
  await store.ayo("ticket", "create", "One");
  git(store.repo, "add", ".tickets");
  git(store.repo, "commit", "--quiet", "--allow-empty", "-m", "all of it");
  git(store.repo, "sparse-checkout", "set", "src");
  expect(existsSync(store.tickets)).toBe(false);
  for (const words of [["ticket", "list"], ["ticket", "ready"], ["doctor"], ["board"], ["ticket", "create", "Two"]]) {
    const { code, stderr } = await store.run(words);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("is left out of this worktree by git (sparse checkout)"),
    ]);
  }
  git(store.repo, "sparse-checkout", "disable");
  expect(await store.ayo("ticket", "list")).toContain("One");
});
