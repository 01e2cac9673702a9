import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { examine, twoTickets } from "../helpers/examine.ts";
import { git, mergeByLine } from "../helpers/git.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const readText = (file: string) => readFileSync(file, "utf8");

describe("changes that are not over", () => {
  const lockIndex = (store: TempStore) => writeFileSync(path.join(store.repo, ".git", "index.lock"), "");
  const unlock = (store: TempStore) => rmSync(path.join(store.repo, ".git", "index.lock"));

  test("a change that waits for git is named with who, what and why it must wait, and --fix commits it", async () => {
    const store = await twoTickets();
    lockIndex(store);
    await store.ayo("ticket", "note", "t-a", "later", "--as", "@coder");
    const locked = await examine(store);
    expect(locked.findings.map(({ code }) => code).sort()).toEqual(["git_lock", "waiting_record"]);
    const waiting = locked.findings.find(({ code }) => code === "waiting_record");
    expect(waiting).toMatchObject({ id: "t-a", severity: "warning", path: expect.stringMatching(/^ayo\/redo\//) });
    expect(waiting?.message).toMatch(
      /^'note t-a: later' by @coder, \d+s ago at \S+Z \(t-a\), waits for its commit, which cannot be made while git's index.lock is there$/,
    );
    expect(waiting?.fix).toBeUndefined();
    unlock(store);
    const { findings } = await examine(store);
    expect(findings).toEqual([
      expect.objectContaining({ code: "waiting_record", fix: "what the next command does: commits it" }),
    ]);
    const mended = await examine(store, true);
    expect([mended.findings, mended.fixed.map(({ code }) => code), mended.ok]).toEqual([[], ["waiting_record"], true]);
    expect(git(store.repo, "log", "-1", "--format=%an: %s")).toBe("coder: note t-a: later");
    store.judge();
  });

  test("in the middle of a merge of the project: the change waits for its end, and nothing is wrong after", async () => {
    const store = await twoTickets(true);
    const merge = path.join(store.repo, ".git", "MERGE_HEAD");
    writeFileSync(merge, `${git(store.repo, "rev-parse", "HEAD")}\n`);
    expect((await examine(store)).findings).toEqual([
      expect.objectContaining({ code: "git_operation", message: expect.stringMatching(/^a merge is in progress/) }),
    ]);
    await store.ayo("ticket", "note", "t-a", "later");
    const { findings } = await examine(store, true);
    expect(findings.map(({ code }) => code).sort()).toEqual(["git_operation", "waiting_record"]);
    expect(findings[0]?.message).toMatch(/cannot be made while a merge is in progress$/);
    rmSync(merge);
    expect((await examine(store, true)).findings).toEqual([]);
    expect(store.subjects()[0]).toBe("note t-a: later");
  });

  test("a detached HEAD of the project is told: claims are refused there", async () => {
    const store = await twoTickets(true);
    git(store.repo, "checkout", "--quiet", "--detach");
    expect((await examine(store)).findings).toEqual([
      expect.objectContaining({ code: "git_head", severity: "warning", message: expect.stringMatching(/detached/) }),
    ]);
  });

  test("a change that a crash left half done is named until a command finished or forgot it", async () => {
    const store = await twoTickets();
    lockIndex(store);
    await store.ayo("ticket", "note", "t-a", "later");
    unlock(store);
    const folder = path.join(store.tickets, ".git/ayo/redo");
    const [name = ""] = readdirSync(folder);
    const record = JSON.parse(readText(path.join(folder, name)));
    const commit = git(store.repo, "commit-tree", "-m", "never moved to", "HEAD^{tree}");
    writeFileSync(path.join(folder, name), JSON.stringify({ ...record, state: "prepared", commit }));
    const { findings } = await examine(store);
    expect(findings).toEqual([expect.objectContaining({ code: "unfinished_record", id: "t-a" })]);
    expect(findings[0]?.message).toMatch(/was not finished: the next command that writes finishes or forgets it$/);
    expect((await examine(store, true)).findings).toEqual([]);
    expect(store.text("t-a")).toContain("later");
    store.judge();
  });

  test("half a record is set aside, and commands that write go on", async () => {
    const store = await twoTickets();
    for (const half of ['{"state":"prepared"}', '{"state":"deferred","paths":{"t-a.md":1},"actor":{},"sentence":{}}']) {
      writeFileSync(path.join(store.tickets, ".git/ayo/redo/1-1-1.json"), half);
      expect((await examine(store)).findings).toEqual([expect.objectContaining({ code: "bad_record" })]);
      const mended = await examine(store, true);
      expect(mended.fixed.map(({ code }) => code)).toEqual(["bad_record"]);
      expect(readText(path.join(mended.setAside ?? "", "git/ayo/redo/1-1-1.json"))).toBe(half);
    }
    expect(await store.ayo("ticket", "note", "t-a", "on")).toBe("Note added to t-a");
  });

  test("a record that recovery set aside is named with the reason until somebody deletes it", async () => {
    const store = await twoTickets();
    const folder = path.join(store.tickets, ".git/ayo/set-aside/1790000000000/redo");
    mkdirSync(folder, { recursive: true });
    const sentence = { subject: "note t-a: lost", tickets: ["t-a"] };
    const actor = { name: "@coder", email: "", agent: true };
    const rest = { commit: "", ref: "refs/heads/x", paths: {}, indexChecksum: "", at: 1_790_000_000_000, boot: "" };
    writeFileSync(path.join(folder, "1.json"), JSON.stringify({ state: "deferred", sentence, actor, ...rest }));
    writeFileSync(path.join(folder, "1.txt"), "its text is in no object any more\n");
    const { findings } = await examine(store, true);
    expect(findings).toEqual([
      expect.objectContaining({
        code: "set_aside_record",
        severity: "warning",
        path: "ayo/set-aside/1790000000000/redo/1.json",
        id: "t-a",
      }),
    ]);
    expect(findings[0]?.message).toMatch(
      /^'note t-a: lost' by @coder, .*: its text is in no object any more; .*delete/,
    );
    rmSync(path.join(folder, "1.json"));
    expect((await examine(store)).findings).toEqual([]);
  });

  test.each([false, true])("an unmerged path is named and stays unmerged (inline: %s)", async (inline) => {
    const store = await twoTickets(inline);
    mergeByLine(store.repo);
    const file = inline ? ".tickets/t-a.md" : "t-a.md";
    const change = (title: string) => {
      store.write("t-a", store.text("t-a").replace(/^# .*$/m, `# ${title}`));
      git(store.repo, "commit", "--quiet", "--all", "--message", title);
    };
    git(store.repo, "checkout", "--quiet", "-b", "theirs");
    change("Theirs");
    git(store.repo, "checkout", "--quiet", "-");
    change("Ours");
    expect(() => git(store.repo, "merge", "--quiet", "theirs")).toThrow("CONFLICT");
    const unmerged = git(store.repo, "ls-files", "--unmerged");
    const { findings } = await examine(store);
    expect(findings.find(({ code }) => code === "unmerged")).toMatchObject({
      severity: "error",
      path: "t-a.md",
      message: expect.stringContaining(`git add ${file}`),
    });
    expect(findings.filter((one) => one.path === "t-a.md" && one.message.includes("conflict markers"))).toHaveLength(1);
    expect(findings.map(({ code }) => code)).toContain("git_operation");
    expect(findings.filter(({ fix }) => fix !== undefined)).toEqual([]);
    expect((await examine(store, true)).fixed).toEqual([]);
    expect(git(store.repo, "ls-files", "--unmerged")).toBe(unmerged);
  });
});
