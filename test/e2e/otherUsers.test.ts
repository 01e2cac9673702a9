import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fsck, git } from "../helpers/git.ts";
import { AS_OTHER, giveToOther, notOthers, OTHER } from "../helpers/otherUser.ts";
import { runCli } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";

/** A directory and a home that belong to somebody who is not root. */
function theirs(): { readonly dir: string; readonly run: typeof run; readonly asRoot: typeof run } {
  const [dir, home] = [tempDir(), tempDir()];
  writeFileSync(`${home}/.gitconfig`, "[user]\n\tname = Nobody\n\temail = n@example.com\n[gc]\n\tauto = 0\n");
  for (const one of [dir, home]) giveToOther(one);
  const env = {
    HOME: home,
    GIT_CONFIG_GLOBAL: `${home}/.gitconfig`,
    XDG_CONFIG_HOME: `${home}/.config`,
    XDG_DATA_HOME: `${home}/.local/share`,
  };
  async function run(...args: string[]): Promise<string> {
    return ended(args, await runCli(dir, args, { env, through: AS_OTHER }));
  }
  const asRoot = async (...args: string[]): Promise<string> => ended(args, await runCli(dir, args));
  return { dir, run, asRoot };
}

function ended(args: readonly string[], { code, stdout, stderr }: Awaited<ReturnType<typeof runCli>>): string {
  if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}${stdout}`);
  return stdout.trimEnd();
}

/** Everything that writes: tickets, claims, archive, caches, logs, hooks, undo, repairs. */
async function useMuch(ayo: (...args: string[]) => Promise<string>, dir: string, store: string): Promise<void> {
  const ids: string[] = [];
  for (const title of ["One", "Two", "Three"]) ids.push(await ayo("ticket", "create", title));
  const [first = "", second = "", third = ""] = ids;
  await ayo("ticket", "note", first, "a note");
  await ayo("ticket", "update", second, "--priority", "1");
  await ayo("ticket", "claim", second, "--as", "@coder");
  await ayo("ticket", "close", first);
  await ayo("ticket", "close", third);
  const file = `${store}/${third}.md`;
  writeFileSync(file, readFileSync(file, "utf8").replace(/^closed: .*/m, "closed: 2020-01-05T00:00:00Z"));
  await ayo("ticket", "archive", "--before", "30d");
  await ayo("ticket", "list");
  await ayo("ticket", "search", "note");
  await ayo("ticket", "history", first);
  await ayo("recap");
  await ayo("undo");
  const lines = Array.from({ length: 80 }, (_, n) => `${JSON.stringify({ id: `im-${n}`, title: `Ticket ${n}` })}\n`);
  writeFileSync(`${dir}/import.jsonl`, lines.join(""));
  await ayo("import", "import.jsonl", "--from", "jsonl");
  rmSync(`${dir}/import.jsonl`);
  rmSync(`${store}/.git/index`, { force: true });
  await ayo("doctor", "--fix");
}

describe("root in a store of somebody else's", () => {
  test("leaves nothing there that its owner cannot go on with", async () => {
    const { dir, run, asRoot } = theirs();
    await run("ticket", "create", "Zero");
    const store = `${dir}/.tickets`;
    await useMuch(asRoot, dir, store);
    expect(notOthers(dir)).toEqual([]);
    await useMuch(run, dir, store);
    expect(notOthers(dir)).toEqual([]);
    expect(await run("doctor")).toBe("Nothing is wrong");
    const safe = `safe.directory=${store}`;
    expect(git(store, "-c", safe, "status", "--porcelain")).toBe("");
  });

  test("makes one for them, own or inline, with all that a project's git gets", async () => {
    const { dir, run, asRoot } = theirs();
    git(dir, "init", "--quiet", "--initial-branch=main");
    giveToOther(dir);
    await asRoot("init");
    await asRoot("hooks", "install");
    expect(notOthers(dir)).toEqual([]);
    expect(await run("ticket", "create", "Mine")).toMatch(/^\S+$/);
    mkdirSync(`${dir}/inline`);
    git(`${dir}/inline`, "init", "--quiet", "--initial-branch=main");
    giveToOther(dir);
    await asRoot("--dir", "inline/.tickets", "init", "--inline");
    await asRoot("--dir", "inline", "ticket", "create", "Theirs");
    expect(notOthers(dir)).toEqual([]);
    expect(await run("--dir", "inline", "ticket", "create", "Mine")).toMatch(/^\S+$/);
  });
});

describe("everybody else in a store of root's", () => {
  test("is refused in git's words, whichever way it is named, and exit status 1", async () => {
    const dir = tempDir();
    chmodSync(dir, 0o777);
    expect((await runCli(dir, ["ticket", "create", "Root's"])).code).toBe(0);
    const isOwn = OTHER === process.getuid?.();
    for (const args of [["ticket", "list"], ["--dir", ".", "ticket", "create", "x"], ["doctor"]]) {
      const { code, stderr } = await runCli(dir, args, { through: AS_OTHER, env: { HOME: "/nonexistent" } });
      if (isOwn) continue;
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^error: detected dubious ownership in the store at .*\.tickets: it is owned by root \(0\), you are .*65534.*\ntry: ayo allow .*\.tickets\n$/,
        ),
      ]);
    }
    fsck(`${dir}/.tickets`);
  });
});
