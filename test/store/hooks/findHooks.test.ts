import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findHooks, readHook } from "../../../src/store/hooks/findHooks.ts";
import { tempDir } from "../../helpers/tempDir.ts";

/** A store's directory with executables at these places below hooks/. */
function storeWith(...names: readonly string[]): string {
  const dir = tempDir();
  mkdirSync(path.join(dir, "hooks"));
  for (const name of names) put(dir, name);
  return dir;
}

function put(dir: string, name: string, mode = 0o755): string {
  const file = path.join(dir, "hooks", name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, mode);
  return file;
}

/** The code of what is wrong with the one hook of a store, or its event. */
function verdict(dir: string): string | undefined {
  const [place, ...others] = findHooks(dir);
  expect(others).toEqual([]);
  const content = place === undefined ? undefined : readHook(dir, place);
  return content === undefined || "bytes" in content ? place?.event : content.problem.code;
}

describe("finding hooks", () => {
  test("by event in the order of events, the file before its folder, that one by name", () => {
    const dir = storeWith(
      "ticket.ready",
      "ticket.closed.d/20-b",
      "ticket.closed.d/10-a.mjs",
      "ticket.closed",
      "ticket.created.d/x",
    );
    expect(findHooks(dir).map(({ path: file }) => file)).toEqual([
      "hooks/ticket.created.d/x",
      "hooks/ticket.closed",
      "hooks/ticket.closed.d/10-a.mjs",
      "hooks/ticket.closed.d/20-b",
      "hooks/ticket.ready",
    ]);
  });

  test("editors' leftovers, hidden files and folders of other names are none; a store without hooks has none", () => {
    expect(
      findHooks(storeWith("ticket.closed~", ".ticket.closed.swp", "lib/mail.sh", "ticket.closed.d/.keep")),
    ).toEqual([]);
    expect(findHooks(tempDir())).toEqual([]);
  });

  test.each([
    ["closed", "rename it to ticket.closed"],
    ["ticket.closed.sh", "rename it to ticket.closed"],
    ["Ticket.Closed", "rename it to ticket.closed"],
    ["pre-commit", "bears an event's name"],
    ["ticket.due", "ayo watch"],
    ["clsd.d/10-x", "no event is called 'clsd'"],
  ])("%s is no event's name", (name, hint) => {
    const [place] = findHooks(storeWith(name));
    expect(place?.problem?.code).toBe("unknown_event");
    expect(place?.problem?.message).toContain(hint);
    expect(verdict(storeWith(name))).toBe("unknown_event");
  });

  test("what lies in the folder of an unknown event is one problem, not one for each file", () => {
    expect(findHooks(storeWith("clsd.d/1", "clsd.d/2")).map(({ path: file }) => file)).toEqual(["hooks/clsd.d"]);
  });
});

describe("reading hooks", () => {
  test("an executable is read", () => {
    expect(verdict(storeWith("ticket.closed"))).toBe("ticket.closed");
  });

  test("without a run bit", () => {
    const dir = storeWith();
    put(dir, "ticket.closed", 0o644);
    expect(verdict(dir)).toBe("no_run_bit");
  });

  test("a link inside the store is followed", () => {
    const dir = storeWith("lib/all");
    symlinkSync("lib/all", path.join(dir, "hooks/ticket.closed"));
    expect(verdict(dir)).toBe("ticket.closed");
  });

  test.each([
    ["to nothing", "nowhere", "dangling_link"],
    ["to itself", "ticket.closed", "dangling_link"],
    ["out of the store", "/bin/sh", "outside"],
    ["out of the store by dots", "../../../../../../bin/sh", "outside"],
    ["into the git directory", "../.git/script", "outside"],
    ["to a folder", "lib", "not_a_file"],
  ])("a link %s", (_, target, code) => {
    const dir = storeWith("lib/all");
    mkdirSync(path.join(dir, ".git"));
    writeFileSync(path.join(dir, ".git/script"), "", { mode: 0o755 });
    symlinkSync(target, path.join(dir, "hooks/ticket.closed"));
    expect(verdict(dir)).toBe(code);
  });

  test("a folder of hooks that is a link out of the store", () => {
    const elsewhere = storeWith("x");
    const dir = storeWith();
    symlinkSync(path.join(elsewhere, "hooks"), path.join(dir, "hooks/ticket.closed.d"));
    expect(verdict(dir)).toBe("outside");
  });

  test("hooks/ itself as a link, or as a file", () => {
    const elsewhere = storeWith("ticket.closed");
    const dir = tempDir();
    symlinkSync(path.join(elsewhere, "hooks"), path.join(dir, "hooks"));
    expect(verdict(dir)).toBe("outside");
    const other = tempDir();
    writeFileSync(path.join(other, "hooks"), "");
    expect(verdict(other)).toBe("unreadable");
  });

  test("a pipe is not waited for", () => {
    const dir = storeWith();
    execFileSync("mkfifo", ["-m", "755", path.join(dir, "hooks/ticket.closed")]);
    expect(verdict(dir)).toBe("not_a_file");
  });

  test("one that this user may not read says so", () => {
    const dir = storeWith();
    put(dir, "ticket.closed", 0o311);
    chmodSync(dir, 0o755);
    const asNobody = readAs(65_534, dir);
    expect(asNobody).toContain('"code":"unreadable"');
    expect(asNobody).toContain("chmod u+r");
  });
});

/** What reading the hook of a store says to another user: root may read everything. */
function readAs(uid: number, dir: string): string {
  const source = path.resolve(import.meta.dirname, "../../../src/store/hooks/findHooks.ts");
  const outfile = path.join(dir, "read.cjs");
  const esbuild = path.resolve(import.meta.dirname, "../../../node_modules/.bin/esbuild");
  execFileSync(esbuild, [
    source,
    "--bundle",
    "--platform=node",
    "--format=cjs",
    `--outfile=${outfile}`,
    "--log-level=error",
  ]);
  const script = `const { findHooks, readHook } = require(${JSON.stringify(outfile)});
    console.log(JSON.stringify(readHook(${JSON.stringify(dir)}, findHooks(${JSON.stringify(dir)})[0])));`;
  const isRoot = process.getuid?.() === 0;
  return execFileSync(process.execPath, ["-e", script], { encoding: "utf8", ...(isRoot ? { uid, gid: uid } : {}) });
}
