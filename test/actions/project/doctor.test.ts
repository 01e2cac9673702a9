import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempStore, writeTickets } from "../../helpers/tempStore.ts";

interface Found {
  readonly findings: readonly {
    readonly code: string;
    readonly path?: string;
    readonly line?: number;
    readonly target?: string;
  }[];
}

test("doctor tells broken files with their line, and names without a file; --fix makes none", async () => {
  const store = await tempStore();
  writeTickets(store, { "t-a": "A\nproject: legal", "t-b": "B\nproject: Web", "t-c": "C\nproject: legal" });
  const examine = async (...more: string[]) => {
    const { stdout } = await store.here(["doctor", "--json", ...more]);
    return (JSON.parse(stdout) as Found).findings.map((one) => [one.code, one.path ?? one.target, one.line]);
  };
  // Where no project has a file, names are just names.
  expect(await examine()).toEqual([]);
  const put = (name: string, text: string) => writeFileSync(path.join(store.tickets, "projects", name), text);
  mkdirSync(path.join(store.tickets, "projects"));
  put("web.md", "---\nname: Web\n---\n");
  put("bad.md", "---\nname: Bad\ncolor: mauve\n---\n");
  put("marked.md", "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n");
  symlinkSync("/etc/passwd", path.join(store.tickets, "projects/link.md"));
  const found = [
    ["conflict_markers", "projects/marked.md", 1],
    ["link", "projects/link.md", undefined],
    ["bad_project", "projects/bad.md", 3],
    ["project_without_file", "legal", undefined],
  ];
  expect((await examine()).toSorted()).toEqual(found.toSorted());
  await examine("--fix");
  expect(readdirSync(path.join(store.tickets, "projects"))).toEqual(["bad.md", "link.md", "marked.md", "web.md"]);
  const { stdout } = await store.here(["doctor"]);
  expect(stdout).toContain("2 tickets name project 'legal', which has no file: 'ayo project create' makes one");
});
