import { describe, expect, test } from "vitest";
import { expectSettled, scene } from "../../helpers/github/scene.ts";
import type { Mishap } from "../../helpers/github/server.ts";

describe("reading", () => {
  test("a page that fails changes nothing, and nothing is taken as read", async () => {
    const one = await scene();
    const { world } = one.server;
    for (let n = 0; n < 150; n++) world.create({ title: `t${n}` }, "mara");
    world.comment(1, "said", "mara");
    let pages = 0;
    // And none of the tries again helps.
    one.server.onRequest = ({ operation }) => (operation === "GET /issues" && ++pages > 1 ? "500before" : undefined);
    await expect(one.sync()).rejects.toMatchObject({ fault: "ambiguous" });
    expect([one.side.tickets.size, one.side.commits, one.side.cursor]).toEqual([0, 0, {}]);
    one.server.onRequest = ({ operation }) => (operation === "GET /issues/comments" ? "401" : undefined);
    await expect(one.sync()).rejects.toMatchObject({ fault: "auth" });
    expect([one.side.tickets.size, one.side.commits]).toEqual([0, 0]);
    one.server.onRequest = () => undefined;
    await one.sync();
    expect([one.side.tickets.size, one.side.tickets.get("mya-1")?.notes.length]).toEqual([150, 1]);
    await expectSettled(one);
  });

  test.each([-2, 2])("our clock is %i hours away: nothing is missed or doubled", async (hours) => {
    const one = await scene();
    const { world } = one.server;
    one.become({ now: () => world.time + hours * 3_600_000 });
    one.side.add("mya-a");
    await one.sync();
    for (let n = 0; n < 3; n++) {
      world.time += 60_000;
      world.update(1, { title: `t${n}` });
      world.create({ title: `n${n}` }, "mara");
      await one.sync();
      expect([one.side.tickets.get("mya-a")?.fields.title, one.side.tickets.size]).toEqual([`t${n}`, n + 2]);
    }
    await expectSettled(one);
  });
});

describe("writing", () => {
  test.each<readonly [Mishap, string]>([
    ["401", "Bad credentials"],
    ["forbidden", "Resource not accessible by personal access token"],
  ])("%s in the middle ends the run; what was done stays done, what is left is named", async (mishap, words) => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    let count = 0;
    one.server.onRequest = ({ isWrite }) => (isWrite && ++count > 1 ? mishap : undefined);
    const { stopped, left, writes } = await one.sync();
    expect([stopped?.fault, stopped?.message, writes.length]).toEqual([
      "auth",
      expect.stringContaining(`GitHub: ${words}: the token `),
      1,
    ]);
    expect(left.map(({ id }) => id)).toEqual(["mya-b", "mya-c"]);
    one.server.onRequest = () => undefined;
    await one.sync();
    expect(one.server.world.issues.size).toBe(3);
    await expectSettled(one);
  });

  test("what is refused of one ticket holds no other back, and is told and sent once", async () => {
    const one = await scene();
    const { world } = one.server;
    one.side.add("mya-a", { fields: { title: "x".repeat(300) } });
    one.side.add("mya-b", { fields: { description: "y".repeat(70_000) } });
    one.side.add("mya-c", { labels: ["bug"] });
    const { left } = await one.sync();
    expect(left.map(({ id }) => id).sort()).toEqual(["mya-a", "mya-b"]);
    expect([...world.issues.values()].map(({ title }) => title)).toEqual(["mya-c"]);
    await expectSettled(one);
    one.side.edit("mya-c", ({ fields }) => ({
      fields: { ...fields, title: "z".repeat(300), status: "closed" },
      labels: [],
    }));
    expect((await one.sync()).left).toEqual([{ id: "mya-c", why: expect.stringContaining("title is too long") }]);
    expect(one.issueOf("mya-c")).toMatchObject({ title: "mya-c", state: "closed", labels: [] });
    await expectSettled(one);
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "short" } }));
    await one.sync();
    expect(one.issueOf("mya-a").title).toBe("short");
    await expectSettled(one);
  });

  test("texts go to and fro as they are: lines, code, addresses, and as long as GitHub has them", async () => {
    const one = await scene();
    const { world } = one.server;
    const long = "line of a long text\n".repeat(3200);
    const texts = [
      "a\r\nb\r\n\r\n\r\nc",
      "```sh\ncurl https://x.example/a?b=1 # @claude #12\n```\n- [ ] <b>x</b>",
      long,
      "",
    ];
    for (const body of texts) world.create({ title: "theirs", body }, "mara");
    for (const [n, description] of texts.entries()) one.side.add(`mya-t${n}`, { fields: { description } });
    await one.sync({ yes: true });
    await expectSettled(one);
    for (const [n, text] of texts.entries()) {
      one.side.edit(`mya-t${n}`, ({ fields }) => ({
        fields: { ...fields, description: `${fields.description}\nmore` },
      }));
      world.update(n + 1, { body: `first\r\n${text}` });
    }
    await one.sync();
    for (const [n, text] of texts.entries()) {
      expect(one.side.tickets.get(`mya-${n + 1}`)?.fields.description).toContain("first");
      const there = one.issueOf(`mya-t${n}`).body ?? "";
      expect(there.replace(/\n\n<!-- ayo.*$/s, "")).toBe(`${text}\nmore`);
      expect(world.issue(n + 1).body).toBe(`first\r\n${text}`);
    }
    await expectSettled(one);
  });
});
