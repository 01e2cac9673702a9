import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { deleteTickets, readyTickets } from "../../src/index.ts";
import { fsck, git } from "../helpers/git.ts";
import { UNPRIVILEGED } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
const GIB = 1024 ** 3;

/** The files and folders of a store, each of which is made unreadable in turn. */
const FILES = [
  "victim.md",
  "archive/2020-01/old-1.md",
  "archive/deleted",
  "config.yml",
  "hooks/ticket.closed",
  "templates/bug.md",
  "projects/auth.md",
];
const FOLDERS = ["archive", "archive/2020-01", "hooks", "templates", "projects"];

/** A store with one of everything, all of it committed, and its archive looked up once. */
async function fullStore(inline: boolean): Promise<TempStore> {
  const store = await tempStore({ inline });
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(store.tickets, file)), { recursive: true });
    writeFileSync(path.join(store.tickets, file), text);
  };
  const closed = "status: closed\ncreated: 2020-01-01T00:00:00Z\nclosed: 2020-01-05T00:00:00Z";
  writeTickets(store, {
    victim: "Victim\npriority: 1",
    other: "Other\npriority: 2",
    waits: "Waits\ndeps: [old-1]",
    stuck: "Stuck\ndeps: [other]",
    aged: `Aged\n${closed.replaceAll("2020-01", "2020-02")}`,
    doomed: "Doomed",
  });
  put("archive/2020-01/old-1.md", `---\nid: old-1\n${closed}\n---\n# Old one\n`);
  put("config.yml", `${inline ? "git: inline\n" : ""}types: [task, spike, bug]\n`);
  put("hooks/ticket.closed", "#!/bin/sh\nexit 0\n");
  chmodSync(path.join(store.tickets, "hooks/ticket.closed"), 0o755);
  put("templates/bug.md", "## What happens\n");
  put("projects/auth.md", "# Auth\n");
  const opened = store.open();
  await deleteTickets(opened, { ids: ["doomed"], yes: true });
  expect((await readyTickets(opened, {})).tickets.map(({ id }) => id)).toContain("waits");
  store.judge();
  return store;
}

interface Listed {
  readonly tickets: readonly { readonly id: string }[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

type Harm = (target: string) => () => Promise<void> | void;

/** Puts something else in the place of what was there, and later that back. */
function instead(make: (target: string) => void): Harm {
  return (target) => {
    const aside = path.join(tempDir(), "aside");
    renameSync(target, aside);
    make(target);
    return () => {
      rmSync(target, { recursive: true, force: true });
      renameSync(aside, target);
    };
  };
}

const closed: Harm = (target) => {
  const { mode } = statSync(target);
  chmodSync(target, 0);
  onTestFinished(() => {
    if (existsSync(target)) chmodSync(target, mode);
  });
  return () => chmodSync(target, mode);
};

const vanishing: Harm = (target) => {
  const script = path.resolve(import.meta.dirname, "../helpers/flicker.mjs");
  const aside = path.join(tempDir(), "aside");
  const child: ChildProcess = spawn(process.execPath, [script, target, aside], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return async () => {
    child.stdin?.end();
    await ended;
  };
};

const HARMS: Readonly<Record<string, Harm>> = {
  closed,
  "a dangling link": instead((target) => symlinkSync("/nowhere/at/all", target)),
  "a link out": instead((target) => {
    const outside = path.join(tempDir(), "outside");
    const isFolder = !path.basename(target).includes(".") && !target.endsWith("deleted");
    if (isFolder) mkdirSync(outside);
    else writeFileSync(outside, "---\nid: secret\nstatus: open\n---\n# SECRET\n");
    symlinkSync(outside, target);
  }),
  "a pipe": instead((target) => execFileSync("mkfifo", [target])),
  vanishing,
};
const ONLY_FILES: Readonly<Record<string, Harm>> = {
  "a folder": instead((target) => {
    mkdirSync(target);
    writeFileSync(path.join(target, "inside.md"), "# Inside\n");
  }),
  huge: instead((target) => {
    writeFileSync(target, "");
    truncateSync(target, 3 * GIB);
  }),
};
const ONLY_FOLDERS: Readonly<Record<string, Harm>> = {
  "a file": instead((target) => writeFileSync(target, "no folder\n")),
};

type Cell = readonly [target: string, harm: string, inline: boolean];

function harmNamed(name: string): Harm {
  return { ...HARMS, ...ONLY_FILES, ...ONLY_FOLDERS }[name] as Harm;
}

const MATRIX: readonly Cell[] = [false, true].flatMap((inline) => [
  ...FILES.flatMap((file) => Object.keys({ ...HARMS, ...ONLY_FILES }).map((harm): Cell => [file, harm, inline])),
  ...FOLDERS.flatMap((file) => Object.keys({ ...HARMS, ...ONLY_FOLDERS }).map((harm): Cell => [file, harm, inline])),
]);

/** What the matrix shows in its corners, where each harm and each kind of target is once. */
const CORNERS: readonly Cell[] = [
  ["victim.md", "closed", false],
  ["config.yml", "a folder", false],
  ["archive", "a dangling link", false],
  ["hooks/ticket.closed", "a pipe", true],
  ["templates/bug.md", "huge", false],
  ["archive/2020-01", "closed", true],
  ["projects", "a link out", false],
];

/** What every command still does about everything else; the exit status of each is told where it is not 0. */
async function useAll(store: TempStore, target: string, harm: string): Promise<void> {
  const run = async (...args: string[]) => {
    const done = await store.run(args, { through: UNPRIVILEGED, timeoutMs: 60_000 });
    expect(done.code, `ayo ${args.join(" ")}\n${done.stdout}${done.stderr}`).toBeLessThan(70);
    return done;
  };
  const answer = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect(code, `ayo ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  };
  await readAll(answer, run, target, harm);
  // A config.yml that is gone at the moment is gone: then the defaults hold.
  const type = harm === "vanishing" ? "task" : "spike";
  const made = (await answer("ticket", "create", "New", "--type", type, "-q")).trim();
  await answer("ticket", "note", "other", "still here");
  if (LONG) {
    await answer("ticket", "close", made);
    // Whoever moves the archive away has it made anew, and then two of them.
    if (target === "archive" && harm === "vanishing") return;
    const archived = await run("ticket", "archive", "--before", "30d", "--json");
    if (target === "archive") expect([1, 2]).toContain(archived.code);
    else expect(archived.code, archived.stderr).toBe(0);
  }
  expect(await answer("ticket", "show", "other")).toContain("still here");
}

async function readAll(
  answer: (...args: string[]) => Promise<string>,
  run: (...args: string[]) => Promise<{ code: number | null; stdout: string; stderr: string }>,
  target: string,
  harm: string,
): Promise<void> {
  const listed = JSON.parse(await answer("ticket", "list", "--json")) as Listed;
  expect(listed.tickets.map(({ id }) => id)).toEqual(expect.arrayContaining(["other", "stuck", "waits"]));
  const isListed = !target.startsWith("archive/") && harm !== "vanishing";
  expect(listed.problems.map((one) => one.path)).toEqual(isListed ? [target] : []);
  expect((JSON.parse(await answer("ticket", "ready", "--json")) as Listed).tickets.map(({ id }) => id)).toContain(
    harm === "vanishing" ? "other" : "waits",
  );
  const doctor = await run("doctor", "--json");
  const found = (JSON.parse(doctor.stdout) as { findings: { path?: string }[] }).findings.map((one) => one.path);
  if (harm !== "vanishing") expect([doctor.code, found]).toEqual([1, expect.arrayContaining([target])]);
  if (!LONG) return;
  expect(await answer("ticket", "blocked")).toContain("Stuck");
  expect(await answer("ticket", "search", "Stuck")).toContain("Stuck");
  expect(await answer("ticket", "stats")).toContain("unfinished");
  await answer("recap");
  await answer("watch", "--until-now", "--since", "1h");
  const exported = await run("export", "--all", "--json");
  expect([0, 1]).toContain(exported.code);
  expect(exported.stdout).toContain("Stuck");
  expect(exported.stdout).not.toContain("SECRET");
  const shown = await run("ticket", "show", "victim");
  if (target === "victim.md" && harm !== "vanishing") expect([shown.code, shown.stdout]).not.toContain("SECRET");
  else if (target !== "victim.md") expect(shown.code).toBe(0);
}

describe("whatever cannot be read hurts only itself", () => {
  test.each(LONG ? MATRIX : CORNERS)("%s %s (inline: %s)", async (target, harm, inline) => {
    const store = await fullStore(inline);
    const mend = harmNamed(harm)(path.join(store.tickets, target));
    let isMended = false;
    onTestFinished(async () => {
      if (!isMended) await mend();
    });
    await useAll(store, target, harm);
    fsck(store.repo);
    if (harm !== "vanishing") expect(deletedIn(store, inline)).not.toContainEqual(expect.stringContaining(target));
    await mend();
    isMended = true;
    await store.ayo("ticket", "note", "other", "mended");
    store.judge();
    expect((await store.json<Listed>("ticket", "list")).problems).toEqual([]);
  });
});

/** Every path that a commit of the store deleted, from the store's directory, but for what was archived or deleted. */
function deletedIn(store: TempStore, inline: boolean): string[] {
  const paths = git(store.repo, "log", "--no-renames", "--diff-filter=D", "--name-only", "--format=").split("\n");
  return paths.map((file) => (inline ? file.replace(/^\.tickets\//, "") : file));
}
