import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { initRepository, STORE_BRANCH } from "../../../../src/git/repository/initRepository.ts";
import { makeStore } from "../../../../src/store/open/makeStore.ts";
import { openStore } from "../../../../src/store/open/store.ts";
import { git } from "../../../helpers/git.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { testHost } from "../../../helpers/tempStore.ts";

const TICKET = "---\nid: t-1\nstatus: open\n---\n# One\n";

/** What lies in a directory as its `.git`. */
const GITS: Readonly<Record<string, (dir: string) => void>> = {
  none: () => {},
  own: (dir) => {
    initRepository(dir);
  },
  "own, elsewhere": (dir) => {
    initRepository(dir);
    git(dir, "checkout", "--quiet", "-b", "try");
    git(dir, "commit", "--quiet", "--allow-empty", "-m", "tried");
  },
  "own, packed": (dir) => {
    initRepository(dir);
    git(dir, "checkout", "--quiet", "-b", "try");
    git(dir, "commit", "--quiet", "--allow-empty", "-m", "tried");
    git(dir, "gc", "--quiet");
  },
  "own, detached": (dir) => {
    initRepository(dir);
    git(dir, "checkout", "--quiet", "--detach");
  },
  "own, HEAD torn": (dir) => {
    initRepository(dir);
    writeFileSync(`${dir}/.git/HEAD`, "");
  },
  "own, HEAD gone": (dir) => {
    initRepository(dir);
    rmSync(`${dir}/.git/HEAD`);
  },
  "own, half made": (dir) => mkdirSync(`${dir}/.git/objects/info`, { recursive: true }),
  clone: (dir) => {
    const origin = tempDir();
    initRepository(origin);
    git(dir, "clone", "--quiet", origin, ".");
  },
  "linked to a project": (dir) => git(project(tempDir()), "worktree", "add", "--quiet", dir, "ayo/tickets"),
  foreign: (dir) => {
    git(dir, "init", "--quiet", "--initial-branch=main");
    git(dir, "commit", "--quiet", "--allow-empty", "-m", "start");
  },
  "foreign, new": (dir) => git(dir, "init", "--quiet", "--initial-branch=main"),
  "foreign, detached": (dir) => git(project(dir), "checkout", "--quiet", "--detach"),
  "foreign, with ayo's branch": (dir) => project(dir),
  "foreign, on ayo's branch": (dir) => git(project(dir), "checkout", "--quiet", "ayo/tickets"),
  "foreign, orphan beside ayo's branch": (dir) => git(project(dir), "checkout", "--quiet", "--orphan", "fresh"),
  "foreign, linked": (dir) => git(project(tempDir()), "worktree", "add", "--quiet", dir, "-b", "side"),
  "foreign, bare": (dir) => {
    git(dir, "init", "--quiet", "--bare", ".bare");
    writeFileSync(`${dir}/.git`, "gitdir: ./.bare\n");
  },
  "link to nothing": (dir) => writeFileSync(`${dir}/.git`, "gitdir: ../nowhere\n"),
  "HEAD gone from a foreign one": (dir) => {
    git(dir, "init", "--quiet");
    rmSync(`${dir}/.git/HEAD`);
  },
};

/** A project that has fetched a store's branch. */
function project(dir: string): string {
  const store = tempDir();
  initRepository(store);
  git(dir, "init", "--quiet", "--initial-branch=main");
  git(dir, "commit", "--quiet", "--allow-empty", "-m", "start");
  git(dir, "fetch", "--quiet", store, `${STORE_BRANCH}:${STORE_BRANCH}`);
  return dir;
}

const CONFIGS: Readonly<Record<string, string | undefined>> = {
  none: undefined,
  ayo: "prefix: web\narchive: {after: 30d}\n",
  site: "baseURL: https://example.org/\ntitle: A site\narchive: {after: 30d}\n",
};

function say(dir: string): string {
  try {
    const store = openStore({ dir }, testHost("/"));
    return store.dir === dir ? "S" : store.dir === `${dir}/.tickets` ? "I" : store.dir;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(code).toBe("no_store");
    return message.startsWith("no ticket store at") ? "N" : "R";
  }
}

const CONTENTS = [
  { tickets: false, inner: false },
  { tickets: true, inner: false },
  { tickets: false, inner: true },
  { tickets: true, inner: true },
] as const;

/** What `--dir` of a directory means: S itself, I the `.tickets` in it, N a new store, R refused; by what is in it. */
function row(dir: string, config: string): string {
  const text = CONFIGS[config];
  if (text !== undefined) writeFileSync(`${dir}/config.yml`, text);
  const said = CONTENTS.map(({ tickets, inner }) => {
    if (tickets) writeFileSync(`${dir}/t-1.md`, TICKET);
    if (inner) mkdirSync(`${dir}/.tickets`);
    if (existsSync(`${dir}/.git/ayo`)) rmSync(`${dir}/.git/ayo/root-proofs`, { force: true });
    const first = say(dir);
    // What was found out is kept: the second look must say the same.
    expect(say(dir)).toBe(first);
    for (const name of ["t-1.md", ".tickets"]) rmSync(`${dir}/${name}`, { recursive: true, force: true });
    return first;
  });
  rmSync(`${dir}/config.yml`, { force: true });
  return said.join(" ");
}

function made(name: string, kind: string): string {
  const dir = path.join(tempDir(), name);
  mkdirSync(dir);
  GITS[kind]?.(dir);
  return dir;
}

function everyConfig(name: string, kind: string): string[] {
  const dir = made(name, kind);
  return Object.keys(CONFIGS).map((config) => row(dir, config));
}

describe("a directory that is named: nothing else in it, tickets, a .tickets, both", () => {
  test.each([
    ["none", "none", "N S I I"],
    ["none", "ayo", "S S S S"],
    ["none", "site", "R S I I"],
  ])("git %s, config.yml %s: %s", (kind, config, wanted) => {
    expect(row(made("work", kind), config)).toBe(wanted);
  });

  test.each([
    ["own", "S S S S"],
    ["clone", "S S S S"],
    ["linked to a project", "S S S S"],
    ["own, elsewhere", "S S I I"],
    ["own, packed", "S S I I"],
    ["own, detached", "S S I I"],
    ["own, HEAD torn", "S S I I"],
    ["own, HEAD gone", "S S I I"],
    ["own, half made", "S S I I"],
    ["foreign", "R R I I"],
    ["foreign, new", "R R I I"],
    ["foreign, detached", "R R I I"],
    ["foreign, with ayo's branch", "R R I I"],
    ["foreign, on ayo's branch", "R R I I"],
    ["foreign, orphan beside ayo's branch", "R R I I"],
    ["foreign, linked", "R R I I"],
    ["foreign, bare", "R R I I"],
    ["link to nothing", "R R I I"],
    ["HEAD gone from a foreign one", "R R I I"],
  ])("git %s, any config.yml: %s", (kind, wanted) => {
    expect(everyConfig("work", kind)).toEqual([wanted, wanted, wanted]);
  });
});

describe("a directory that is called .tickets", () => {
  test.each([
    "none",
    "own",
    "own, elsewhere",
    "own, HEAD gone",
    "clone",
    "linked to a project",
    "foreign, on ayo's branch",
  ])("is a store whatever is in it (git %s)", (kind) => {
    expect(everyConfig(".tickets", kind)).toEqual(["S S S S", "S S S S", "S S S S"]);
  });

  test.each(["foreign", "foreign, new", "foreign, detached", "foreign, with ayo's branch", "foreign, linked"])(
    "is refused with somebody else's repository in it (git %s)",
    (kind) => {
      expect(everyConfig(".tickets", kind)).toEqual(["R R R R", "R R R R", "R R R R"]);
    },
  );

  test("a repository that somebody made in it becomes the store's by the branch's name, as the refusal says", async () => {
    const dir = path.join(tempDir(), ".tickets");
    mkdirSync(dir);
    git(dir, "init", "--quiet", "--initial-branch=main");
    writeFileSync(`${dir}/t-1.md`, TICKET);
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "-m", "mine");
    const refusal = await makeStore({ dir }, {}, testHost("/")).catch((error) => error);
    expect(refusal).toMatchObject({ code: "no_store", try: ["git", "-C", dir, "branch", "-m", "ayo/tickets"] });
    expect(refusal.message).toContain("it is on main");
    git(dir, "branch", "-m", "ayo/tickets");
    expect(openStore({ dir }, testHost("/")).journal).toMatchObject({ mode: "own", prefix: "" });
  });

  test("a .git in it that nobody can read is no place to begin a store in", async () => {
    for (const kind of ["link to nothing", "HEAD gone from a foreign one"]) {
      const dir = made(".tickets", kind);
      await expect(makeStore({ dir }, {}, testHost("/"))).rejects.toMatchObject({
        code: "no_store",
        message: `${dir}/.git is no repository that ayo knows; a store of its own would be ${dir}/.tickets`,
      });
    }
  });
});

describe("what tells a ticket and a config.yml of a store's from others", () => {
  test.each([
    ["---\nid: t-1\nstatus: whatever\n---\n", "S"],
    ["---\r\nid: t-1\r\nstatus: open\r\n---\r\n# CRLF\r\n", "S"],
    ["\uFEFF---\nstatus: in_progress\n---\n", "S"],
    ['---\nstatus: "closed"\n---\n', "S"],
    ["---\nid: intro\ntitle: A page of Docusaurus\n---\n", "R"],
    ["---\nstatus: accepted\ndate: 2026-01-01\n---\n# A decision record\n", "R"],
    ["# Only text\n", "R"],
    ["---\nstatus: open\n", "R"],
    ["", "R"],
  ])("the text %j: %s", (text, wanted) => {
    const dir = path.join(tempDir(), "notes");
    mkdirSync(dir);
    writeFileSync(`${dir}/a.md`, text);
    expect(say(dir)).toBe(wanted);
  });

  test.each([
    ["git: inline\n", "S"],
    ["# How this store works; every key may be left out.\nsomething: new\n", "S"],
    ["board:\n  columns: [a, b]\n# theirs: no\n", "S"],
    ["# only a remark\n", "R"],
    ["", "R"],
    ["version: 2\njobs: {}\n", "R"],
    ["search: {}\nplugins: []\n", "R"],
    ["{ broken", "R"],
  ])("the config.yml %j: %s", (text, wanted) => {
    const dir = path.join(tempDir(), "site");
    mkdirSync(dir);
    writeFileSync(`${dir}/config.yml`, text);
    expect(say(dir)).toBe(wanted);
  });

  test("a store whose tickets are all archived, without git", () => {
    const dir = path.join(tempDir(), "old");
    mkdirSync(`${dir}/archive/2026-01`, { recursive: true });
    writeFileSync(`${dir}/archive/2026-01/t-1.md`, TICKET);
    expect(say(dir)).toBe("S");
  });

  test("files that every directory may have are none", async () => {
    const dir = path.join(tempDir(), "kept");
    mkdirSync(dir);
    writeFileSync(`${dir}/.gitkeep`, "");
    expect(say(dir)).toBe("N");
    await makeStore({ dir }, {}, testHost("/"));
    expect(say(dir)).toBe("S");
  });

  test("a store in the project's branch under another name", async () => {
    const top = tempDir();
    GITS.foreign?.(top);
    await makeStore({ dir: `${top}/tasks` }, { inline: true }, testHost("/"));
    expect(openStore({ dir: `${top}/tasks` }, testHost("/")).journal).toMatchObject({
      mode: "inline",
      prefix: "tasks",
    });
    expect(say(top)).toBe("R");
  });
});

describe("places where no store can be", () => {
  test("in another store, in a git directory, as one", async () => {
    const top = tempDir();
    GITS.foreign?.(top);
    const host = testHost(top);
    await makeStore({}, {}, host);
    await makeStore({ dir: "tasks" }, {}, host);
    mkdirSync(`${top}/.tickets/projects`);
    writeFileSync(`${top}/.tickets/projects/p.md`, TICKET);
    mkdirSync(`${top}/tasks/projects`);
    writeFileSync(`${top}/tasks/projects/p.md`, TICKET);
    for (const [dir, message] of [
      [".tickets/projects", `the store of this place is ${top}/.tickets`],
      [".tickets/new", `the store of this place is ${top}/.tickets`],
      [".tickets/.tickets", `the store of this place is ${top}/.tickets`],
      ["tasks/projects", `the store of this place is ${top}/tasks`],
      ["tasks/new/deep", `the store of this place is ${top}/tasks`],
      [".git", "is a git directory"],
      [".git/hooks", "lies in a git directory"],
      [".git/new", "lies in a git directory"],
      [".tickets/.git", "is a git directory"],
    ] as const)
      await expect(makeStore({ dir }, {}, host)).rejects.toMatchObject({
        code: "no_store",
        message: expect.stringContaining(message),
      });
    git(top, "clone", "--quiet", "--bare", ".", "bare.git");
    expect(say(`${top}/bare.git`)).toBe("R");
  });

  test("the refusal names the store that was meant, also the one beside a linked worktree's repository", async () => {
    const top = tempDir();
    GITS.foreign?.(top);
    const linked = path.join(tempDir(), "linked");
    git(top, "worktree", "add", "--quiet", linked, "-b", "side");
    mkdirSync(`${top}/src`);
    writeFileSync(`${top}/src/main.c`, "");
    await makeStore({}, {}, testHost(top));
    for (const dir of [linked, `${top}/src`])
      expect(() => openStore({ dir }, testHost("/"))).toThrow(
        expect.objectContaining({ try: ["ayo", "--dir", `${top}/.tickets`, "ticket", "list"] }),
      );
  });

  test("a bare repository has no branch that a worktree could commit tickets to", async () => {
    const dir = tempDir();
    GITS["foreign, bare"]?.(dir);
    await expect(makeStore({ dir: `${dir}/.tickets` }, { inline: true }, testHost("/"))).rejects.toMatchObject({
      code: "git_unsupported",
    });
    expect((await makeStore({ dir: `${dir}/.tickets` }, {}, testHost("/"))).journal?.mode).toBe("own");
  });
});

describe("names and links", () => {
  test("a link, a trailing slash and a way round lead to the same store", async () => {
    const top = tempDir();
    const { dir } = await makeStore({ dir: `${top}/a/.tickets` }, {}, testHost("/"));
    symlinkSync(`${top}/a/.tickets`, `${top}/link`);
    symlinkSync(`${top}/a`, `${top}/project`);
    for (const name of ["link", "link/", "project", "project/.tickets/", "./a/../a//.tickets", "a"])
      expect(openStore({ dir: name }, testHost(top)).dir).toBe(dir);
  });

  test("a link that is called .tickets makes its target a store", async () => {
    const top = tempDir();
    mkdirSync(`${top}/shared`);
    writeFileSync(`${top}/shared/other.txt`, "");
    symlinkSync("shared", `${top}/.tickets`);
    const store = await makeStore({ dir: top }, {}, testHost("/"));
    expect([store.dir, store.named]).toEqual([`${top}/shared`, `${top}/.tickets`]);
    expect(readFileSync(`${top}/shared/other.txt`, "utf8")).toBe("");
  });

  test("whoever stands in a store of another name means that one", async () => {
    const top = tempDir();
    const { dir } = await makeStore({ dir: `${top}/tasks` }, {}, testHost("/"));
    mkdirSync(`${dir}/archive`);
    mkdirSync(`${top}/.tickets`);
    for (const cwd of [dir, `${dir}/archive`]) expect(openStore({}, testHost(cwd)).dir).toBe(dir);
    expect(openStore({}, testHost(top)).dir).toBe(`${top}/.tickets`);
  });
});
