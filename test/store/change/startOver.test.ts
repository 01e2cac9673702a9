import { expect, test } from "vitest";
import { StartOver, startingOver } from "../../../src/store/change/startOver.ts";

test("work is done again for as long as it has to start over, and each reason is told", async () => {
  const reasons: string[] = [];
  const answer = await startingOver(
    5,
    async (attempt) => {
      if (attempt < 3) throw new StartOver(`attempt ${attempt}`, "a.md");
      return attempt;
    },
    ({ message, file }) => reasons.push(`${message} ${file}`),
  );
  expect(answer).toBe(3);
  expect(reasons).toEqual(["attempt 1 a.md", "attempt 2 a.md"]);
});

test("after the last attempt it gives up; another error ends it at once", async () => {
  let attempts = 0;
  const moving = startingOver(4, async () => {
    attempts++;
    throw new StartOver("the branch moved on");
  });
  await expect(moving).rejects.toThrow(StartOver);
  expect(attempts).toBe(4);
  await expect(startingOver(4, async () => Promise.reject(new Error("full")))).rejects.toThrow("full");
});
