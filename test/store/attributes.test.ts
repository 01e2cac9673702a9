import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTicket } from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

async function withTicket(): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore({ inline: true });
  const { ticket } = await createTicket(store.open(), { title: "Build login" });
  return { ...store, id: ticket.id };
}

function setAttributes({ dir }: TempStore, file: string, line: string): void {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), `${line}\n`);
  git(dir, "add", file);
  git(dir, "commit", "--quiet", "-m", "attributes");
}

describe("git attributes that name the tickets by their path in the project", () => {
  test.each([
    [".gitattributes", ".tickets/*.md filter=crypt"],
    [".gitattributes", ".tickets/** filter=crypt"],
    [".tickets/.gitattributes", "*.md filter=crypt"],
    [".gitattributes", "*.md filter=crypt"],
  ])("a filter (%s: %s): nothing goes into git past it, reading goes on, and it is told", async (file, line) => {
    const store = await withTicket();
    const { dir, id } = store;
    git(dir, "config", "filter.crypt.clean", "tr a-z n-za-m");
    setAttributes(store, file, line);
    const head = git(dir, "rev-parse", "HEAD");
    const made = await store.run(["ticket", "create", "A secret thing", "--json"]);
    const { error } = JSON.parse(made.stderr);
    expect([made.code, error.code, error.message]).toEqual([
      1,
      "git_unsupported",
      expect.stringContaining("goes through the git filter 'crypt', which ayo cannot run"),
    ]);
    store.write(id, store.text(id).replace("priority: 2", "priority: 0"));
    const list = await store.run(["ticket", "list", "-q"]);
    expect([list.code, list.stdout, list.stderr]).toEqual([
      0,
      `${id}\n`,
      expect.stringContaining(`${id}.md: ${id}.md goes through the git filter 'crypt'`),
    ]);
    expect((await store.run(["ticket", "note", id, "A secret note"])).code).toBe(1);
    expect((await store.run(["doctor"])).code).toBe(1);
    const objects = git(dir, "cat-file", "--batch-all-objects", "--batch");
    expect(objects).not.toMatch(/secret/);
    expect([git(dir, "rev-parse", "HEAD"), store.text(id)]).toEqual([head, expect.stringContaining("priority: 0")]);
    git(dir, "rm", "--quiet", file);
    git(dir, "commit", "--quiet", "-m", "no filter");
    await store.ayo("ticket", "note", id, "goes on");
    expect(store.subjects().slice(0, 2)).toEqual([`note ${id}: goes on`, `edit ${id} by hand: priority 2 → 0`]);
    store.judge();
  });

  test.each([
    [".gitattributes", ".tickets/*.md text eol=crlf"],
    [".tickets/.gitattributes", "*.md text eol=crlf"],
  ])("line ends (%s: %s): git finds nothing changed", async (file, line) => {
    const store = await withTicket();
    const { dir, id } = store;
    setAttributes(store, file, line);
    rmSync(path.join(store.tickets, `${id}.md`));
    git(dir, "checkout", "--", `.tickets/${id}.md`);
    expect(store.text(id)).toContain("\r\n");
    await store.ayo("ticket", "note", id, "one");
    await createTicket(store.open(), { title: "Another" });
    expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
    expect(git(dir, "cat-file", "-p", `HEAD:.tickets/${id}.md`)).not.toContain("\r");
    store.judge();
  });
});
