import { chmodSync, cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { type CliResult, UNPRIVILEGED } from "../helpers/runCli.ts";
import { runScript } from "../helpers/runScript.ts";
import { holderAt } from "../helpers/syncing/claimTeam.ts";
import { sharingTeam } from "../helpers/team.ts";
import { tempDir } from "../helpers/tempDir.ts";
import type { TempStore } from "../helpers/tempStore.ts";

/*
 * Where this machine keeps what it knows of a shared store nothing can be written: a disk that is full or may only be
 * read, in a namespace of its own, and a folder that is closed. The store itself and the remote are as they should be.
 */

const cleanUp = laterCleanUp();
let hub: string;
let ann: TempStore;
beforeAll(async () => {
  ({ hub, ann } = await sharingTeam(["First"], cleanUp));
});

let id: string;
let held: string;
beforeEach(async () => {
  id = await ann.ayo("ticket", "create", "To be claimed");
  held = await ann.ayo("ticket", "create", "Held before");
  await ann.ayo("ticket", "claim", held, "--as", "@b");
  expect(holderAt(hub, held)).toBe("@b");
});

const HOME = (): string => path.join(hermeticEnv(sharedHome()).XDG_DATA_HOME as string, "ayo");

/** Runs commands with a copy of AYO_HOME on a disk of its own, on which `make` leaves no way to write until `undo`. */
const SCRIPT = (make: string, undo: string) => `
  cd "$1"; export AYO_HOME=$2/home; out=$2; id=$4; held=$5
  mkdir "$AYO_HOME" && mount -t tmpfs -o size=4m,nr_inodes=1500 tmpfs "$AYO_HOME" && cp -r "$3/sync" "$AYO_HOME/" || exit 1
  say() { name=$1; shift; "$@" --json > "$out/$name.stdout" 2> "$out/$name.stderr"; echo $? > "$out/$name.code"; }
  (cd "$AYO_HOME" && ${make})
  say claim ayo ticket claim "$id" --as @a
  say release ayo ticket release "$held" --as @b
  say sync ayo sync
  say dryRun ayo sync --dry-run
  say list ayo ticket list
  ayo config sync.claims required > /dev/null
  say required ayo ticket claim "$held" --as @c
  ayo config sync.claims warn > /dev/null
  (cd "$AYO_HOME" && ${undo})
  say renew ayo ticket renew "$id" --as @a --lease 2h
  say again ayo sync
`;

/** What became of each command, by its name in the script. */
function outcomes(make: string, undo: string): Record<string, CliResult> {
  const out = tempDir();
  const { stderr } = runScript(SCRIPT(make, undo), [ann.dir, out, HOME(), id, held]);
  expect(stderr).toBe("");
  const read = (name: string, what: string) => readFileSync(path.join(out, `${name}.${what}`), "utf8");
  const names = readdirSync(out).flatMap((name) => /^(.*)\.code$/.exec(name)?.[1] ?? []);
  return Object.fromEntries(
    names.map((name) => {
      const result = { code: Number(read(name, "code")), stdout: read(name, "stdout"), stderr: read(name, "stderr") };
      return [name, result];
    }),
  );
}

const json = ({ code, stdout, stderr }: CliResult = { code: null, stdout: "{}", stderr: "{}" }) => ({
  code,
  ...(JSON.parse(code === 0 ? stdout : stderr) as Record<string, unknown>),
});

const LEAVES_NO_SPACE = "head -c 8m /dev/zero > fill 2> /dev/null";
const LEAVES_NO_FILES = "for n in $(seq 2000); do : > fill-$n || break; done 2> /dev/null";

describe.each([
  ["a full disk", LEAVES_NO_SPACE, "rm fill", "disk_full", "no space left"],
  [
    "no more files, git's first among them",
    `rm -r sync/*/transport.git; ${LEAVES_NO_FILES}`,
    "rm fill-*",
    "disk_full",
    "no space left",
  ],
  [
    "a disk that may only be read",
    'mount -o remount,ro "$AYO_HOME"',
    'mount -o remount,rw "$AYO_HOME"',
    "store_not_writable",
    "is closed",
  ],
])("AYO_HOME on %s", (_, make, undo, error, why) => {
  test("claims go on as if offline, or are refused where others' answer is required; a sync says why", () => {
    const { claim, release, sync, dryRun, list, required, renew, again } = outcomes(make, undo);
    const notConfirmed = `the claim of ${id} is not confirmed: `;
    expect(json(claim)).toMatchObject({
      code: 0,
      unconfirmed: [id],
      notices: [
        expect.stringMatching(`^${notConfirmed}.*${why}`),
        expect.stringMatching(`^no sync confirms .* 'ayo ticket renew ${id}': .*${why}`),
      ],
      ticket: { status: "in_progress" },
    });
    expect(claim?.stdout).not.toContain("nothing was changed");
    expect(json(release)).toMatchObject({
      code: 0,
      notices: [expect.stringMatching(why)],
      tickets: [{ status: "open" }],
    });
    for (const one of [sync, dryRun])
      expect(json(one)).toMatchObject({ code: 1, error: { code: error, message: expect.stringContaining(why) } });
    expect(list?.code).toBe(0);
    expect(json(required)).toMatchObject({
      code: 1,
      error: { code: error, message: expect.stringContaining("is not confirmed"), data: { confirmed: false } },
    });
    expect(ann.text(held)).toContain("status: open");
    expect([json(renew), json(again)]).toMatchObject([{ code: 0, confirmed: [id] }, { code: 0 }]);
    expect([holderAt(hub, id), holderAt(hub, held)]).toEqual(["@a", undefined]);
    ann.judge();
  });
});

test.each([
  ["that may only be read", 0o555],
  ["that is closed altogether", 0o000],
])("AYO_HOME as a folder %s", async (_, mode) => {
  const home = path.join(tempDir(), "home");
  cpSync(HOME(), home, { recursive: true });
  const folders = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const all = [home, ...folders.map(({ parentPath, name }) => path.join(parentPath, name))];
  const close = (to: number) => {
    for (const folder of to === 0o755 ? all : all.toReversed()) chmodSync(folder, to);
  };
  onTestFinished(() => close(0o755));
  close(mode);
  const run = async (...args: string[]) =>
    json(await ann.run([...args, "--json"], { through: UNPRIVILEGED, env: { AYO_HOME: home } }));
  expect(await run("ticket", "claim", id, "--as", "@a")).toMatchObject({
    code: 0,
    unconfirmed: [id],
    notices: expect.arrayContaining([expect.stringMatching(`^the claim of ${id} is not confirmed: .*is closed`)]),
  });
  expect(await run("sync")).toMatchObject({ code: 1, error: { code: "store_not_writable" } });
  expect(await run("ticket", "list")).toMatchObject({ code: 0 });
  expect(holderAt(hub, id)).toBeUndefined();
});
