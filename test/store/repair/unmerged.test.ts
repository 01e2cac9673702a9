import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTicket, listTickets } from "../../../src/index.ts";
import { git, mergeByLine } from "../../helpers/git.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** A store with two tickets. */
async function withTwo(inline: boolean): Promise<TempStore & { readonly id: string; readonly other: string }> {
  const store = await tempStore({ inline });
  mergeByLine(store.repo);
  const { ticket } = await createTicket(store.open(), { title: "Build login", description: "Text" });
  const { ticket: other } = await createTicket(store.open(), { title: "Write docs" });
  return { ...store, id: ticket.id, other: other.id };
}

/** The path of a ticket as git in the store's repository knows it. */
const inGit = (inline: boolean, id: string): string => (inline ? `.tickets/${id}.md` : `${id}.md`);

const status = ({ repo }: TempStore): string => git(repo, "status", "--porcelain");

/** Leaves a ticket unmerged without any operation in progress: a stash that does not fit any more. */
async function stashConflict(store: TempStore, id: string): Promise<void> {
  store.write(id, store.text(id).replace("priority: 2", "priority: 0"));
  git(store.repo, "stash", "--quiet");
  await store.ayo("ticket", "update", id, "--priority", "4");
  expect(() => git(store.repo, "stash", "pop")).toThrow(/CONFLICT|exit 1/);
}

describe.each([
  ["own", false],
  ["inline", true],
])("an unmerged path of a store (%s)", (_, inline) => {
  test("stays unmerged until a person settles it; other tickets go on", async () => {
    const store = await withTwo(inline);
    const { id, other, repo } = store;
    const file = inGit(inline, id);
    await stashConflict(store, id);
    const stages = git(repo, "ls-files", "--unmerged");
    const text = store.text(id);
    expect(text).toContain("<<<<<<< ");
    const list = await store.here(["ticket", "list", "-q"]);
    expect(list).toMatchObject({ code: 0, stdout: `${other}\n`, stderr: expect.stringContaining(`git add ${file}`) });
    for (const args of [
      ["ticket", "note", id, "x"],
      ["ticket", "close", id],
      ["ticket", "delete", id, "--yes"],
    ]) {
      const { code, stderr } = await store.here([...args, "--json"]);
      const { error } = JSON.parse(stderr);
      expect([code, error.code, error.message]).toEqual([1, "bad_ticket", expect.stringContaining(`git add ${file}`)]);
    }
    await store.ayo("ticket", "note", other, "goes on");
    expect([git(repo, "ls-files", "--unmerged"), status(store), store.text(id)]).toEqual([stages, `UU ${file}`, text]);
    // A person takes the marks out, and has not told git yet.
    store.write(id, `${git(repo, "show", `HEAD:${file}`).replace("priority: 4", "priority: 1")}\n`);
    await store.ayo("ticket", "note", other, "goes on still");
    expect([git(repo, "ls-files", "--unmerged"), status(store)]).toEqual([stages, `UU ${file}`]);
    git(repo, "add", file);
    await store.ayo("ticket", "note", id, "ayo goes on");
    expect(store.subjects().slice(0, 2)).toEqual([`note ${id}: ayo goes on`, `edit ${id} by hand: priority 4 → 1`]);
    store.judge();
  });

  test("settled with exactly what is committed: nothing takes the conflict away but git add", async () => {
    const store = await withTwo(inline);
    const { id, repo } = store;
    const file = inGit(inline, id);
    await stashConflict(store, id);
    const stages = git(repo, "ls-files", "--unmerged");
    writeFileSync(path.join(store.tickets, `${id}.md`), `${git(repo, "show", `HEAD:${file}`)}\n`);
    const { code, stderr } = await store.here(["ticket", "note", id, "too early"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`git add ${file}`)]);
    expect(git(repo, "ls-files", "--unmerged")).toBe(stages);
    git(repo, "add", file);
    await store.ayo("ticket", "note", id, "now");
    store.judge();
  });

  test("deleted here and changed there: neither deleted nor kept by ayo", async () => {
    const store = await withTwo(inline);
    const { id, other, repo } = store;
    const file = inGit(inline, id);
    store.write(id, store.text(id).replace("priority: 2", "priority: 0"));
    git(repo, "stash", "--quiet");
    await store.ayo("ticket", "delete", id, "--yes");
    expect(() => git(repo, "stash", "pop")).toThrow();
    expect(status(store)).toBe(`DU ${file}`);
    await store.ayo("ticket", "note", other, "goes on");
    expect(status(store)).toBe(`DU ${file}`);
    git(repo, "rm", "--quiet", file);
    await store.ayo("ticket", "note", other, "goes on still");
    store.judge();
  });

  test("marks that a person committed in git's place are told, and no command builds on them", async () => {
    const store = await withTwo(inline);
    const { id, other, repo } = store;
    const head = git(repo, "rev-parse", "HEAD");
    const text = store.text(id).replace("Text", "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side");
    store.write(id, text);
    const line = text.split("\n").indexOf("<<<<<<< HEAD") + 1;
    const list = await store.here(["ticket", "list"]);
    expect(list.stderr).toContain(`${id}.md:${line}: git conflict markers: `);
    await store.ayo("ticket", "note", other, "goes on");
    expect(git(repo, "diff", "--name-only", head, "HEAD")).toBe(inGit(inline, other));
    expect(store.text(id)).toBe(text);
  });
});

/** A clone of an own store in which a pull meets a conflict in `id`, and brings other tickets. */
async function pulled(): Promise<
  TempStore & { readonly id: string; readonly other: string; readonly brought: string }
> {
  const store = await withTwo(false);
  const { id, other, repo } = store;
  git(repo, "branch", "theirs");
  await store.ayo("ticket", "update", id, "--priority", "4");
  git(repo, "worktree", "add", "--quiet", path.join(store.dir, "wt"), "theirs");
  const theirs = path.join(store.dir, "wt");
  const file = path.join(theirs, `${id}.md`);
  writeFileSync(file, readFileSync(file, "utf8").replace("priority: 2", "priority: 0"));
  writeFileSync(path.join(theirs, "brought-1.md"), "---\nid: brought-1\nstatus: open\n---\n# Brought\n");
  git(theirs, "add", ".");
  git(theirs, "commit", "--quiet", "-m", "theirs");
  git(repo, "worktree", "remove", theirs);
  return { ...store, id, other, brought: "brought-1" };
}

describe("a pull that meets a conflict in an own store", () => {
  test.each(["merge", "rebase"])(
    "%s: changes wait until the person has finished, and nothing is swept in",
    async (how) => {
      const store = await pulled();
      const { id, other, brought, repo } = store;
      expect(() => git(repo, how, "theirs")).toThrow();
      const head = git(repo, "rev-parse", "HEAD");
      const noted = await store.here(["ticket", "note", other, "meanwhile"]);
      expect([noted.code, noted.stderr]).toEqual([
        0,
        expect.stringContaining(`commit deferred: a ${how} is in progress`),
      ]);
      const refused = await store.here(["ticket", "close", id]);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("unmerged in git")]);
      expect([git(repo, "rev-parse", "HEAD"), status(store)]).toEqual([head, expect.stringContaining(`UU ${id}.md`)]);
      writeFileSync(path.join(store.tickets, `${id}.md`), git(repo, "show", `theirs:${id}.md`));
      // Git goes on with a rebase only where nothing is unstaged: the person takes the note along.
      git(repo, "add", ...(how === "merge" ? [`${id}.md`] : ["."]));
      git(repo, "-c", "core.editor=true", ...(how === "merge" ? ["commit", "--quiet"] : ["rebase", "--continue"]));
      await store.ayo("ticket", "note", id, "after");
      expect(store.subjects()[0]).toBe(`note ${id}: after`);
      if (how === "merge") expect(store.subjects()[1]).toBe(`note ${other}: meanwhile`);
      expect(git(repo, "show", `HEAD:${other}.md`)).toContain("meanwhile");
      expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
      const { tickets } = await listTickets(store.open(), {});
      expect(tickets.map((one) => one.id).sort()).toEqual([brought, id, other].sort());
      store.judge();
    },
  );

  test("more than ten tickets that the other side deleted are no accident", async () => {
    const store = await withTwo(false);
    const { id, repo, tickets } = store;
    for (let n = 0; n < 12; n++) await createTicket(store.open(), { title: `T${n}` });
    git(repo, "branch", "theirs");
    await store.ayo("ticket", "update", id, "--priority", "4");
    const theirs = path.join(store.dir, "wt");
    git(repo, "worktree", "add", "--quiet", theirs, "theirs");
    const gone = store.files().filter((file) => file !== `${id}.md`);
    git(theirs, "rm", "--quiet", ...gone);
    const file = path.join(theirs, `${id}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace("priority: 2", "priority: 0"));
    git(theirs, "commit", "--quiet", "-am", "theirs");
    git(repo, "worktree", "remove", theirs);
    expect(() => git(repo, "merge", "theirs")).toThrow();
    expect((await store.here(["ticket", "list"])).stderr).not.toContain("are gone");
    const made = await store.here(["ticket", "create", "Meanwhile"]);
    expect(made.stderr).toContain("commit deferred: a merge is in progress");
    for (const name of gone) expect(() => readFileSync(path.join(tickets, name))).toThrow("ENOENT");
    git(repo, "checkout", "--quiet", "--theirs", `${id}.md`);
    git(repo, "add", `${id}.md`);
    git(repo, "commit", "--quiet", "-m", "merged");
    await store.ayo("ticket", "note", id, "after");
    expect(store.files().sort()).toEqual([`${id}.md`, `${made.stdout.trim()}.md`].sort());
    store.judge();
  });
});
