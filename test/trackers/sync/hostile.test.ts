import { expect, test } from "vitest";
import type { Fit } from "../../../src/trackers/sync/localSide.ts";
import { expectQuiet, type Scene, scene } from "../../helpers/linear/scene.ts";

const LIMIT = 60_000;
const CUT = "\n[cut]";
const oneLine = (text: string, most: number): string =>
  text
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, most);
const block = (text: string): string => {
  const escaped = text
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .split("\n")
    .map((line) => (/^(?:#{1,2} |\*\*|---)/.test(line) ? `\\${line}` : line))
    .join("\n");
  return escaped.length <= LIMIT ? escaped : escaped.slice(0, LIMIT - CUT.length) + CUT;
};

/** What a store of files can hold. */
const held: Fit = (field, value) => {
  if (typeof value !== "string") return value;
  if (field === "title") return oneLine(value, 200).trim() || "untitled";
  if (field === "description") return block(value);
  if (field === "note") return block(value) || "(empty)";
  if (field === "label") return value.replaceAll(/[^\w-]/g, "");
  return field === "by" || field === "assignee" ? oneLine(value, 40).trim() : value;
};

const FORGED =
  "---\nstatus: closed\n---\n\n## Notes\n\n**2026-01-01T00:00:00Z** @root\n\napproved\u0000\u001b[31m\u0007";
const SOME = "* line\n".repeat(5000).trim();
const LONG = Array.from({ length: 2000 }, (_, n) => `* line ${n} ${"x".repeat(500)}`).join("\n");

async function hostile(): Promise<Scene> {
  const one = await scene();
  one.side.fit = held;
  const { world } = one.server;
  world.users.push({ id: "user-evil", name: "e", displayName: "eve\n**2026** @root\u0007", app: false, active: true });
  world.labels.push(
    { id: "label-up", name: "../../x", group: null, isGroup: false },
    { id: "label-x", name: "x", group: null, isGroup: false },
    { id: "label-dots", name: "../..", group: null, isGroup: false },
    { id: "label-proto", name: "__proto__", group: null, isGroup: false },
  );
  return one;
}

/** All that was set on this side is as this side holds it. */
function expectFits({ side }: Scene): void {
  for (const { after } of side.edits) {
    for (const [field, value] of Object.entries(after.fields)) expect(held(field as "title", value)).toBe(value);
    for (const { by, text } of after.notes) expect([held("by", by), held("note", text)]).toEqual([by, text]);
    for (const label of after.labels) expect(held("label", label)).toBe(label);
  }
}

test("text that cannot be held as it is stays whole there, and settles here", async () => {
  const one = await hostile();
  const { world } = one.server;
  const labelIds = ["label-up", "label-x", "label-dots", "label-proto"];
  const title = `${"t".repeat(10_000)}\nstatus: closed\u0007`;
  const first = world.create({ title, description: FORGED, labelIds, assigneeId: "user-evil" }, "user-evil");
  const long = world.create({ title: "\u0000", description: LONG }, "user-evil");
  world.comment({ issueId: first.id, body: FORGED }, "user-evil");
  world.comment({ issueId: first.id, body: "x".repeat(1_000_000) }, "user-evil");
  world.comment({ issueId: first.id, body: "\u0000" }, "user-evil");
  const before = JSON.stringify([...world.issues.values(), ...world.comments.values()]);
  await one.sync();
  await expectQuiet(one);
  await one.sync({ whole: true });
  await expectQuiet(one);
  expect(JSON.stringify([...world.issues.values(), ...world.comments.values()])).toBe(before);
  const [here, longHere] = [one.side.idFor(first.id), one.side.idFor(long.id)];
  expect(one.side.tickets.get(here)).toMatchObject({
    fields: { title: "t".repeat(200), status: "open", assignee: "eve **2026** @root" },
    labels: ["__proto__", "x"],
    notes: [{ by: "eve **2026** @root (linear)" }, {}, { text: "(empty)" }],
  });
  expect(one.side.tickets.get(longHere)?.fields).toMatchObject({ title: "untitled" });

  // What is changed here goes back, and nothing else: not what was escaped; of what was cut nothing does.
  for (const id of [here, longHere]) {
    one.side.edit(id, ({ fields }) => ({
      fields: { ...fields, description: `mine\n${String(fields.description).replace("line 5 x", "line five x")}` },
    }));
  }
  expect((await one.sync()).told.map(({ text }) => text)).toEqual([
    "ENG-2 has more of the description than can be held here: what is changed of it here stays here",
  ]);
  expect(long.description).toBe(LONG);
  await expectQuiet(one);
  const changed = LONG.replace("line 1900 x", "line 1,900 x").replace("line 3 x", "line three x");
  world.update(long.id, { description: changed }, "user-mara");
  expect((await one.sync()).told[0]?.text.split("\n").map((line) => line.slice(0, 14))).toEqual([
    ...["the text of EN", "", "> mine", "> * line five "],
  ]);
  expect(long.description).toBe(changed);
  expect(one.side.tickets.get(longHere)?.fields.description).toBe(block(changed));
  expect(first.description).toBe(`mine\n${FORGED.trim()}`);
  expect([first.title, long.title]).toEqual([title, "\u0000"]);
  await expectQuiet(one);
  expectFits(one);
});

test("both sides change such a text, and ours that was made such a text there", async () => {
  const one = await hostile();
  const { world } = one.server;
  const note = { at: "2026-09-01T00:00:00Z", by: null, text: "mine", isPublic: true };
  one.side.add("mya-a", { notes: [note], fields: { title: "a", description: "- a\n- b\n- c" } });
  await one.sync();
  const issue = one.issueOf("mya-a");
  const [comment] = world.comments.values();
  world.update(issue.id, { title: "b\nc", description: `## Notes\n* a\n* b\n* c\n${SOME}` }, "user-evil");
  world.editComment(comment?.id ?? "", `mine\n${FORGED}`);
  one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "here", description: "- a\n- B\n- c" } }));
  await one.sync();
  expect(issue.title).toBe("b\nc");
  expect(issue.description === `## Notes\n* a\n* B\n* c\n${SOME}`).toBe(true);
  expect(one.side.tickets.get("mya-a")?.fields.title).toBe("b c");
  expect(String(one.side.tickets.get("mya-a")?.fields.description).slice(0, 22)).toBe("\\## Notes\n- a\n- B\n- c\n");
  await expectQuiet(one);
  one.side.edit("mya-a", ({ notes }) => ({
    notes: notes.map((old) => (old.isPublic ? { ...old, text: old.text.replace("mine", "still mine") } : old)),
  }));
  await one.sync();
  expect(comment?.body).toBe(`still mine\n${FORGED}`);
  await expectQuiet(one);
  expectFits(one);
});

test("names and addresses are only ever text, ids only ever ids", async () => {
  const one = await hostile();
  const issue = one.server.world.create({ title: "a" }, "user-evil");
  one.server.world.nameOf = () => "ENG-1\n\u001b[31m@root";
  one.server.world.urlOf = () => "javascript:alert(1)//\n";
  await one.sync();
  expect([...one.side.pairs.values()]).toMatchObject([{ name: "ENG-1 [31m@root", url: "" }]);
  await expectQuiet(one);
  one.server.world.issues.set("../../etc", { ...issue, id: "../../etc" });
  const { commits } = one.side;
  await expect(one.sync({ whole: true })).rejects.toMatchObject({ fault: "broken" });
  expect(one.side.commits).toBe(commits);
});
