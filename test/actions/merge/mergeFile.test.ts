import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseNotes } from "../../../src/ticket/text/notes.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

/** A command of git's that may fail. */
function tryGit(cwd: string, ...args: string[]): string {
  try {
    return `0 ${git(cwd, ...args)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

const LINE = "Merge: priority '1' of ours stays; priority '0' of theirs gave way.";

describe.each([
  { kind: "own", inline: false },
  { kind: "inline", inline: true },
])("git merges tickets by field in a store that is $kind", ({ inline }) => {
  /** A store whose branch `other` has made a note and priority 0, and whose own branch a note and priority 1. */
  async function parted(): Promise<{ store: TempStore; repo: string; file: string; text: () => string }> {
    const store = await tempStore({ inline });
    const { repo } = store;
    const { id } = (await store.json<{ ticket: { id: string } }>("ticket", "create", "Login fails")).ticket;
    await store.ayo("ticket", "note", id, "-m", "begun");
    git(repo, "config", "user.name", "Mara Lind");
    git(repo, "config", "user.email", "mara@example.org");
    const file = path.join(store.tickets, `${id}.md`);
    const text = (): string => readFileSync(file, "utf8");
    const commit = (priority: number, note: string): void => {
      const at = `2026-12-0${priority + 1}T10:00:00Z`;
      writeFileSync(
        file,
        `${text().replace(/^priority: .*/m, `priority: ${priority}`)}\n**${at}** ${note}\n\nBy ${note}.\n`,
      );
      git(repo, "commit", "-qam", note);
    };
    git(repo, "branch", "other");
    commit(1, "ours");
    const branch = git(repo, "branch", "--show-current");
    git(repo, "checkout", "-q", "other");
    commit(0, "theirs");
    git(repo, "checkout", "-q", branch);
    return { store, repo, file, text };
  }

  const notesIn = (text: string): string[] => parseNotes(text).map((note) => note.text);

  test("by merge: both notes stay, and of a value that both changed ours, with the other in a note", async () => {
    const { repo, text } = await parted();
    expect(tryGit(repo, "merge", "-q", "--no-edit", "other")).toMatch(/^0 /);
    expect(notesIn(text())).toEqual(["begun", "By theirs.", "By ours.", LINE]);
    expect(text()).toMatch(/^priority: 1$/m);
    expect(git(repo, "status", "--porcelain")).toBe("");
  });

  test("by rebase and cherry-pick", async () => {
    const { repo, text } = await parted();
    expect(tryGit(repo, "cherry-pick", "other")).toMatch(/^0 /);
    expect(notesIn(text())).toEqual(["begun", "By theirs.", "By ours.", LINE]);
    git(repo, "reset", "-q", "--hard", "HEAD~1");
    expect(tryGit(repo, "rebase", "-q", "other")).toMatch(/^0 /);
    // The commits are put on top of the other branch, which is ours then.
    expect(notesIn(text())).toEqual([
      "begun",
      "By theirs.",
      "By ours.",
      expect.stringContaining("priority '0' of ours stays"),
    ]);
  });

  test("by stash pop", async () => {
    const { repo, file, text } = await parted();
    writeFileSync(file, text().replace(/^type: .*/m, "type: bug"));
    git(repo, "stash", "-q");
    writeFileSync(file, `${text().replace(/^priority: .*/m, "priority: 3")}\n**2026-12-09T10:00:00Z** x\n\nMore.\n`);
    git(repo, "commit", "-qam", "more");
    expect(tryGit(repo, "stash", "pop", "-q")).toMatch(/^0 /);
    expect(text()).toMatch(/^type: bug$[\s\S]*^priority: 3$/m);
    expect(notesIn(text())).toEqual(["begun", "By ours.", "More."]);
  });

  test("two different tickets of one id are left to git, as a conflict", async () => {
    const { repo, file } = await parted();
    const added = path.join(path.dirname(file), "same-1.md");
    const add = (created: string): void => {
      writeFileSync(added, `---\nid: same-1\nstatus: open\ncreated: ${created}\n---\n# ${created}\n`);
      git(repo, "add", "-A");
      git(repo, "commit", "-qm", "add");
    };
    const branch = git(repo, "branch", "--show-current");
    git(repo, "checkout", "-q", "other");
    add("2026-12-01T10:00:00Z");
    git(repo, "checkout", "-q", branch);
    add("2026-12-02T10:00:00Z");
    expect(tryGit(repo, "merge", "-q", "--no-edit", "other")).toMatch(/^git merge .*exit 1/);
    expect(git(repo, "status", "--porcelain")).toContain("AA ");
    expect(readFileSync(added, "utf8")).toMatch(/^<{7} [\s\S]*2026-12-02[\s\S]*^={7}$[\s\S]*2026-12-01[\s\S]*^>{7} /m);
  });

  test("a driver that is gone leaves it to git, and doctor says so and names this one", async () => {
    const { store, repo, text } = await parted();
    const config = path.join(repo, ".git", "config");
    writeFileSync(config, readFileSync(config, "utf8").replace(/ayo\.cjs/, "gone.cjs"));
    expect(tryGit(repo, "merge", "-q", "--no-edit", "other")).toContain("exit 1");
    expect(text()).toMatch(/^<{7} ours$[\s\S]*By ours[\s\S]*^={7}$[\s\S]*By theirs[\s\S]*^>{7} theirs$/m);
    git(repo, "merge", "--abort");
    const found = await store.here(["doctor"]);
    expect(found.stdout + found.stderr).toMatch(/merge\.ayo\.driver names .*gone\.cjs, which is gone/);
    await store.ayo("doctor", "--fix");
    expect(tryGit(repo, "merge", "-q", "--no-edit", "other")).toMatch(/^0 /);
  });

  test("other files are git's, without a word", async () => {
    const { store, repo } = await parted();
    const file = path.join(store.tickets, "templates", "bug.md");
    const branch = git(repo, "branch", "--show-current");
    const write = (text: string, on: string): void => {
      git(repo, "checkout", "-q", on);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      git(repo, "add", "-A");
      git(repo, "commit", "-qm", text);
    };
    write("1\n2\n3\n4\n5\n", branch);
    git(repo, "branch", "-f", "other");
    write("one\n2\n3\n4\n5\n", branch);
    write("1\n2\n3\n4\nfive\n", "other");
    expect(tryGit(repo, "merge", "--no-edit", branch)).toMatch(/^0 (?!.*(?:error|note))/s);
    expect(readFileSync(file, "utf8")).toBe("one\n2\n3\n4\nfive\n");
  });

  test("init sets it up in a clone", async () => {
    const { store, repo } = await parted();
    const clone = path.join(tempDir(), inline ? "project" : ".tickets");
    git(repo, "clone", "-q", repo, clone);
    const at = inline ? clone : path.dirname(clone);
    expect((await store.here(["-C", at, "init"])).code).toBe(0);
    expect(git(clone, "config", "merge.ayo.driver")).toContain(" merge-file %O %A %B %P");
    const ticket = path.posix.join(inline ? ".tickets" : ".", "a.md");
    expect(git(clone, "check-attr", "merge", "--", ticket)).toMatch(/ ayo$/);
  });
});

test("git merges projects by key and by line, and leaves the same lines to a person", async () => {
  const store = await tempStore();
  const { repo } = store;
  await store.ayo("project", "create", "Web", "--color", "teal", "-d", "One.\nTwo.\nThree.");
  git(repo, "config", "user.name", "Mara Lind");
  git(repo, "config", "user.email", "mara@example.org");
  const branch = git(repo, "branch", "--show-current").trim();
  const file = path.join(store.tickets, "projects/web.md");
  const text = (): string => readFileSync(file, "utf8");
  const commit = (...changes: readonly (readonly [string, string])[]): void => {
    writeFileSync(
      file,
      changes.reduce((source, [from, to]) => source.replace(from, to), text()),
    );
    git(repo, "commit", "-qam", "change");
  };
  git(repo, "branch", "other");
  git(repo, "branch", "lines");
  commit(["name: Web", "name: Shop"], ["One.", "1."]);
  git(repo, "checkout", "-q", "other");
  commit(["name: Web", "name: Site"], ["teal", "red"], ["Three.", "3."]);
  git(repo, "checkout", "-q", "lines");
  commit(["One.", "I."]);
  git(repo, "checkout", "-q", branch);
  expect(tryGit(repo, "merge", "-q", "--no-edit", "other")).toMatch(/^0 /);
  expect(text()).toBe("---\nname: Shop\ncolor: red\nstatus: active\n---\n1.\nTwo.\n3.\n");
  expect(tryGit(repo, "merge", "-q", "--no-edit", "lines")).not.toMatch(/^0 /);
  expect(git(repo, "status", "--porcelain")).toMatch(/projects\/web\.md/);
});
