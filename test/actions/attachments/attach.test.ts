import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { attachFile, detachFile, readAttachment } from "../../../src/index.ts";
import { MAX_ATTACHED, MAX_ATTACHMENT } from "../../../src/ticket/attachments.ts";
import { fifo } from "../../helpers/fifo.ts";
import { git } from "../../helpers/git.ts";
import { picture } from "../../helpers/picture.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

interface Shown {
  readonly ticket: { readonly attachments?: readonly string[] };
  readonly attachments?: readonly { readonly name: string; readonly size: number | null; readonly type: string }[];
}

async function withTicket(wanted = {}): Promise<TempStore & { readonly id: string; file(name: string): string }> {
  const store = await tempStore(wanted);
  const id = await store.ayo("ticket", "create", "Build login", "-q");
  return { ...store, id, file: (name) => path.join(store.tickets, "attachments", id, name) };
}

const BINARY = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256));

describe("a file that is attached", () => {
  test.each([{ inline: false }, { inline: true }])(
    "is committed with the ticket in one commit, byte by byte: %o",
    async (wanted) => {
      const store = await withTicket(wanted);
      writeFileSync(`${store.dir}/a.bin`, BINARY);
      writeFileSync(`${store.dir}/shot.png`, picture(640, 480));
      const before = store.subjects().length;
      expect(await store.ayo("ticket", "attach", store.id, "a.bin", "shot.png", "--note", "Before the fix")).toBe(
        `Attached a.bin (4 KiB), shot.png (1.9 KiB) to ${store.id}`,
      );
      expect(store.subjects().length).toBe(before + 1);
      expect(store.subjects()[0]).toBe(`attach ${store.id}: a.bin, shot.png`);
      expect(readFileSync(store.file("a.bin")).equals(BINARY)).toBe(true);
      expect(store.text(store.id)).toContain(`![shot.png](attachments/${store.id}/shot.png)`);
      const shown = await store.json<Shown>("ticket", "show", store.id);
      expect(shown.ticket.attachments).toEqual([`attachments/${store.id}/a.bin`, `attachments/${store.id}/shot.png`]);
      expect(shown.attachments).toMatchObject([
        { name: "a.bin", size: 4096, type: "application/octet-stream" },
        { name: "shot.png", type: "image/png", width: 640, height: 480 },
      ]);
      expect(await store.ayo("ticket", "show", store.id)).toContain(`  attachments/${store.id}/a.bin (4 KiB)`);
      await store.ayo("ticket", "attachment", store.id, "a.bin", "-o", "copy.bin");
      expect(readFileSync(`${store.dir}/copy.bin`).equals(BINARY)).toBe(true);
      expect(await store.ayo("doctor")).toBe("Nothing is wrong");
      for (const name of ["a.bin", "shot.png", "copy.bin"]) rmSync(`${store.dir}/${name}`);
      store.judge();
    },
  );

  test("is one file where it is attached twice, and has another name where another has it, in any case of letters", async () => {
    const store = await withTicket();
    const { id } = store;
    const attach = async (name: string, text: string): Promise<unknown> =>
      (await attachFile(store.open(), { id, name, text })).attachments.map((one) => one.name);
    expect(await attach("log.txt", "one")).toEqual(["log.txt"]);
    const head = store.subjects();
    expect(await attach("log.txt", "one")).toEqual(["log.txt"]);
    expect(await attach("other.txt", "one")).toEqual(["log.txt"]);
    expect(store.subjects()).toEqual(head);
    expect(await attach("LOG.txt", "two")).toEqual(["LOG-2.txt"]);
    expect(await attach("log.txt", "three")).toEqual(["log-3.txt"]);
    expect(readdirSync(path.dirname(store.file(""))).toSorted()).toEqual([id]);
    store.judge();
  });

  test("goes with detach, comes back with undo, goes and comes back with its ticket", async () => {
    const store = await withTicket();
    const { id } = store;
    await attachFile(store.open(), { id, name: "a.bin", base64: BINARY.toString("base64"), note: "see" });
    expect((await store.here(["ticket", "detach", id, "a.bin"])).stderr).toContain(
      `still names attachments/${id}/a.bin`,
    );
    expect(existsSync(store.file("a.bin"))).toBe(false);
    await store.ayo("undo");
    expect(readFileSync(store.file("a.bin")).equals(BINARY)).toBe(true);
    await store.ayo("ticket", "delete", id, "--yes");
    expect(existsSync(store.file("a.bin"))).toBe(false);
    await store.ayo("undo");
    expect((await readAttachment(store.open(), { id, name: "a.bin" })).bytes.equals(BINARY)).toBe(true);
    await store.ayo("ticket", "close", id);
    await store.ayo("ticket", "archive", "--before", "2999-01-01");
    expect((await readAttachment(store.open(), { id, name: "a.bin" })).size).toBe(BINARY.length);
    expect(await store.ayo("doctor")).toBe("Nothing is wrong");
    store.judge();
  });

  test("a dry run attaches nothing", async () => {
    const store = await withTicket();
    const { id } = store;
    writeFileSync(`${store.dir}/x.txt`, "x");
    expect(await store.ayo("ticket", "attach", id, "x.txt", "--dry-run")).toBe(`Would attach x.txt (1 byte) to ${id}`);
    expect(existsSync(store.file("x.txt"))).toBe(false);
    store.judge();
  });
});

describe("what cannot be attached", () => {
  test("a name that is none", async () => {
    const store = await withTicket();
    const names = ["../x", "a/b", "a\\b", "/etc/passwd", "..", ".git", "a\0b", "  "];
    for (const name of names) {
      const refused = attachFile(store.open(), { id: store.id, name, text: "x" });
      await expect(refused).rejects.toMatchObject({
        code: "bad_input",
        message: expect.stringContaining("is no name"),
      });
    }
    expect(existsSync(path.join(store.tickets, "attachments"))).toBe(false);
  });

  test("a name that steers a terminal, or that Windows cannot have, is made one that all can have", async () => {
    const store = await withTicket();
    const names = ["gpj.\u202Eexe", "what?.png", "con.txt", "a\u0007b", `${"x".repeat(300)}.png`, "..%2fx", "50%.png"];
    const kept: string[] = [];
    for (const name of names) {
      const attached = attachFile(store.open(), { id: store.id, name, text: name }).catch(() => undefined);
      kept.push((await attached)?.attachments[0]?.name ?? "refused");
    }
    expect(kept).toEqual(["gpj.-exe", "what-.png", "_con.txt", "a-b", `${"x".repeat(116)}.png`, "refused", "50%.png"]);
    store.judge();
  });

  test("more than 5 MiB, and more than 50 MiB for a ticket, on every way in", async () => {
    const store = await withTicket();
    const { id } = store;
    const most = Buffer.alloc(MAX_ATTACHMENT, 1);
    writeFileSync(`${store.dir}/large`, Buffer.concat([most, Buffer.from("x")]));
    writeFileSync(`${store.dir}/most`, most);
    const refused = await store.here(["ticket", "attach", id, "large"]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("larger than 5 MiB")]);
    await expect(
      attachFile(store.open(), { id, name: "large", base64: Buffer.alloc(MAX_ATTACHMENT + 1).toString("base64") }),
    ).rejects.toMatchObject({ code: "bad_input", message: expect.stringContaining("5 MiB at most") });
    await store.ayo("ticket", "attach", id, "most");
    for (let n = 2; n <= MAX_ATTACHED / MAX_ATTACHMENT; n++) {
      mkdirSync(path.dirname(store.file("x")), { recursive: true });
      writeFileSync(store.file(`by-hand-${n}`), Buffer.alloc(MAX_ATTACHMENT, n));
    }
    await expect(attachFile(store.open(), { id, name: "last", text: "x" })).rejects.toMatchObject({
      code: "bad_input",
      message: expect.stringContaining("more than 50 MiB together"),
    });
  });

  test("links, folders, pipes, and what is not there or not to be read", async () => {
    const store = await withTicket();
    const { dir, id } = store;
    const secret = path.join(tempDir(), "secret");
    writeFileSync(secret, "secret");
    symlinkSync(secret, `${dir}/link`);
    mkdirSync(`${dir}/folder`);
    fifo(`${dir}/pipe`);
    const said = async (name: string): Promise<string> => (await store.here(["ticket", "attach", id, name])).stderr;
    expect(await said("link")).toContain("cannot attach link: a symbolic link: name what it leads to");
    expect(await said("folder")).toContain("a folder and not a file");
    expect(await said("pipe")).toContain("not a file");
    expect(await said("nothing")).toContain("there is no such file");
    expect(existsSync(path.join(store.tickets, "attachments"))).toBe(false);
    store.judge();
  });

  test("anything through a link in the place of the folder, for reading and for writing", async () => {
    const store = await withTicket();
    const { id } = store;
    const outside = tempDir();
    writeFileSync(path.join(outside, "x.txt"), "secret");
    await attachFile(store.open(), { id, name: "a.txt", text: "a" });
    rmSync(path.join(store.tickets, "attachments", id), { recursive: true });
    symlinkSync(outside, path.join(store.tickets, "attachments", id));
    const refused = { code: "store_not_writable", message: expect.stringContaining("is no folder") };
    await expect(attachFile(store.open(), { id, name: "b.txt", text: "b" })).rejects.toMatchObject(refused);
    await expect(readAttachment(store.open(), { id, name: "x.txt" })).rejects.toMatchObject({ code: "not_found" });
    await expect(readAttachment(store.open(), { id, name: "a.txt" })).rejects.toMatchObject({ code: "not_found" });
    expect(readdirSync(outside)).toEqual(["x.txt"]);
    expect((await store.here(["doctor"])).stdout).toContain(`attachments/${id}: a symbolic link`);
  });

  test("into a store that cannot be written, and nothing is half there", async ({ skip }) => {
    skip(process.getuid?.() === 0, "root may write everywhere");
    const store = await withTicket();
    chmodSync(store.tickets, 0o555);
    const refused = attachFile(store.open(), { id: store.id, name: "a.txt", text: "a" });
    await expect(refused).rejects.toMatchObject({ code: "store_not_writable" });
    chmodSync(store.tickets, 0o755);
    expect(existsSync(path.join(store.tickets, "attachments"))).toBe(false);
  });

  test("an unknown name is refused with those that there are", async () => {
    const store = await withTicket();
    const { id } = store;
    await attachFile(store.open(), { id, name: "a.txt", text: "a" });
    for (const name of ["../../config.yml", "%2e%2e/config.yml", `../${id}/a.txt`, "A.TXT"]) {
      const refused = { code: "not_found", data: { names: ["a.txt"] } };
      await expect(readAttachment(store.open(), { id, name })).rejects.toMatchObject(refused);
      await expect(detachFile(store.open(), { id, name })).rejects.toMatchObject(refused);
    }
  });
});

describe("files that somebody puts there by hand", () => {
  test("are committed with the next change, told by doctor, and listed by --fix; attach takes them as they are", async () => {
    const store = await withTicket();
    const { id } = store;
    mkdirSync(path.dirname(store.file("x")), { recursive: true });
    for (const name of ["one.bin", "two.bin", "notes.md"])
      writeFileSync(store.file(name), `<<<<<<< ${name}\n=======\n`);
    await store.ayo("ticket", "note", id, "hello");
    expect(git(store.repo, "ls-files", "attachments").trim().split("\n")).toHaveLength(3);
    const found = await store.json<{ findings: { code: string; path: string }[] }>("doctor").catch(() => undefined);
    expect(found).toBeUndefined();
    const told = await store.here(["doctor", "--json"]);
    expect((JSON.parse(told.stdout) as { findings: { code: string }[] }).findings.map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => "attachment_stray"),
    );
    await store.ayo("ticket", "attach", id, store.file("one.bin"));
    expect((await store.json<Shown>("ticket", "show", id)).ticket.attachments).toEqual([`attachments/${id}/one.bin`]);
    await store.here(["doctor", "--fix"]);
    expect((await store.json<Shown>("ticket", "show", id)).attachments).toHaveLength(3);
    expect(await store.ayo("doctor")).toBe("Nothing is wrong");
    store.judge();
  });

  test("what is gone is told, and --fix puts back what git has; what is too large is committed by nobody", async () => {
    const store = await withTicket();
    const { id } = store;
    await attachFile(store.open(), { id, name: "a.bin", base64: BINARY.toString("base64") });
    rmSync(store.file("a.bin"));
    await store.ayo("ticket", "note", id, "hello");
    expect((await store.json<Shown>("ticket", "show", id)).attachments).toMatchObject([
      { size: null, why: "not there" },
    ]);
    expect((await store.here(["doctor"])).stdout).toContain(`attachments/${id}/a.bin is not there`);
    await store.here(["doctor", "--fix"]);
    expect(readFileSync(store.file("a.bin")).equals(BINARY)).toBe(true);
    writeFileSync(store.file("large"), Buffer.alloc(MAX_ATTACHMENT + 1));
    await store.here(["ticket", "note", id, "again"]);
    expect(git(store.repo, "ls-files", "attachments").trim()).toBe(`attachments/${id}/a.bin`);
    expect((await store.here(["doctor"])).stdout).toContain("larger than 5 MiB: take it away");
  });
});
