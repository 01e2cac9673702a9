import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { listTickets } from "../../src/index.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** Ten levels of ten references: 10^10 words if anybody unfolds them. */
const LAUGHS = ["a: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
  .concat(Array.from({ length: 9 }, (_, n) => `k${n}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(", ")}]`))
  .join("\n");

const RUN = `require("node:fs").writeFileSync("PWNED", "")`;
const ATTACKS: readonly (readonly [name: string, text: string, refused: boolean])[] = [
  ["---js", `---js\n{ id: "bad-1", title: (${RUN}, "x") }\n---\n# Bad\n`, true],
  ["---javascript", `---javascript\nmodule.exports = (${RUN})\n---\n# Bad\n`, true],
  ["---coffee, an engine that there is not", `---coffee\nid: "bad-1"\n---\n# Bad\n`, true],
  ["!!js/function", `---\nid: bad-1\nstatus: open\nx: !!js/function 'function () { ${RUN} }'\n---\n# Bad\n`, true],
  ["!!js/regexp", "---\nid: bad-1\nstatus: open\nx: !!js/regexp /a/\n---\n# Bad\n", true],
  ["a billion laughs", `---\nid: bad-1\nstatus: open\n${LAUGHS}\n---\n# Bad\n`, true],
  ["__proto__", "---\nid: bad-1\nstatus: open\n__proto__:\n  polluted: yes\n  priority: 0\n---\n# Bad\n", false],
  [
    "constructor.prototype",
    "---\nid: bad-1\nstatus: open\nconstructor: {prototype: {polluted: yes}}\n---\n# Bad\n",
    false,
  ],
];

/** Every command that reads all tickets, or this one. */
async function readAll(store: TempStore) {
  const commands = [["list", "--json"], ["show", "bad-1"], ["ready"], ["query"]];
  const options = { env: { NODE_OPTIONS: "--max-old-space-size=96" }, timeoutMs: 10_000 };
  return Promise.all(commands.map((args) => store.run(["ticket", ...args], options)));
}

test.each(ATTACKS)(
  "front matter with %s: nothing runs, nothing grows, the other tickets are there",
  async (_, text, refused) => {
    const store = await tempStore();
    await store.ayo("ticket", "create", "Good");
    store.write("bad-1", text);
    const [list, show, ...others] = await readAll(store);
    const { tickets, problems } = JSON.parse(list?.stdout ?? "");
    expect(tickets.map(({ title }: { title: string }) => title).sort()).toEqual(refused ? ["Good"] : ["Bad", "Good"]);
    expect(problems).toEqual(refused ? [expect.objectContaining({ path: "bad-1.md", code: "bad_ticket" })] : []);
    expect(show?.code).toBe(refused ? 1 : 0);
    for (const { code } of others) expect(code).toBe(0);
    // A change of it is refused, or is made and touches nothing else; a change of another ticket goes on.
    const closed = await store.run(["ticket", "close", "bad-1"]);
    expect(closed.code).toBe(refused ? 1 : 0);
    if (refused) expect(store.text("bad-1")).toBe(text);
    else
      expect(
        store
          .text("bad-1")
          .replace(/^closed: .*\n/m, "")
          .replace("status: closed", "status: open"),
      ).toBe(text);
    await store.ayo("ticket", "create", "Another");
    for (const dir of [store.dir, store.tickets]) expect(existsSync(path.join(dir, "PWNED"))).toBe(false);
    // Once more in this process, so that its own objects could be the victims.
    const { tickets: all } = await listTickets(store.open(), {});
    expect(all.map(({ priority }) => priority)).toEqual(all.map(() => 2));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  },
);

test("the config is no way in either", async () => {
  const store = await tempStore();
  for (const config of [`x: !!js/function 'function () { ${RUN} }'\n`, `${LAUGHS}\n`, "types: *nowhere\n"]) {
    writeFileSync(path.join(store.tickets, "config.yml"), config);
    const { code, stderr } = await store.run(["ticket", "list"], { env: { NODE_OPTIONS: "--max-old-space-size=96" } });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: config\.yml:\d+: /)]);
  }
  expect(existsSync(path.join(store.tickets, "PWNED"))).toBe(false);
});
