import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { allow } from "../../../src/actions/allow/allow.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import type { Host } from "../../../src/host.ts";
import { storeToDecide } from "../../../src/store/allow/foreignStore.ts";
import { makeStore } from "../../../src/store/open/makeStore.ts";
import { openStore } from "../../../src/store/open/store.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore, testHost } from "../../helpers/tempStore.ts";

const ME = process.getuid?.() ?? 0;

/** Somebody whose files none of these are, with this global git configuration. */
function stranger(cwd: string, gitConfig = "", more: Partial<Host> = {}): Host {
  const home = tempDir();
  writeFileSync(`${home}/.gitconfig`, gitConfig);
  const env = { ...testHost(cwd).env, HOME: home, GIT_CONFIG_GLOBAL: undefined, XDG_CONFIG_HOME: undefined };
  return testHost(cwd, { uid: 54_321, home, env, ...more });
}

const safe = (...dirs: string[]): string => `[safe]\n${dirs.map((dir) => `\tdirectory = ${dir}\n`).join("")}`;
const refused = (dir: string) =>
  expect.objectContaining({
    code: "store_not_owned",
    message: expect.stringMatching(
      `^detected dubious ownership in the store at ${dir}: it is owned by .*${ME}.*, you are uid 54321; if you trust it, say so$`,
    ),
    try: ["ayo", "allow", dir],
    data: { dir, place: dir, owner: ME, you: 54_321 },
  });

describe("another user's store", () => {
  test("is refused to everybody but root, by whatever name, for reading and for writing", async () => {
    const { dir, tickets } = await tempStore();
    for (const choice of [{ dir: tickets }, { dir }, {}]) {
      expect(() => openStore(choice, stranger(dir))).toThrow(refused(tickets));
      await expect(makeStore(choice, {}, stranger(dir))).rejects.toEqual(refused(tickets));
      expect(openStore(choice, stranger(dir, "", { uid: 0 })).dir).toBe(tickets);
      expect(openStore(choice, stranger(dir, "", { uid: undefined })).dir).toBe(tickets);
      expect(openStore(choice, stranger(dir, "", { uid: ME })).dir).toBe(tickets);
    }
    const env = { ...stranger(dir).env, TICKETS_DIR: tickets };
    expect(() => openStore({}, stranger(dir, "", { env }))).toThrow(refused(tickets));
  });

  test("inline too, and before anything in it is read", async () => {
    const { dir, tickets } = await tempStore({ inline: true });
    expect(() => openStore({}, stranger(dir))).toThrow(refused(tickets));
    writeFileSync(`${dir}/.git/config`, "[extensions]\n\tpartialclone = x\n");
    expect(() => openStore({ dir }, stranger(dir))).toThrow(refused(tickets));
  });

  test("is taken where the user has told git that it is safe", async () => {
    const { dir, tickets } = await tempStore();
    const isOpen = (config: string): boolean => {
      try {
        return (
          openStore({ dir: tickets }, stranger(dir, config)).dir === tickets &&
          openStore({}, stranger(dir, config)).dir === tickets
        );
      } catch (error) {
        expect(error).toEqual(refused(tickets));
        return false;
      }
    };
    expect(isOpen(safe(tickets))).toBe(true);
    expect(isOpen(safe("/else", `${tickets}/`))).toBe(true);
    expect(isOpen(safe("*"))).toBe(true);
    expect(isOpen(safe(`${dir}/*`))).toBe(true);
    expect(isOpen(safe("*", ""))).toBe(false);
    expect(isOpen(safe(dir))).toBe(false);
    expect(isOpen(safe(`${tickets}x`, `${tickets.slice(0, -1)}`, ".tickets"))).toBe(false);
    // What a repository says of itself counts for nothing.
    writeFileSync(`${tickets}/.git/config`, safe("*"), { flag: "a" });
    expect(isOpen("")).toBe(false);
  });

  test("is passed over where another is further up; where none is, it is said", async () => {
    const top = tempDir();
    const { dir } = await tempStore({ at: `${top}/project` });
    mkdirSync(`${dir}/src`);
    expect(() => openStore({}, stranger(`${dir}/src`))).toThrow(refused(`${dir}/.tickets`));
    const made = await makeStore({}, {}, { ...stranger(`${dir}/src`), uid: ME });
    expect(made.dir).toBe(`${dir}/.tickets`);
    const own = await makeStore({ dir: `${top}/.tickets` }, {}, testHost(top));
    const config = safe(own.dir);
    expect(openStore({}, stranger(`${dir}/src`, config)).dir).toBe(own.dir);
  });

  test("does not keep anybody from making a store of his own further down, but never in it", async () => {
    const top = tempDir();
    await makeStore({}, {}, testHost(top));
    mkdirSync(`${top}/mine`);
    const { dir } = await makeStore({}, {}, stranger(`${top}/mine`, safe(`${top}/mine/.tickets`)));
    expect(dir).toBe(`${top}/mine/.tickets`);
    const project = gitRepo();
    await makeStore({}, {}, testHost(project));
    await expect(makeStore({}, {}, stranger(project))).rejects.toEqual(refused(`${project}/.tickets`));
  });

  test("a store of the user's own in another's project is his, and another's empty directory becomes none", async () => {
    const { dir, tickets } = await tempStore({ project: true });
    const host = stranger(dir, "", { uid: 12_345 });
    if (ME === 0) for (const name of [tickets, `${tickets}/.git`]) chownSync(name, 12_345, 12_345);
    const mine = ME === 0 ? host : testHost(dir);
    expect(openStore({ dir }, mine).dir).toBe(tickets);
    const empty = tempDir();
    await expect(makeStore({ dir: empty }, {}, host)).rejects.toEqual(
      expect.objectContaining({ code: "store_not_owned", data: { dir: empty, place: empty, owner: ME, you: 12_345 } }),
    );
    expect(readdirSync(empty)).toEqual([]);
  });

  test("so is a store whose git directory alone is somebody else's", async () => {
    const { tickets } = await tempStore();
    if (ME === 0) chownSync(`${tickets}/.git`, 65_534, 65_534);
    const host = ME === 0 ? stranger("/", "", { uid: 12_345 }) : stranger("/");
    if (ME === 0) chownSync(tickets, 12_345, 12_345);
    chmodSync(path.dirname(tickets), 0o755);
    const error = expect.objectContaining({ code: "store_not_owned" });
    expect(() => openStore({ dir: tickets }, host)).toThrow(error);
    const config = safe(tickets);
    expect(openStore({ dir: tickets }, stranger("/", config, { uid: host.uid })).dir).toBe(tickets);
  });
});

describe("another user's store that a person allows", () => {
  /** The same stranger each time, with a home of his own for what he decides. */
  const strangerIn = (cwd: string, more: Partial<Host> = {}) => {
    const host = stranger(cwd, "", more);
    return { ...host, env: { ...host.env, AYO_HOME: `${tempDir()}/ayo` } };
  };
  const decide = (host: Host, word: string, input: object = {}) =>
    invoke(allow, storeToDecide({}, host, [word]), { what: [word], ...input });
  const notOwned = expect.objectContaining({ code: "store_not_owned" });

  test("is opened from then on, by whatever name it is named, until that is taken back or denied", async () => {
    const { dir, tickets } = await tempStore();
    const host = strangerIn(dir);
    const shown = await invoke(allow, storeToDecide({}, host, []), {});
    expect(shown.effects).toMatchObject([
      { kind: "store", name: tickets, state: "new", try: ["ayo", "allow", tickets] },
    ]);
    for (const word of [tickets, dir, ".", ".tickets", `${dir}/src/../.tickets/`]) {
      expect(() => openStore({}, host)).toThrow(refused(tickets));
      const { effects } = await decide(host, word);
      expect(effects).toMatchObject([{ kind: "store", name: tickets, state: "allowed" }]);
      expect(openStore({}, host).dir).toBe(tickets);
      expect(openStore({ dir }, { ...host, cwd: "/" }).dir).toBe(tickets);
      await decide(host, word, { remove: true });
    }
    await decide(host, tickets);
    await decide(host, tickets, { deny: true });
    expect(() => openStore({}, host)).toThrow("you are uid 54321 and have denied it");
    writeFileSync(`${host.home}/.gitconfig`, safe(tickets));
    expect(() => openStore({}, host)).toThrow(notOwned);
    await decide(host, tickets, { remove: true });
    expect(openStore({}, host).dir).toBe(tickets);
  });

  test("shows nothing of what is in it before, and all of it after", async () => {
    const { dir, tickets } = await tempStore();
    mkdirSync(`${tickets}/hooks`);
    writeFileSync(`${tickets}/hooks/ticket.closed`, "#!/bin/sh\n", { mode: 0o755 });
    const host = strangerIn(dir);
    await expect(decide(host, "ticket.closed")).rejects.toMatchObject({ code: "not_found" });
    await invoke(allow, storeToDecide({}, host, []), { all: true });
    const { effects } = await invoke(allow, openStore({}, host), {});
    expect(effects.map(({ kind, state }) => [kind, state])).toEqual([
      ["store", "allowed"],
      ["hook", "new"],
    ]);
  });

  test("is nobody's to allow but a person's, and asks again when it becomes somebody else's", async () => {
    const { dir, tickets } = await tempStore();
    const host = strangerIn(dir);
    await expect(decide(host, tickets, { as: "@coder" })).rejects.toMatchObject({ code: "needs_person" });
    await decide(host, tickets);
    const [record = ""] = readdirSync(host.env.AYO_HOME, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".json"),
    );
    const file = path.join(host.env.AYO_HOME, record);
    const text = readFileSync(file, "utf8");
    // As it was recorded when the store belonged to another.
    writeFileSync(file, text.replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${"0".repeat(64)}"`));
    expect(() => openStore({}, host)).toThrow("and allowed it when its owner was another; if you trust it, say so");
    writeFileSync(file, text.slice(0, 20));
    expect(() => openStore({}, host)).toThrow(/what was decided cannot be read: .*\.json is not as ayo writes it/);
    await decide(host, tickets);
    expect(openStore({}, host).dir).toBe(tickets);
  });

  test("inline: the project that keeps its history is allowed by its own path", async () => {
    const { dir, tickets } = await tempStore({ inline: true });
    const uid = ME === 0 ? 12_345 : ME;
    if (ME === 0) {
      chownSync(tickets, uid, uid);
      chownSync(dir, uid, uid);
    }
    const host = strangerIn("/", { uid });
    const opened = () => openStore({ dir: tickets }, host).dir;
    if (ME === 0) {
      expect(opened).toThrow(expect.objectContaining({ code: "store_not_owned", try: ["ayo", "allow", dir] }));
      await decide(host, dir);
    }
    expect(opened()).toBe(tickets);
  });
});
