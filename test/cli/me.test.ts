import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

test.each(["@me", "me", "@Me"])("whoever writes %s is meant, wherever somebody is named", async (me) => {
  const { ayo, json } = await tempStore();
  const who = "@coder";
  const id = await ayo("ticket", "create", "One", "-a", me, "--reviewer", `${me}, security`, "--as", who);
  const shown = async () =>
    (await json<{ ticket: { assignee: string | null; reviewer: string[] } }>("ticket", "show", id)).ticket;
  expect(await shown()).toMatchObject({ assignee: who, reviewer: [who, "security"] });
  await ayo("ticket", "update", id, "--assignee", "");
  await ayo("ticket", "assign", id, me, "--as", who);
  expect(await shown()).toMatchObject({ assignee: who });
  await ayo("ticket", "update", id, "--assignee", "@other");
  await ayo("ticket", "update", id, "--set", `assignee=@other,${me}`, "--as", who);
  expect(await shown()).toMatchObject({ assignee: "@other, @coder" });
});

test("a person's @me is the name that git has, and finds what it was given to", async () => {
  const { ayo, json } = await tempStore();
  const id = await ayo("ticket", "create", "One", "-a", "@me");
  const { ticket } = await json<{ ticket: { assignee: string } }>("ticket", "show", id);
  expect(ticket.assignee).not.toMatch(/me$/);
  expect(await ayo("ticket", "list", "-a", "@me", "-q")).toBe(id);
});
