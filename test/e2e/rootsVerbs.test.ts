import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { giveToOther, notOthers } from "../helpers/otherUser.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";

const isLong = process.env.AYO_LONG === "1";

/** A project of somebody else's; what root runs there, with the files that are not theirs after each command. */
function theirs() {
  const [base, home] = [tempDir(), tempDir()];
  const dir = `${base}/project`;
  mkdirSync(dir);
  git(dir, "init", "--quiet", "--initial-branch=main");
  git(dir, "commit", "--quiet", "--allow-empty", "-m", "start");
  writeFileSync(`${home}/.gitconfig`, "[user]\n\tname = Nobody\n\temail = n@example.com\n");
  giveToOther(base);
  giveToOther(home);
  const wrong: string[] = [];
  const root = async (cwd: string, args: readonly string[], input?: string): Promise<string> => {
    const env = {
      HOME: home,
      XDG_DATA_HOME: `${home}/.local/share`,
      XDG_CONFIG_HOME: `${home}/.config`,
      EDITOR: "sed -i s/A1/A9/",
    };
    const { code, stdout, stderr } = await runHere(cwd, args, { env, ...(input === undefined ? {} : { input }) });
    if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}${stdout}`);
    if (!isLong) return stdout.trimEnd();
    const found = [...notOthers(base), ...notOthers(home)].filter((file) => !wrong.includes(file));
    wrong.push(...found.map((file) => `${args.join(" ")}: ${file}`));
    // Of what one command leaves the next is not accused.
    giveToOther(base);
    giveToOther(home);
    return stdout.trimEnd();
  };
  /** At full size also which command left them. */
  const left = (): string[] => [...wrong, ...notOthers(base), ...notOthers(home)];
  return { base, dir, root, left };
}

/** Every verb that writes, in the tree `cwd`; `flags` say where the store is. */
async function useAll(root: (args: readonly string[], input?: string) => Promise<string>, cwd: string) {
  const ids: string[] = [];
  for (const title of ["A1", "A2", "A3", "A4", "A5", "A6"])
    ids.push(await root(["ticket", "create", title, "--acceptance", "It works"]));
  const [a = "", b = "", c = "", d = "", e = "", f = ""] = ids;
  const t = (line: string) => root(["ticket", ...line.split(" ")]);
  await t(`note ${a} text`);
  await t(`update ${a} -p 1 --set estimate=3`);
  await t(`edit ${a}`);
  await t(`assign ${a} kim`);
  await t(`check ${a} 1`);
  await t(`dep add ${a} ${b}`);
  await t(`link ${a} ${c}`);
  await t(`claim ${c} --as @coder`);
  await t(`renew ${c} --as @coder`);
  await t(`submit ${c} --as @coder --force`);
  await t(`reject ${c} -m no`);
  await t(`ask ${d} what`);
  await t(`answer ${d} that`);
  await t(`block ${d} -m why`);
  await t(`unblock ${d}`);
  await t(`close ${b} --force`);
  await t(`cancel ${e}`);
  await t(`duplicate ${f} --of ${a}`);
  await t(`delete ${d} --yes`);
  await root(["undo"]);
  await root(["redo"]);
  await root(["ticket", "batch"], `${JSON.stringify({ op: "create", title: "Of a batch" })}\n`);
  await t("archive --before 2100-01-01");
  await root(["import", "-", "--from", "jsonl"], '{"id":"x-1","title":"Imported"}\n');
  await root(["config", "claims.lease", "20m"]);
  for (const line of ["list", "ready", "search A1", "history", "stats", "duplicates", "graph", "commits", "closed"])
    await t(line);
  for (const line of ["board", "recap", "doctor", "doctor --fix", "watch --since 1h --until-now", "agents prime"])
    await root(line.split(" "));
  // A new file, and one that was there.
  for (const _ of [1, 2]) await root(["export", "-o", `${cwd}/out.jsonl`]);
}

describe("root in the project of somebody else leaves no file of root's", () => {
  test("whatever the verb, in a store of its own", async () => {
    const { dir, root, left } = theirs();
    await root(dir, ["init"]);
    mkdirSync(`${dir}/.tickets/hooks`);
    writeFileSync(`${dir}/.tickets/hooks/ticket.noted`, "#!/bin/sh\necho noted\n", { mode: 0o755 });
    giveToOther(dir);
    await root(dir, ["hooks", "allow", "--all"]);
    await useAll((args, input) => root(dir, args, input), dir);
    for (const args of ["hooks install", "hooks log", "hooks uninstall", "agents init --harness claude --yes"])
      await root(dir, args.split(" "));
    await root(dir, ["agents", "init", "--harness", "claude", "--uninstall", "--yes"]);
    expect(left()).toEqual([]);
  });

  test("in the project's own branch", async () => {
    const { dir, root, left } = theirs();
    await root(dir, ["init", "--inline"]);
    await useAll((args, input) => root(dir, args, input), dir);
    expect(left()).toEqual([]);
  });

  test("from a linked worktree, and in a store of the user's own", async () => {
    const { base, dir, root, left } = theirs();
    await root(dir, ["init"]);
    git(dir, "-c", "safe.directory=*", "worktree", "add", "--quiet", `${base}/linked`);
    giveToOther(base);
    await root(`${base}/linked`, ["agents", "join", "@coder-2"]);
    const id = await root(`${base}/linked`, ["ticket", "create", "From there"]);
    await root(`${base}/linked`, ["ticket", "claim", id]);
    await root(`${base}/linked`, ["ticket", "close", id]);
    await root(`${base}/linked`, ["agents", "leave"]);
    for (const where of [["--global"], ["--session", "s1"]]) {
      const own = await root(dir, ["ticket", "create", "Own", ...where]);
      await root(dir, ["ticket", "close", own, ...where]);
    }
    expect(left()).toEqual([]);
  });
});
