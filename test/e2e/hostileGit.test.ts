import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { filesBelow } from "../../src/git/repair/strayFiles.ts";
import { git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { grow } from "../helpers/grow.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";
import { plantTraps, type Traps } from "../helpers/traps.ts";

/** Runs git in a terminal of its own where there is `script`, as a person would; however that ends. */
function byHand(cwd: string, ...args: string[]): void {
  const env = { ...hermeticEnv(sharedHome()), GIT_PAGER: undefined, PAGER: undefined, TERM: "xterm" };
  spawnSync("git", args, { cwd, env, input: "protocol=https\nhost=example.com\n\n", timeout: 10_000 });
}

test("the traps are real: git itself springs them", () => {
  const dir = gitRepo();
  const marks = tempDir();
  writeFileSync(`${dir}/a.txt`, "a\n");
  const traps = plantTraps(`${dir}/.git`, dir, marks);
  byHand(dir, "add", "a.txt");
  byHand(dir, "commit", "--quiet", "--message=a");
  byHand(dir, "commit", "--quiet", "--amend");
  byHand(dir, "log", "--patch", "--ext-diff", "--textconv");
  byHand(dir, "diff", "HEAD~1");
  byHand(dir, "fetch", "ssh://example.com/x");
  byHand(dir, "fetch", "git://example.com/x");
  byHand(dir, "credential", "fill");
  byHand(dir, "trap");
  byHand(dir, "checkout", "--quiet", "--", "a.txt");
  byHand(dir, "gc", "--auto");
  byHand(dir, "interpret-trailers", "a.txt");
  for (const command of ["log", "rev-parse"])
    if (spawnSync("script", ["--version"]).status === 0)
      spawnSync("script", ["-qec", `git ${command} HEAD`, "/dev/null"], {
        cwd: dir,
        env: hermeticEnv(sharedHome()),
        timeout: 10_000,
      });
  const real =
    "alias trap|core.askPass|core.editor|core.fsmonitor|core.gitProxy|core.sshCommand|credential.helper|diff.trap.command|filter.trap.process|hook commit-msg|hook post-rewrite|hook post-commit|hook post-index-change|hook pre-commit|hook reference-transaction|trailer.trap.cmd";
  expect(traps.sprung()).toEqual(expect.arrayContaining(real.split("|")));
});

/** A directory to be put first on the PATH: every git that is started is written down there. */
function watchedGit(): { readonly env: { readonly PATH: string }; started(): string[] } {
  const dir = tempDir();
  const real = spawnSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).stdout.trim();
  writeFileSync(`${dir}/git`, `#!/bin/sh\necho "$*" >> '${dir}/started'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  const started = (): string[] => readFileSync(`${dir}/started`, "utf8").trim().split("\n");
  return { env: { PATH: `${dir}:${process.env.PATH}` }, started };
}

/** Commands that look at git or write to it, with what else starts a git in rare states; `ID` is a ticket. */
const FEW = [
  "ticket create Two",
  "ticket note ID hello",
  "recap",
  "ticket commits ID --patch",
  "ticket diff ID",
  "doctor",
  "doctor --fix",
];

/** Every other command once. */
const REST = [
  "ticket create Two|doctor|init|ticket list|ticket ready|ticket blocked|ticket closed|ticket query .|ticket search hello|ticket show ID --at 1s",
  "ticket claim ID|ticket renew ID|ticket release ID|ticket start ID|ticket block ID --reason x|ticket unblock ID",
  "ticket submit ID|ticket approve ID|ticket confirm ID|ticket reopen ID|ticket submit ID|ticket reject ID --reason x|ticket cancel ID|ticket reopen ID",
  "ticket fail ID --reason x|ticket reopen ID|ticket check ID 1|ticket uncheck ID 1|ticket verify ID|ticket ask ID What?|ticket answer ID that",
  "ticket status ID in_progress|ticket assign ID @a|ticket rank ID --first|ticket follow ID|ticket accept ID|work --once|work --dry-run|project create Web|project edit web --color red|project complete web|project archive web|project reopen web|project list|project show web|pipeline list|pipeline check|pipeline show x|pipeline run x|pipeline cancel ID|run list|run show ID|run log ID|run stop ID|run retry ID|inbox|inbox done ID|inbox snooze ID|ticket unfollow ID|ticket attach ID README.md|ticket attachment ID README.md|ticket detach ID README.md|ticket update ID --title New|ticket edit ID|ticket dep add ID ID",
  "ticket dep remove ID ID|ticket dep tree ID|ticket dep cycle|ticket link ID ID2|ticket unlink ID ID2|ticket duplicate ID2 --of ID",
  "ticket duplicates|ticket graph|ticket history ID|ticket stats|ticket batch|ticket commits|ticket commits ID --stat|ticket diff ID",
  "ticket close ID --force|ticket landed ID|ticket delegate ID Part|ticket tree|undo|redo|ticket archive|ticket delete ID --yes|board|watch --until-now --since 1d|import -",
  "export|config|allow|allow --all|hooks list|hooks allow --all|hooks deny x|hooks run closed ID|hooks install|hooks check-message README.md",
  "hooks uninstall|hooks log|agents add @a --adapter claude|agents init --yes|agents join @a|agents leave|agents whoami|agents prime|tui|capabilities|completion bash|help claims|version|mcp",
  "tracker add linear --team ENG|tracker status|tracker map|tracker pull ENG-1|tracker publish ID|tracker unlink ID|sync linear",
  "sync|sync status|prune|merge-file README.md README.md README.md README.md",
].flatMap((line) => line.split("|"));

test("every command is tried, but the server, which has only actions that commands have too", async () => {
  const tried = [...FEW, ...REST];
  const missing = [...(await COMMANDS.all()).keys()].filter(
    (name) => !tried.some((line) => `${line} `.startsWith(`${name} `)),
  );
  expect(missing).toEqual(["serve"]);
});

/** What only a rare state has git started for: a long history in packs, a damaged index, a broken configuration. */
async function ayoAtWork(store: TempStore, env: { readonly PATH: string }, isOwn: boolean): Promise<void> {
  const [id = "", second = ""] = store.files().map((name) => path.basename(name, ".md"));
  const run = async (line: string): Promise<void> => {
    const words = line.split(" ").map((word) => ({ ID: id, ID2: second })[word] ?? word);
    const input = line === "ticket batch" ? `{"op":"note","id":"${id}","text":"hello"}\n` : "";
    const { code, stderr } = await store.run(words, { env, input });
    // Refused it may be, for what is not there; mistyped it must not be.
    if (FEW.includes(line) && words[0] !== "doctor") expect(code, `${line}: ${stderr}`).toBe(0);
    else expect(code === 70 || /unknown|too many|missing/.test(stderr), `${line}: ${stderr}`).toBe(false);
  };
  for (const line of process.env.AYO_LONG === "1" ? [...FEW, ...REST] : FEW) await run(line);
  const folder = path.join(store.repo, ".git/objects/pack");
  if (!isOwn) return;
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".idx"))) rmSync(path.join(folder, name));
  await run("doctor --fix");
  appendFileSync(path.join(store.repo, ".git/config"), "\n[core\n");
  await run("doctor");
}

const MODES: readonly [name: string, make: () => Promise<TempStore>][] = [
  ["a store with its own git", () => tempStore({ project: true })],
  ["a store in the project's git", () => tempStore({ inline: true })],
  [
    "a store used from a linked worktree of the project",
    async () => {
      const { dir, tickets } = await tempStore({ project: true });
      const linked = path.join(tempDir(), "linked");
      git(dir, "worktree", "add", "--quiet", linked);
      return {
        ...storeIn(linked),
        tickets,
        repo: tickets,
        files: () => readdirSync(tickets).filter((name) => name.endsWith(".md")),
      };
    },
  ],
];

test.each(MODES)("no command of ayo's springs a trap in %s or its project", async (_, make) => {
  const store = await make();
  const isOwn = store.repo === store.tickets;
  for (const title of ["One", "Other"]) await store.ayo("ticket", "create", title);
  const project = path.dirname(store.tickets);
  writeFileSync(`${project}/a.txt`, "a\n");
  git(project, "add", "a.txt");
  const [file = ""] = store.files();
  git(project, "commit", "--quiet", `--message=Work\n\nTICKET: ${path.basename(file, ".md")}`, "--", "a.txt");
  const branch = git(store.repo, "symbolic-ref", "HEAD");
  grow(store.repo, branch, 320);
  git(store.repo, "repack", "-adq");
  const places = new Set([store.repo, project]);
  const marks = tempDir();
  const traps: Traps[] = [...places].map((dir, at) => plantTraps(`${dir}/.git`, dir, path.join(marks, String(at))));
  const { env, started } = watchedGit();
  await ayoAtWork(store, env, isOwn);
  expect(traps.flatMap((one) => one.sprung())).toEqual([]);
  const commands = new Set(started().map((line) => line.replace(/^(?:--no-pager |-C \S+ )*/, "").split(" ")[0]));
  expect(started().every((line) => line.startsWith("--no-pager "))).toBe(true);
  const wanted = isOwn
    ? ["check-ignore", "config", "diff-tree", "index-pack", "log", "rev-list"]
    : ["diff-tree", "log", "rev-list"];
  for (const command of wanted) expect([...commands]).toContain(command);
});

test("no file elsewhere is written through a link that lies in the store's git for one of ayo's", async () => {
  const store = await tempStore({ project: true });
  const all = ["ticket create One", "ticket list", "recap", "ticket search one", "ticket commits", "ticket history"];
  const work = async (): Promise<void> => {
    for (const line of [...all, "ticket create Two"]) await store.ayo(...line.split(" "));
  };
  await work();
  const gitDir = `${store.tickets}/.git`;
  const own = [`${gitDir}/ayo`, `${gitDir}/logs`].flatMap(filesBelow);
  expect(own.length).toBeGreaterThan(4);
  const elsewhere = tempDir();
  const texts = own.map((file, at) => {
    const target = path.join(elsewhere, String(at));
    copyFileSync(file, target);
    rmSync(file);
    symlinkSync(target, file);
    return [target, readFileSync(target, "latin1")] as const;
  });
  await work();
  // Where the holder of the lock is written down is empty in between.
  writeFileSync(`${elsewhere}/card`, "mine");
  for (const name of ["lock.json", "archive-looked", "packs"]) {
    rmSync(`${gitDir}/ayo/${name}`, { force: true });
    symlinkSync(`${elsewhere}/card`, `${gitDir}/ayo/${name}`);
  }
  await work();
  for (const [target, text] of texts)
    expect(readFileSync(target, "latin1"), own[Number(path.basename(target))]).toBe(text);
  expect(readFileSync(`${elsewhere}/card`, "utf8")).toBe("mine");
  expect(await store.ayo("ticket", "list", "--json")).toContain("One");
});

test("a configuration that leads to what is read for ever stops no command", async () => {
  const store = await tempStore({ project: true });
  const pipe = path.join(tempDir(), "pipe");
  spawnSync("mkfifo", [pipe]);
  for (const dir of [store.tickets, store.dir])
    appendFileSync(`${dir}/.git/config`, `[include]\n\tpath = ${pipe}\n\tpath = /dev/zero\n`);
  for (const line of ["ticket create One", "ticket commits", "doctor"]) {
    const { code, stderr } = await store.run(line.split(" "), { timeoutMs: 15_000 });
    expect(code, stderr).toBe(0);
  }
});
