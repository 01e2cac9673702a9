import { expect, test } from "vitest";
import type { Stamp, Stamps } from "../../../../src/ticket/merge/sides.ts";
import { settleConfig } from "../../../../src/ticket/merge/trees/mergeOthers.ts";
import { mergeTrees } from "../../../../src/ticket/merge/trees/mergeTrees.ts";
import type { Content, Told } from "../../../../src/ticket/merge/trees/trees.ts";
import { DEFAULT_BOARD } from "../../../../src/ticket/rules/board.ts";
import { parseNotes } from "../../../../src/ticket/text/notes.ts";

const MARA: Stamp = { by: "Mara Lind", kind: "person", time: Date.parse("2026-11-28T10:00:00Z"), oid: "a".repeat(40) };
const CODER: Stamp = { by: "@coder", kind: "agent", time: Date.parse("2026-11-28T11:00:00Z"), oid: "b".repeat(40) };

/** A merged file's text. */
function textIn(content: Content, read: (blob: string) => Uint8Array): string {
  return "text" in content ? content.text : new TextDecoder().decode(read(content.blob));
}

type Files = Readonly<Record<string, string | Uint8Array>>;

interface Outcome {
  readonly files: Record<string, string>;
  readonly told: Told["code"][];
  readonly messages: string;
  readonly setAside: string[];
}

/** Merges both ways round, which must be the same. A blob's id is its content. */
function merge(base: Files, a: Files, b: Files, stamps: Record<string, Stamps> = {}, isConfigWhole = false): Outcome {
  const blobs = new Map<string, Uint8Array>();
  const filesOf = (files: Files): Map<string, Content> =>
    new Map(
      Object.entries(files).map(([path, content]) => {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        const blob = `blob ${String(content)}`;
        blobs.set(blob, bytes);
        return [path, { mode: path.startsWith("hooks/") ? "100755" : "100644", blob }];
      }),
    );
  const side = (files: Files, tip: Stamp) => ({
    files: filesOf(files),
    tip,
    stampsOf: (path: string) => stamps[path] ?? {},
  });
  const [o, x, y] = [filesOf(base), side(a, MARA), side(b, CODER)];
  const read = (blob: string): Uint8Array => blobs.get(blob) as Uint8Array;
  const context = { read, at: "2026-11-28T12:00:00Z", board: DEFAULT_BOARD, isConfigWhole };
  const merged = mergeTrees(o, x, y, context);
  expect(mergeTrees(o, y, x, context)).toEqual(merged);
  const config = merged.files.get("config.yml");
  expect(settleConfig(o, y, x, context)).toBe(config && textIn(config, read));
  const textOf = (content: Content): string => textIn(content, read);
  return {
    files: Object.fromEntries([...merged.files].map(([path, content]) => [path, textOf(content)])),
    told: merged.told.map(({ code }) => code),
    messages: merged.told.map(({ message }) => message).join("\n"),
    setAside: merged.setAside.map(({ path, content }) => `${path} ${textOf(content)}`),
  };
}

const ticket = (id: string, fields: Record<string, string> = {}, title = `Ticket ${id}`): string => {
  const all = { id, status: "open", deps: "[]", links: "[]", created: "2026-11-20T10:00:00Z", ...fields };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\n`);
  return `---\n${lines.join("")}---\n# ${title}\n`;
};
const CLOSED = { status: "closed", closed: "2026-11-25T10:00:00Z" };
const fieldOf = (text: string | undefined, key: string): string | undefined =>
  new RegExp(`^${key}: (.*)$`, "m").exec(text ?? "")?.[1];
const notesOf = (text: string | undefined): string[] => parseNotes(text ?? "").map((note) => note.text);

const BASE = { "a-1.md": ticket("a-1"), "a-2.md": ticket("a-2"), "config.yml": "prefix: a\n" };

test("what one side made, changed or took away is as it made it", () => {
  const a = {
    "a-1.md": ticket("a-1", { priority: "0" }),
    "a-2.md": BASE["a-2.md"],
    "config.yml": BASE["config.yml"],
    "a-3.md": "odd",
  };
  const b = { "a-1.md": BASE["a-1.md"], "config.yml": "prefix: b\n", "hooks/post": "#!/bin/sh\n" };
  expect(merge(BASE, a, b)).toEqual({
    files: { "a-1.md": a["a-1.md"], "a-3.md": "odd", "config.yml": "prefix: b\n", "hooks/post": "#!/bin/sh\n" },
    told: [],
    messages: "",
    setAside: [],
  });
});

test("a ticket that one side archived and the other changed is changed in the archive", () => {
  const base = { "a-1.md": ticket("a-1", CLOSED) };
  const { files, told } = merge(
    base,
    { "archive/2026-11/a-1.md": base["a-1.md"] },
    { "a-1.md": ticket("a-1", { ...CLOSED, tags: "[x]" }) },
  );
  expect([files, told]).toEqual([{ "archive/2026-11/a-1.md": ticket("a-1", { ...CLOSED, tags: "[x]" }) }, []]);
});

test("one that was archived and reopened is not in the archive", () => {
  const base = { "a-1.md": ticket("a-1", CLOSED) };
  const { files } = merge(base, { "archive/2026-11/a-1.md": base["a-1.md"] }, { "a-1.md": ticket("a-1") });
  expect(files).toEqual({ "a-1.md": ticket("a-1") });
});

test("of two months of the archive it is the earlier one", () => {
  const base = { "a-1.md": ticket("a-1") };
  const a = { "archive/2026-11/a-1.md": ticket("a-1", CLOSED) };
  const b = { "archive/2026-10/a-1.md": ticket("a-1", { ...CLOSED, closed: "2026-10-31T10:00:00Z" }) };
  const { files } = merge(base, a, b);
  expect(Object.keys(files)).toEqual(["archive/2026-10/a-1.md"]);
  expect(fieldOf(files["archive/2026-10/a-1.md"], "closed")).toBe("2026-10-31T10:00:00Z");
});

test("what one side deleted and the other changed is back, which is told, and no deleted id any more", () => {
  const base = { ...BASE, "archive/deleted": "old-1\n" };
  const a = { "config.yml": BASE["config.yml"], "archive/deleted": "old-1\na-1\na-2\n" };
  const b = { ...base, "a-1.md": ticket("a-1", { priority: "0" }), "archive/deleted": "old-1\nnew-9\n" };
  const { files, told, messages } = merge(base, a, b);
  expect(files).toEqual({
    "a-1.md": ticket("a-1", { priority: "0" }),
    "archive/deleted": "old-1\na-2\nnew-9\n",
    "config.yml": "prefix: a\n",
  });
  expect(told).toEqual(["delete_undone"]);
  expect(messages).toContain("deleted by Mara Lind");
});

test("two tickets that were made under one id are two: the later one gets another, and what its side says of it follows", () => {
  const a = {
    ...BASE,
    "a-9.md": ticket("a-9", { created: "2026-11-21T10:00:00Z" }, "First"),
    "a-1.md": ticket("a-1", { deps: "[a-9]" }),
  };
  const b = {
    ...BASE,
    "a-9.md": ticket("a-9", { created: "2026-11-22T10:00:00Z" }, "Second"),
    "a-2.md": ticket("a-2", { deps: "[a-9]", links: "[a-1, a-9]", parent: "a-9" }),
    "a-1.md": ticket("a-1", { links: "[a-9]" }),
  };
  const { files, told } = merge(BASE, a, b);
  const name = Object.keys(files).find((path) => !(path in a)) as string;
  const id = name.replace(/\.md$/, "");
  expect(id).toMatch(/^a-[0-9a-z]{6}$/);
  expect(files["a-9.md"]).toBe(a["a-9.md"]);
  expect(files[name]).toBe(
    ticket(id, { created: "2026-11-22T10:00:00Z" }, "Second").replace("---\n# ", "was: a-9\n---\n# "),
  );
  expect(files["a-2.md"]).toBe(ticket("a-2", { deps: `[${id}]`, links: `[a-1, ${id}]`, parent: id }));
  expect([fieldOf(files["a-1.md"], "deps"), fieldOf(files["a-1.md"], "links")]).toEqual(["[a-9]", `[${id}]`]);
  expect(told).toEqual(["renamed"]);
  // Who still knows it by the first id finds it again.
  const later = {
    ...b,
    "a-9.md": ticket("a-9", { created: "2026-11-22T10:00:00Z", priority: "0" }, "Second"),
    "a-3.md": ticket("a-3", { deps: "[a-9]" }),
  };
  const again = merge(b, files, later).files;
  expect(Object.keys(again).sort()).toEqual([...Object.keys(files), "a-3.md"].sort());
  expect([fieldOf(again[name], "priority"), fieldOf(again[name], "id"), fieldOf(again["a-3.md"], "deps")]).toEqual([
    "0",
    id,
    `[${id}]`,
  ]);
  expect(again["a-9.md"]).toBe(a["a-9.md"]);
});

test("two files of one cause are one ticket, whenever they were made", () => {
  const a = { "a-9.md": ticket("a-9", { once: "gh-1", tags: "[x]" }) };
  const b = { "a-9.md": ticket("a-9", { once: "gh-1", created: "2026-11-22T10:00:00Z", tags: "[z]" }) };
  const { files } = merge({}, a, b);
  expect(Object.keys(files)).toEqual(["a-9.md"]);
  expect([fieldOf(files["a-9.md"], "tags"), fieldOf(files["a-9.md"], "created")]).toEqual([
    "[x, z]",
    "2026-11-20T10:00:00Z",
  ]);
});

test("a ticket that one side renamed by hand has what the other changed, and new references follow", () => {
  const moved = { "a-5.md": ticket("a-5", {}, "Ticket a-1"), "a-2.md": BASE["a-2.md"] };
  const b = {
    ...BASE,
    "a-1.md": ticket("a-1", { priority: "0" }),
    "a-2.md": ticket("a-2", { deps: "[a-1]", created: "2026-11-19T10:00:00Z" }),
  };
  const base = { ...BASE, "a-2.md": ticket("a-2", { created: "2026-11-19T10:00:00Z" }) };
  const { files } = merge(base, { ...moved, "a-2.md": base["a-2.md"], "config.yml": "prefix: a\n" }, b);
  expect(files["a-5.md"]).toBe(ticket("a-5", { priority: "0" }, "Ticket a-1"));
  expect(fieldOf(files["a-2.md"], "deps")).toBe("[a-5]");
  expect(files["a-1.md"]).toBeUndefined();
});

test("a ticket that both sides renamed by hand has one name, of its file and as its id; what they say of it follows", () => {
  const [titled, base] = ["Ticket a-1", { ...BASE, "a-2.md": ticket("a-2", { created: "2026-11-19T10:00:00Z" }) }];
  const sideWith = (id: string, more: Record<string, string>): Files => ({
    "config.yml": BASE["config.yml"],
    [`${id}.md`]: ticket(id, more, titled),
    "a-2.md": ticket("a-2", { deps: `[${id}]`, created: "2026-11-19T10:00:00Z" }),
  });
  for (const [left, right] of [
    ["a-5", "a-6"],
    ["a-6", "a-5"],
  ] as const) {
    const [a, b] = [sideWith(left, { priority: "0" }), sideWith(right, { tags: "[x]" })];
    const { files, told, messages } = merge(base, a, b);
    expect(Object.keys(files)).toEqual(["a-2.md", "a-5.md", "config.yml"]);
    const keys = ["id", "was", "priority", "tags"];
    expect(keys.map((key) => fieldOf(files["a-5.md"], key))).toEqual(["a-5", "a-6", "0", "[x]"]);
    expect(notesOf(files["a-5.md"])).toEqual([]);
    expect(fieldOf(files["a-2.md"], "deps")).toBe("[a-5]");
    expect([told, messages]).toEqual([["renamed"], "the ticket a-6 is a-5 now: both sides gave a-1 another name"]);
    // Who still knows it by the other name finds it again.
    const from = left === "a-6" ? a : b;
    const again = merge(from, files, { ...from, "a-6.md": `${from["a-6.md"] as string}\nmore\n` }).files;
    expect(Object.keys(again)).toEqual(Object.keys(files));
    expect(again["a-5.md"]).toBe(`${files["a-5.md"]}\nmore\n`);
  }
});

test("a file name that one side gave and an id that the other gave become one", () => {
  const base = { "a-1.md": ticket("a-1") };
  const a = { "a-5.md": ticket("a-1") };
  const b = { "a-6.md": ticket("a-6", {}, "Ticket a-1") };
  const { files } = merge(base, a, b);
  expect(Object.entries(files).map(([path, text]) => [path, fieldOf(text, "id")])).toEqual([["a-5.md", "a-5"]]);
});

test("no file is lost where one ticket was moved and copied, or lies in two places", () => {
  const base = { "a-1.md": ticket("a-1") };
  const a = { "a-5.md": ticket("a-5", { was: "a-1" }, "T"), "a-6.md": ticket("a-6", { was: "a-1" }, "T") };
  const b = { "a-1.md": ticket("a-1", { priority: "0" }), "archive/2026-11/a-1.md": ticket("a-1", CLOSED) };
  const { files } = merge(base, a, b);
  expect(Object.keys(files)).toEqual(["a-5.md", "a-6.md", "archive/2026-11/a-1.md"]);
  expect(fieldOf(files["a-5.md"], "priority")).toBe("0");
});

test("dependencies with which both sides close a circle: the later one goes, with a note", () => {
  const a = { ...BASE, "a-1.md": ticket("a-1", { deps: "[a-2]" }) };
  const b = { ...BASE, "a-2.md": ticket("a-2", { deps: "[a-1]" }) };
  const { files, told } = merge(BASE, a, b, { "a-1.md": { deps: MARA }, "a-2.md": { deps: CODER } });
  expect([fieldOf(files["a-1.md"], "deps"), fieldOf(files["a-2.md"], "deps")]).toEqual(["[a-2]", "[]"]);
  expect(notesOf(files["a-2.md"])).toEqual([expect.stringContaining("(a-2 → a-1 → a-2)")]);
  expect(told).toEqual(["cycle_cut"]);
});

test("longer circles are opened at one place only, parents too", () => {
  const base = {
    "a-1.md": ticket("a-1"),
    "a-2.md": ticket("a-2"),
    "a-3.md": ticket("a-3", { deps: "[a-1]" }),
    "a-4.md": ticket("a-4"),
  };
  const a = { ...base, "a-1.md": ticket("a-1", { deps: "[a-2, a-4]", parent: "a-4" }) };
  const b = { ...base, "a-2.md": ticket("a-2", { deps: "[a-3]" }), "a-4.md": ticket("a-4", { parent: "a-1" }) };
  const { files, told } = merge(base, a, b);
  expect(told).toEqual(["cycle_cut", "cycle_cut"]);
  expect(["a-1", "a-2", "a-3", "a-4"].map((id) => fieldOf(files[`${id}.md`], "deps"))).toEqual([
    "[a-2, a-4]",
    "[]",
    "[a-1]",
    "[]",
  ]);
  expect([fieldOf(files["a-1.md"], "parent"), fieldOf(files["a-4.md"], "parent")]).toEqual(["a-4", undefined]);
});

test("a circle is opened too that a ticket closes which comes back", () => {
  const base = { "a-1.md": ticket("a-1"), "a-2.md": ticket("a-2", { deps: "[a-1]" }) };
  const a = { "a-1.md": ticket("a-1", { deps: "[a-2]" }) };
  const { files, told } = merge(base, a, { ...base, "a-2.md": ticket("a-2", { deps: "[a-1]", priority: "0" }) });
  expect(Object.values(files).filter((text) => fieldOf(text, "deps") === "[]")).toHaveLength(1);
  expect(told.sort()).toEqual(["cycle_cut", "delete_undone"]);
});

test("a circle that one side closed by itself is left for doctor", () => {
  const a = { ...BASE, "a-1.md": ticket("a-1", { deps: "[a-2]" }), "a-2.md": ticket("a-2", { deps: "[a-1]" }) };
  expect(merge(BASE, a, { ...BASE, "a-3.md": ticket("a-3") }).files).toMatchObject(a);
});

test.each([
  ["a dependency", { "a-1.md": ticket("a-1", { deps: "[a-2]" }) }],
  ["a part", { "a-3.md": ticket("a-3", { parent: "a-1" }) }],
])("closed here while the other side added %s that is open: in review, and told", (_, more) => {
  const a = { ...BASE, "a-1.md": ticket("a-1", CLOSED) };
  const { files, told } = merge(BASE, a, { ...BASE, ...more });
  expect([fieldOf(files["a-1.md"], "status"), fieldOf(files["a-1.md"], "closed")]).toEqual(["in_review", undefined]);
  expect(told).toEqual(["review_again"]);
  expect(notesOf(files["a-1.md"])).toHaveLength(1);
  // What is finished keeps nothing open.
  const done = Object.fromEntries(
    Object.entries({ ...BASE, ...more }).map(([path, text]) => [
      path,
      /a-[23]/.test(path) ? text.replace("status: open", "status: closed") : text,
    ]),
  );
  expect(fieldOf(merge(BASE, a, done).files["a-1.md"], "status")).toBe("closed");
});

test("config.yml is merged by key, and its columns by id", () => {
  const base =
    "# How\nprefix: a\nboard:\n  columns:\n    - {id: open, name: Open}\n    - {id: closed, name: Closed}\nlease: 15m\n";
  const a = base.replace("name: Open", "name: To do").replace("lease: 15m", "lease: 10m");
  const b = base
    .replace("    - {id: closed", "    - {id: test, name: Test}\n    - {id: closed")
    .replace("lease: 15m", "lease: 20m")
    .replace("name: Open", "name: Open, limit: 3");
  const { files, told, messages } = merge({ "config.yml": base }, { "config.yml": a }, { "config.yml": b });
  expect(files["config.yml"]).toContain("# How\nprefix: a\n");
  expect(files["config.yml"]).toContain("lease: 10m\n");
  expect(files["config.yml"]?.replaceAll(/\s+/g, " ")).toMatch(
    /id: open,? name: To do,? limit: 3.*id: test,? name: Test.*id: closed/,
  );
  expect([told, messages]).toEqual([
    ["file_overruled"],
    "config.yml lease of Mara Lind stays; that of @coder gave way",
  ]);
});

test("of two ids of a store the lesser stays; a config.yml that cannot be read gives way to one that can", () => {
  expect(
    merge({ "config.yml": "" }, { "config.yml": "id: 9f\n" }, { "config.yml": "id: 3a\nprefix: b\n" }).files[
      "config.yml"
    ],
  ).toBe("id: 3a\nprefix: b\n");
  const { files, setAside } = merge(
    { "config.yml": "prefix: a\n" },
    { "config.yml": "prefix: [\n" },
    { "config.yml": "prefix: b\n" },
  );
  expect([files["config.yml"], setAside]).toEqual(["prefix: b\n", ["config.yml prefix: [\n"]]);
});

test("a config.yml that would not hold together is the winner's as a whole", () => {
  const file = (more: string): Files => ({ "config.yml": `prefix: a\n${more}` });
  const [base, a, b] = [file(""), file("lease: 1m\n"), file("types: [x]\n")];
  expect(merge(base, a, b).files["config.yml"]).toBe("prefix: a\nlease: 1m\ntypes: [x]\n");
  expect(merge(base, a, b, {}, true)).toMatchObject({ files: a, setAside: ["config.yml prefix: a\ntypes: [x]\n"] });
});

test("hooks and templates are merged by line, or stay as one side has them; other files are whole values", () => {
  const base = { "hooks/post": "a\nb\nc\nd\n", "templates/bug.md": "x\n", "data/x.bin": "1" };
  const a = { "hooks/post": "A\nb\nc\nd\n", "templates/bug.md": "mara\n", "data/x.bin": "2" };
  const b = { "hooks/post": "a\nb\nc\nD\n", "templates/bug.md": "coder\n", "data/x.bin": new Uint8Array([255, 0]) };
  const { files, told, setAside } = merge(base, a, b);
  expect(files).toEqual({ "hooks/post": "A\nb\nc\nD\n", "templates/bug.md": "mara\n", "data/x.bin": "2" });
  expect(told).toEqual(["file_overruled", "file_overruled"]);
  expect(setAside).toEqual(["data/x.bin \uFFFD\0", "templates/bug.md coder\n"]);
});

test("a side's ticket that cannot be read, or is no text, is set aside", () => {
  const a = { ...BASE, "a-1.md": "---\nid: [\n---\n", "a-2.md": ticket("a-2", { priority: "1" }) };
  const b = { ...BASE, "a-1.md": ticket("a-1", { priority: "0" }), "a-2.md": new Uint8Array([255]) };
  const { files, told, setAside } = merge(BASE, a, b);
  expect([files["a-1.md"], files["a-2.md"]]).toEqual([b["a-1.md"], a["a-2.md"]]);
  expect([told, setAside.length]).toEqual([["set_aside", "set_aside"], 2]);
});

test("a file where the other side has a folder is set aside", () => {
  const { files, setAside } = merge({}, { notes: "n" }, { "notes/x": "x" });
  expect([files, setAside]).toEqual([{ "notes/x": "x" }, ["notes n"]]);
});

test("a project is merged by key and by line; of one value the winner's, of the same lines the other is set aside", () => {
  const FILE = "projects/web.md";
  const base = "---\nname: Web\ncolor: teal # ours\nstatus: active\n---\nOne.\nTwo.\nThree.\n";
  const of = (text: string) => ({ [FILE]: text });
  const a = base.replace("name: Web", "name: Shop").replace("One.", "1.");
  const b = base.replace("active", "completed").replace("---\nOne", "lead: '@mara'\n---\nOne").replace("Three.", "3.");
  const both = merge(of(base), of(a), of(b));
  expect(both.files[FILE]).toBe(
    "---\nname: Shop\ncolor: teal # ours\nstatus: completed\nlead: '@mara'\n---\n1.\nTwo.\n3.\n",
  );
  expect([both.told, both.setAside]).toEqual([[], []]);
  const clash = merge(
    of(base),
    of(base.replace("Web", "Shop")),
    of(base.replace("Web", "Site").replace("teal", "red")),
  );
  expect(clash.files[FILE]).toContain("name: Shop\ncolor: red # ours\n");
  expect(clash.messages).toBe(
    `${FILE}: name 'Shop' of Mara Lind (2026-11-28T10:00:00Z) stays; 'Site' of @coder (2026-11-28T11:00:00Z) gave way`,
  );
  const lines = merge(of(base), of(base.replace("Two.", "2.")), of(base.replace("Two.", "II.")));
  expect(lines.files[FILE]).toContain("One.\n2.\nThree.\n");
  expect(lines.setAside).toEqual([`${FILE} ${base.replace("Two.", "II.")}`]);
  // Two machines made one of the same slug.
  const twice = merge({}, of("---\nname: Web\ncolor: red\n---\n"), of("---\nname: Web\nlead: '@mara'\n---\nText.\n"));
  expect(twice.files[FILE]).toBe("---\ncolor: red\nlead: '@mara'\nname: Web\n---\nText.\n");
  const text = merge(of("Text.\n"), of("---\nstatus: archived\n---\nText.\n"), of("Text.\nMore.\n"));
  expect(text.files[FILE]).toBe("---\nstatus: archived\n---\nText.\nMore.\n");
  const crlf = base.replaceAll("\n", "\r\n");
  const lineEnds = merge(of(crlf), of(crlf.replace("Web", "Shop")), of(crlf.replace("teal", "red")));
  expect(lineEnds.files[FILE]).toBe(crlf.replace("Web", "Shop").replace("teal", "red"));
  // A side that nobody can read as one gives way, whoever it is of.
  const broken = merge(of(base), of(base.replace("active", "done")), of(base.replace("Web", "Site")));
  expect(broken.files[FILE]).toContain("name: Site\n");
  expect(broken.setAside).toEqual([`${FILE} ${base.replace("active", "done")}`]);
});

test("a project that one side gave another slug and the other changed, or named otherwise too, stays one", () => {
  const base = "---\nname: Web\nstatus: active\n---\nOne.\n\nTwo.\n";
  const old = { "projects/web.md": base };
  const renamed = base.replace("active\n", "active\nwas: [web]\n");
  const edited = merge(
    old,
    { "projects/shop.md": renamed.replace("Two.", "2.") },
    { "projects/web.md": base.replace("Web", "Shop").replace("One.", "1.") },
  );
  expect(edited.files).toEqual({
    "projects/shop.md": "---\nname: Shop\nstatus: active\nwas: [web]\n---\n1.\n\n2.\n",
  });
  expect([edited.told, edited.setAside]).toEqual([[], []]);
  const clash = merge(
    old,
    { "projects/shop.md": renamed.replace("Web", "Shop") },
    { "projects/web.md": base.replace("Web", "Site") },
  );
  expect(Object.keys(clash.files)).toEqual(["projects/shop.md"]);
  expect(clash.messages).toContain(
    "projects/shop.md: name 'Shop' of Mara Lind (2026-11-28T10:00:00Z) stays; 'Site' of @coder (2026-11-28T11:00:00Z) gave way",
  );
  const both = merge(old, { "projects/shop.md": renamed }, { "projects/store.md": renamed.replace("Web", "Store") });
  expect(both.files).toEqual({
    "projects/shop.md": '---\nname: Store\nstatus: active\nwas: ["web","store"]\n---\nOne.\n\nTwo.\n',
  });
  expect(both.messages).toBe(
    "projects/shop.md of Mara Lind and projects/store.md of @coder are one project, which both gave another slug: it is projects/shop.md",
  );
  const same = merge(
    old,
    { "projects/shop.md": renamed.replace("One.", "1.") },
    { "projects/shop.md": renamed.replace("Two.", "2.") },
  );
  expect(same.files).toEqual({ "projects/shop.md": renamed.replace("One.", "1.").replace("Two.", "2.") });
  // Who deletes what the other gave another slug finds it still there, and is told.
  const gone = merge(old, { "projects/shop.md": renamed }, {});
  expect(gone.files).toEqual({ "projects/shop.md": renamed });
});
