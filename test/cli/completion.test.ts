import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { givePhases } from "../helpers/phases.ts";
import { CLI } from "../helpers/runCli.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, writeTickets } from "../helpers/tempStore.ts";

let store: TempStore;
const cleanUp = laterCleanUp();
let bin: string;
beforeAll(async () => {
  store = storeIn(tempDir(cleanUp));
  await store.ayo("init");
  writeTickets(store, {
    "web-a1": "Build the login\nassignee: '@coder'\ntags: [auth]",
    "web-b2": 'It\'s "quoted" & $HOME',
    "api-c3": "Schema\nstatus: closed",
  });
  bin = tempDir(cleanUp);
  writeFileSync(path.join(bin, "ayo"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(path.join(bin, "ayo"), 0o755);
});

/** What ayo answers to a line whose last word is being typed. */
async function words(...line: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runHere(store.dir, ["completion", "--words", "--", ...line]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter((answer) => answer !== "");
}

const valuesOf = (answers: readonly string[]) => answers.map((answer) => answer.split("\t")[0]);

describe("what may follow", () => {
  test("tickets to watch, each once", async () => {
    expect(valuesOf(await words("watch", ""))).toEqual(expect.arrayContaining(["web-a1", "web-b2", "api-c3"]));
    expect(valuesOf(await words("watch", "web-a1", "web"))).toEqual(["web-b2"]);
  });

  test("verbs, with what they do", async () => {
    expect(await words("ticket", "crea")).toEqual(["create\tMake a ticket and print its id"]);
    expect(valuesOf(await words("ini"))).toEqual(["init"]);
    expect(valuesOf(await words("ticket", "dep", ""))).toEqual(
      expect.arrayContaining(["add", "remove", "tree", "cycle"]),
    );
  });

  test("after help, topics of the guide and commands", async () => {
    expect(await words("help", "claim")).toEqual([expect.stringMatching(/^claims\ttake a ticket so that nobody/)]);
    expect(valuesOf(await words("help", "ho"))).toEqual(["hooks"]);
    expect(valuesOf(await words("help", "t"))).toEqual(expect.arrayContaining(["ticket", "team"]));
    expect(valuesOf(await words("help", "ticket", "cla"))).toEqual(["claim"]);
    expect(valuesOf(await words("hel"))).toEqual(["help"]);
  });

  test("ticket ids with their titles, by beginning, by end, and after a comma", async () => {
    expect(await words("ticket", "show", "web-")).toEqual([
      expect.stringMatching(/^web-a1\t.*Build the login/),
      expect.stringMatching(/^web-b2\t.*It's "quoted" & \$HOME/),
    ]);
    expect(valuesOf(await words("ticket", "show", "c3"))).toEqual(["api-c3"]);
    expect(valuesOf(await words("ticket", "create", "x", "--deps", "web-a1,web-b"))).toEqual(["web-a1,web-b2"]);
    expect(valuesOf(await words("ticket", "create", "x", "--parent=web-a"))).toEqual(["--parent=web-a1"]);
  });

  test("flags, their choices, and values from the store", async () => {
    expect(valuesOf(await words("ticket", "create", "--prio"))).toEqual(["--priority"]);
    expect(valuesOf(await words("ticket", "create", "--type", "b"))).toEqual(["bug"]);
    expect(valuesOf(await words("ticket", "list", "-a", "@c"))).toEqual(["@coder"]);
    expect(valuesOf(await words("ticket", "list", "-T", ""))).toEqual(["auth"]);
    expect(await words("import", "")).toEqual(["\tfiles"]);
  });

  test("what may be allowed, with its state, and not twice", async () => {
    const hook = path.join(store.tickets, "hooks", "ticket.closed");
    mkdirSync(path.dirname(hook));
    writeFileSync(hook, "#!/bin/sh\n", { mode: 0o755 });
    expect(await words("allow", "")).toEqual(["ticket.closed\t[new] runs after ticket.closed, with your rights"]);
    expect(valuesOf(await words("allow", "--deny", "tick"))).toEqual(["ticket.closed"]);
    expect(await words("allow", "ticket.closed", "")).toEqual([]);
    expect(valuesOf(await words("allow", "--di"))).toEqual(["--diff", "--dir"]);
  });

  test("names and roles of followers", async () => {
    expect(valuesOf(await words("ticket", "follow", "web-a1", "@c"))).toEqual(["@coder"]);
    expect(valuesOf(await words("ticket", "follow", "web-a1", "--role", ""))).toEqual(["contributor", "owner"]);
  });

  test("options of a question, for its answer", async () => {
    const asking = storeIn(tempDir());
    await asking.ayo("init");
    const id = await asking.ayo("ticket", "create", "Open a port");
    await asking.ayo(
      "ticket",
      "ask",
      id,
      "Which?",
      "--option",
      "port 80",
      "--option",
      "8080",
      "--default",
      "2",
      "--after",
      "1h",
    );
    const typed = async (...line: string[]) =>
      (await runHere(asking.dir, ["completion", "--words", "--", ...line, ""])).stdout.trim().split("\n");
    expect(await typed("ticket", "answer", id)).toEqual(["port 80\t", "8080\tdefault"]);
    expect(await typed("ticket", "answer", "nothing")).toEqual([""]);
  });

  test("commands that prove work", async () => {
    const agents = path.join(store.tickets, "agents.yml");
    writeFileSync(agents, "verify: {test: npm test, lint: 'true'}\n");
    expect(await words("ticket", "create", "One", "--verify", "")).toEqual(["test\tnpm test", "lint\ttrue"]);
    expect(valuesOf(await words("ticket", "update", "web-a1", "--verify", "l"))).toEqual(["lint"]);
    rmSync(agents);
  });

  test("roles of columns and tickets, and who may be named as reviewer", async () => {
    const phases = storeIn(tempDir());
    await phases.ayo("init");
    givePhases(phases);
    writeTickets(phases, { "web-a1": "Plan it\nrole: planner\nassignee: '@coder'" });
    const ask = async (...line: string[]) => {
      const { stdout } = await runHere(phases.dir, ["completion", "--words", "--", ...line, ""]);
      return valuesOf(stdout.trim().split("\n"));
    };
    const roles = ["tester", "Tester", "security", "planner", "worker", "manager", "reviewer"];
    expect(await ask("ticket", "ready", "--role")).toEqual(roles);
    expect(await ask("ticket", "create", "--reviewer")).toEqual([...roles, "@coder", "Test User"]);
  });

  test("nothing where a line makes no sense, and no complaint", async () => {
    expect(await words("nonsense", "x")).toEqual([]);
    expect(await words("ticket", "show", "zzz")).toEqual([]);
    const elsewhere = await runHere(tempDir(), ["completion", "--words", "--", "ticket", "show", ""]);
    expect(elsewhere).toMatchObject({ code: 0, stderr: "" });
  });
});

/** Has a shell run a script with `ayo` on its PATH, in the store's project. */
function shell(name: string, ...args: string[]): string {
  const env = { ...hermeticEnv(sharedHome()), TERM: "dumb" } as NodeJS.ProcessEnv;
  const run = spawnSync(name, args, {
    cwd: store.dir,
    env: { ...env, PATH: `${bin}:${env.PATH}` },
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  return run.stdout.trimEnd();
}

const BASH = `
source <(ayo completion bash)
COMP_LINE=$1; COMP_POINT=1000; COMP_TYPE=9
read -ra COMP_WORDS <<< "$(sed 's/[=:@]/ & /g' <<< "$1")"
[[ $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$(($(printf '%s\\n' "\${COMP_WORDS[@]}" | wc -l) - 1))
_ayo
printf '%s\\n' "\${COMPREPLY[@]}"
complete -p ayo`;

/** As bash does it: words split at its own breaks, then our function, then what it would insert. */
function bashCompletes(line: string): string[] {
  const lines = shell("bash", "--noprofile", "--norc", "-c", BASH, "bash", line).split("\n");
  expect(lines.pop()).toBe("complete -F _ayo ayo");
  return lines;
}

describe("in a real bash", () => {
  test.each([
    ["ayo ticket clos", ["closed", "close"]],
    ["ayo ticket show web-", ["web-a1", "web-b2"]],
    ["ayo ticket show ", ["web-a1", "web-b2", "api-c3"]],
    ["ayo ticket list -a @c", ["@coder"]],
    ["ayo ticket list --assignee=@c", ["@coder"]],
    ["ayo ticket create x --type=b", ["bug"]],
    ["ayo ticket create x --deps web-a1,api", ["web-a1,api-c3"]],
    ["ayo nonsense x", [""]],
  ])("%s", (line, replies) => {
    expect(bashCompletes(line)).toEqual(replies);
  });

  test("file names where a path is wanted", () => {
    writeFileSync(path.join(store.dir, "tickets to import.jsonl"), "");
    expect(bashCompletes("ayo import tick")).toEqual(["tickets to import.jsonl"]);
  });
});

/** The shells of this machine: the scripts for the others are read by nobody here. */
const here = (name: string): boolean =>
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(path.join(folder, name)));

if (here("fish"))
  test("in a real fish", () => {
    const completes = (line: string) =>
      shell("fish", "--no-config", "-c", `ayo completion fish | source; complete -C '${line}'`).split("\n");
    expect(valuesOf(completes("ayo ticket show web-"))).toEqual(["web-a1", "web-b2"]);
    expect(completes("ayo ticket crea")).toEqual(["create\tMake a ticket and print its id"]);
  });

if (here("zsh"))
  test("zsh takes the script, and asks with the words that were typed", () => {
    const script = `
    autoload -Uz compinit; compinit -u -D
    source <(ayo completion zsh)
    print -r -- $_comps[ayo]
    _describe() { print -rl -- "\${(@)described}" }
    words=(ayo ticket show web-); CURRENT=4; PREFIX=web-
    _ayo`;
    const [command, ...described] = shell("zsh", "-f", "-c", script).split("\n");
    expect(command).toBe("_ayo");
    expect(described.map((one) => one.split(":")[0])).toEqual(["web-a1", "web-b2"]);
  });

test.each(["bash", "zsh", "fish"])("the script for %s names no path of this machine", async (name) => {
  const script = await store.ayo("completion", name);
  expect(script).toContain("ayo completion --words --");
  expect(script).not.toContain(path.dirname(CLI));
});

test("an unknown shell is refused with those that there are", async () => {
  const { code, stderr } = await store.here(["completion", "tcsh"], { env: { SHELL: "/usr/bin/zsh" } });
  expect([code, stderr]).toEqual([
    2,
    "error: completion: 'tcsh' is not known here: one of bash, zsh, fish\ntry: ayo completion zsh\n",
  ]);
});
