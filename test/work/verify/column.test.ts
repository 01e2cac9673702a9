import { expect, test, vi } from "vitest";
import { dispatchScene } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000 });

const BOARD = `board:
  columns:
    - {id: open, category: todo}
    - {id: in_progress, category: active}
    - {id: built, category: active, enter: [verify]}
    - {id: closed, category: done}
    - {id: failed, category: failed}
`;

test("what one column asks for is nothing to work that does not come there", async () => {
  const scene = await dispatchScene({
    agents: { "@coder": "max: 9, limits: {tries: 1}" },
    top: "verify: {test: {run: 'false'}}\n",
    files: { "config.yml": BOARD },
  });
  const past = await scene.ticket("Goes past it", [{ text: "Done" }]);
  const there = await scene.ticket("Goes there", [{ sh: "ayo ticket status $AYO_TICKET built" }, { text: "Done" }]);
  await scene.cli("work", "--once");
  expect(scene.status(past), scene.text(past)).toBe("closed");
  expect(scene.text(there)).toMatch(/does not pass/);
});
