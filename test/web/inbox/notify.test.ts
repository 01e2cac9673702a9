import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { CODER, focusIs, inboxName, lineOf, named, openedInbox } from "../../helpers/inboxScene.ts";
import { tempDir } from "../../helpers/tempDir.ts";

useBrowser();

/** A browser without a desktop shows nothing, and has every window think that somebody looks at it. */
const DESKTOP = `
  window.told = [];
  window.asked = 0;
  window.isLooked = true;
  window.isHidden = false;
  const Real = window.Notification;
  window.Notification = class {
    static get permission() { return Real.permission; }
    static requestPermission() { window.asked++; return Real.requestPermission(); }
    constructor(title, { body, tag }) { Object.assign(this, { title, body, tag, isOpen: true }); window.told.push(this); }
    close() { this.isOpen = false; }
  };
  document.hasFocus = () => window.isLooked && !window.isHidden;
  Object.defineProperty(document, "hidden", { get: () => window.isHidden });
`;

interface Told {
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
}

const toldIn = (page: Page): Promise<Told[]> =>
  page.evaluate("told.map(({ title, body, isOpen }) => ({ title, body, isOpen }))");
const look = (page: Page, is: boolean): Promise<unknown> =>
  page.evaluate(`isLooked = ${is}; window.dispatchEvent(new Event(${is} ? "focus" : "blur"))`);
const hide = (page: Page): Promise<unknown> =>
  page.evaluate(`isHidden = true; document.dispatchEvent(new Event("visibilitychange"))`);
const locksOf = (page: Page): Promise<string[]> =>
  page.evaluate(`navigator.locks.query().then(({ held }) => held.map(({ name }) => name.split(" /")[0]))`);
const button = (page: Page) => page.getByRole("button", { name: "Notify me" });

test("who asks for it is notified once of what is new, by whichever window there is, and not of what he looks at", async () => {
  const { project, server, one, two, asks, given } = await openedInbox("/stats");
  const ask = (id: string, text: string) => project.ayo("ticket", "ask", id, text, ...CODER);
  const first = await open("about:blank", { permissions: ["notifications"] });
  await first.context().addInitScript(DESKTOP);
  const second = await first.context().newPage();
  await first.goto(`${server.url}/inbox`);
  await second.goto(`${server.url}/board`);
  await lineOf(first, given).waitFor();
  // Nothing is asked for, or told, by itself.
  expect([await first.evaluate("asked"), await button(first).getAttribute("aria-pressed")]).toEqual([0, "false"]);
  await button(first).focus();
  await first.keyboard.press("Enter");
  await first.getByText("You are notified of what needs you").waitFor();
  expect([await first.evaluate("asked"), await button(first).getAttribute("aria-pressed")]).toEqual([1, "true"]);
  await until(async () => (await locksOf(second)).includes("ayo notify"), "a window has its turn");
  // While one of the windows is looked at nothing is told.
  await look(second, false);
  await ask(one, "Which form?");
  await until(async () => (await inboxName(first)) === named(6), "the number");
  await until(async () => (await inboxName(second)) === named(6), "the number there");
  await look(first, false);
  await until(async () => !(await locksOf(first)).includes("ayo looked at"), "nobody looks");
  await project.ayo("ticket", "update", two, "--title", "<b>Deploy\u202E it</b>");
  await ask(two, "Which server?");
  const all = async (): Promise<Told[]> => [...(await toldIn(first)), ...(await toldIn(second))];
  await until(async () => (await all()).length > 0, "it is told");
  expect(await all()).toEqual([{ title: "<b>Deploy it</b>", body: "@coder: Which server?", isOpen: true }]);

  // The window that told it goes, the other one goes on, and tells nothing again.
  const [gone, left] = (await toldIn(first)).length > 0 ? [first, second] : [second, first];
  await gone.close();
  await hide(left);
  await project.ayo("ticket", "answer", asks, "The red one");
  await ask(asks, "Which train?");
  await until(async () => (await toldIn(left)).some(({ body }) => body.includes("train")), "the next one is told");
  expect((await toldIn(left)).map(({ body }) => body)).toEqual(["@coder: Which train?"]);
  // A click shows the line; what was settled is taken back.
  await left.evaluate("isHidden = false; told[0].onclick()");
  await left.waitForURL("**/inbox?line=*");
  await focusIs(left, asks);
  await ask(given, "Which cat?");
  await until(async () => (await toldIn(left)).length === 2, "one more");
  await project.ayo("ticket", "answer", given, "The black one");
  await until(async () => (await toldIn(left))[1]?.isOpen === false, "it is closed");

  // Many at once are one.
  const folder = tempDir();
  for (const n of [1, 2, 3, 4, 5]) {
    const front = `id: m-000${n}\nstatus: open\ncreated: 2026-11-21T03:38:00Z\ntype: task\nquestion: Which of ${n}?`;
    writeFileSync(path.join(folder, `m-000${n}.md`), `---\n${front}\n---\n# Ticket ${n}\n`);
  }
  await project.ayo("import", folder);
  const isMany = ({ title }: Told): boolean => title === "5 new things need you";
  await until(async () => (await toldIn(left)).some(isMany), "they are told");
  expect((await toldIn(left)).filter(({ body }) => body.includes("Which of 1?")).map(isMany)).toEqual([true]);

  await button(left).click();
  await left.getByText("You are notified no longer").waitFor();
  await until(async () => !(await locksOf(left)).includes("ayo notify"), "nobody tells");
  const odd = [first, second].flatMap((page) => faults.get(page) ?? []).filter((one) => !one.startsWith("request"));
  expect(odd).toEqual([]);
  project.judge();
});
