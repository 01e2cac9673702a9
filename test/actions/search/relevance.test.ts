import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runHere } from "../../helpers/runHere.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const NOUNS = ["cookie", "invoice", "button", "backup", "webhook", "tooltip", "printer", "garden"];

/** A word that only one ticket has. */
const nameOf = (n: number): string => "abcdefgh".charAt(n % 8).repeat(3) + "klmnopqrst".charAt(n / 8).repeat(3);

/** Sixty tickets, all but three of which say `acme` and `error`; some have other words in common. */
function manyTickets() {
  const dir = tempDir();
  const store = path.join(dir, ".tickets");
  mkdirSync(store);
  for (let n = 0; n < 60; n++) {
    const noun = NOUNS[n % NOUNS.length];
    const said = n < 57 ? "Acme says error." : "Nothing to see.";
    const title = n === 5 ? "Acme relay station" : `Mend the ${noun} ${nameOf(n)}`;
    writeFileSync(
      path.join(store, `t-${n}.md`),
      `---\nid: t-${n}\nstatus: open\n---\n# ${title}\n\n${said} Line ${n % 4}.${n % 4 === 2 ? " Before lunch." : ""}\n`,
    );
  }
  const ayo = (...args: string[]) => runHere(dir, ["ticket", "search", ...args]);
  const ids = async (...args: string[]) => (await ayo(...args, "-q", "--limit", "100")).stdout.split("\n").slice(0, -1);
  return { dir, ayo, ids };
}

describe("a word that almost every ticket has", () => {
  test.each(["keyword", "semantic", "hybrid"])("finds nothing by itself, which is said: %s", async (mode) => {
    const { ayo, ids } = manyTickets();
    expect(await ids("error", "--mode", mode)).toEqual([]);
    const { stderr } = await ayo("errors", "--mode", mode);
    expect(stderr).toBe(
      "note: 'errors': almost every ticket has this, so it finds none by itself; add a word that tells more\nno ticket matches\n",
    );
  });

  test("finds by the title those few that have it there", async () => {
    expect(await manyTickets().ids("acme", "--mode", "keyword")).toEqual(["t-5"]);
  });

  test("counts where another word finds a ticket, and finds none besides", async () => {
    const { ids } = manyTickets();
    expect(await ids(`error ${nameOf(58)}`, "--mode", "keyword")).toEqual(["t-58"]);
    expect((await ids("error cookie", "--mode", "keyword")).length).toBe(8);
  });

  test("is a word like others for phrases, for what is left out, and in a store of few tickets", async () => {
    const { ids } = manyTickets();
    expect((await ids('"acme says error"', "--mode", "keyword")).length).toBe(57);
    expect((await ids(`${nameOf(58)} "acme says error"`, "--mode", "keyword")).length).toBe(57);
    expect(await ids(`printer ${nameOf(58)} -error`, "--mode", "keyword")).toEqual(["t-58"]);
    const few = tempDir();
    mkdirSync(path.join(few, ".tickets"));
    for (const n of [1, 2, 3]) {
      writeFileSync(path.join(few, `.tickets/f-${n}.md`), `---\nid: f-${n}\nstatus: open\n---\n# Error ${n}\n`);
    }
    const { stdout } = await runHere(few, ["ticket", "search", "error", "-q"]);
    expect(stdout.split("\n").slice(0, -1).sort()).toEqual(["f-1", "f-2", "f-3"]);
  });
});

describe("how many are said to match", () => {
  test("are those that have what the best one has, not all that have a word by the way", async () => {
    const { ayo } = manyTickets();
    const total = async (query: string, mode: string) =>
      JSON.parse((await ayo(query, "--mode", mode, "--json", "--limit", "1")).stdout).total;
    expect(await total("cookie", "keyword")).toBe(8);
    expect(await total("lunch", "keyword")).toBe(15);
    expect(await total("relay station lunch", "keyword")).toBe(1);
    expect(await total("cookie", "hybrid")).toBeLessThan(20);
  });
});
