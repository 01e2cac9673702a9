import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runHere } from "../../helpers/runHere.ts";
import { tempDir } from "../../helpers/tempDir.ts";

/** A store with one ticket of each packaged template, and one of its own. */
async function templated() {
  const dir = tempDir();
  const ayo = (...args: string[]) => runHere(dir, args);
  await ayo("init");
  const own = path.join(dir, ".tickets/templates");
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, "chore.md"), "## Checklist\n\n- [ ] Inform the janitor of {{title}}\n");
  const made: Record<string, string> = {};
  for (const type of ["bug", "feature", "epic", "chore"]) {
    made[type] = (await ayo("ticket", "create", `Paint the ${type} shed`, "--type", type)).stdout.trim();
  }
  const find = async (...args: string[]) =>
    (await ayo("ticket", "search", ...args, "-q")).stdout.split("\n").slice(0, -1);
  return { dir, ayo, made: made as Record<"bug" | "feature" | "epic" | "chore", string>, find };
}

const QUESTIONS = ["reproduce", "exact message", "acceptance criteria", "janitor checklist", "documentation"];

describe("text that a template brought and nobody changed, and comments", () => {
  test.each(["keyword", "semantic", "hybrid"])("are not searched by %s", async (mode) => {
    const { find } = await templated();
    for (const question of QUESTIONS) expect([question, await find(question, "--mode", mode)]).toEqual([question, []]);
  });

  test("are no phrases, neither wanted nor unwanted, and in no snippet", async () => {
    const { ayo, find, made } = await templated();
    expect(await find('"What happens"')).toEqual([]);
    expect(await find('"The exact message"')).toEqual([]);
    expect((await find("paint -reproduce", "--mode", "keyword")).sort()).toEqual(Object.values(made).sort());
    const { tickets } = JSON.parse((await ayo("ticket", "search", "paint", "--json")).stdout);
    expect(tickets.map(({ snippet }: { snippet: string }) => snippet)).toEqual(["", "", "", ""]);
  });

  test("are searched once somebody has changed the line, and so is what stands below", async () => {
    const { dir, find, made } = await templated();
    const file = path.join(dir, ".tickets", `${made.chore}.md`);
    const text = readFileSync(file, "utf8");
    expect(await find("janitor", "--mode", "keyword")).toEqual([]);
    writeFileSync(file, `${text.replace(/janitor of .*/, "janitor of the flood")}\nBuy soap\n`);
    expect(await find("janitor", "--mode", "keyword")).toEqual([made.chore]);
    expect(await find("soap", "--mode", "keyword")).toEqual([made.chore]);
    expect(await find("checklist", "--mode", "keyword")).toEqual([]);
  });

  test("are those of the templates of now, for an index of before too", async () => {
    const { dir, find, made } = await templated();
    expect(await find("janitor", "--mode", "keyword")).toEqual([]);
    writeFileSync(path.join(dir, ".tickets/templates/chore.md"), "## Something else\n");
    expect(await find("janitor", "--mode", "keyword")).toEqual([made.chore]);
    writeFileSync(
      path.join(dir, ".tickets/templates/chore.md"),
      "## Checklist\n- [x] Inform the janitor of {{title}}\n",
    );
    expect(await find("janitor", "--mode", "keyword")).toEqual([]);
  });

  test("are no word of a note, unless it stands in code", async () => {
    const { ayo, find, made } = await templated();
    await ayo("ticket", "note", made.bug, "Seen <!-- zebra --> again, as `<!-- giraffe -->`");
    expect(await find("zebra", "--mode", "keyword")).toEqual([]);
    expect(await find("giraffe", "--mode", "keyword")).toEqual([made.bug]);
  });

  test("make no duplicates", async () => {
    const { dir, ayo } = await templated();
    const text = "- [ ] Inform the janitor: flooded basement corridors, wet carpets\n";
    writeFileSync(path.join(dir, ".tickets/templates/chore.md"), text);
    const id = (await ayo("ticket", "create", "Paint it", "--type", "chore")).stdout.trim();
    // What create wrote down of it is not its text of now.
    await ayo("ticket", "update", id, "--priority", "1");
    const again = ["ticket", "create", "Flooded basement corridors", "-d", "Wet carpets, says the janitor."];
    expect(JSON.parse((await ayo(...again, "--json")).stdout).similar).toEqual([]);
    expect(JSON.parse((await ayo("ticket", "duplicates", "--json")).stdout).pairs).toEqual([]);
  });
});
