import { existsSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  doneAs,
  isAskedHere,
  makeBox,
  noteDone,
  readAnswer,
  requestName,
} from "../../../../src/store/change/requests/box.ts";
import { tempDir } from "../../../helpers/tempDir.ts";

test("what was done first for a request is what whoever asked is told; half a note is none", () => {
  const box = tempDir();
  writeFileSync(`${box}/r.done`, "1a2b");
  expect(doneAs(box, "r")).toBeUndefined();
  noteDone(box, "r", "a".repeat(40));
  // The day's archiving, which follows a change, is a commit of the same request.
  noteDone(box, "r", "b".repeat(40));
  expect(doneAs(box, "r")).toBe("a".repeat(40));
});

test("where the folder of requests is gone nothing is noted, and nothing fails", () => {
  noteDone(`${tempDir()}/gone`, "r", "a".repeat(40));
});

test("the folder of requests is made where the store is, and no store is made for it", () => {
  const dir = tempDir();
  makeBox(`${dir}/ask`);
  makeBox(`${dir}/ask`);
  expect(existsSync(`${dir}/ask`)).toBe(true);
  expect(() => makeBox(`${dir}/moved/ask`)).toThrow("ENOENT");
  expect(existsSync(`${dir}/moved`)).toBe(false);
});

test("what an answer says on a terminal steers none, whoever wrote it", () => {
  const box = tempDir();
  const answer = { code: 0, out: "\u001b[1mbold\n", err: "note:\t\u001b]0;title\u0007 \u009b2J\n", due: [] };
  writeFileSync(`${box}/r.answer`, JSON.stringify(answer));
  expect(readAnswer(box, "r")).toEqual({ ...answer, err: "note:\t\uFFFD]0;title\uFFFD \uFFFD2J\n" });
});

test("a request's name tells who asked, and where", () => {
  expect(isAskedHere(requestName(7, 1))).toBe(true);
  expect(isAskedHere("000000001-7-1-abc")).toBe(false);
});
