import type { Locator, Page } from "playwright-core";
import { opened, until } from "./boardPage.ts";
import type { TempStore } from "./tempStore.ts";

/** Whoever does this is an agent. */
export const CODER = ["--as", "@coder"];

/** The lines of a ticket in the inbox. */
export const lineOf = (page: Page, id: string): Locator => page.locator(`[data-line^="${id}:"]`);

/** The ticket of the line that has the keyboard; undefined where none has it. */
const focusedLine = (page: Page): Promise<string | undefined> =>
  page.evaluate("document.activeElement?.closest('[data-line]')?.dataset.line.split(':')[0]");
/** What the navigation says of the inbox. */
export const inboxName = (page: Page): Promise<string | null> =>
  page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Needs me" }).textContent();
/** It with a number, for eyes and for ears. */
export const named = (total: number): string =>
  `Needs me ${total}, ${total === 1 ? "1 thing needs" : `${total} things need`} you`;
/** The keys of the lines that a command would show. */
export const keysOf = async (project: TempStore): Promise<string[]> =>
  (await project.json<{ items: { key: string }[] }>("inbox")).items.map(({ key }) => key);
/** Waits until the line of a ticket has the keyboard. */
export const focusIs = (page: Page, id: string): Promise<void> =>
  until(async () => (await focusedLine(page)) === id, `the keyboard is at ${id}`);

/** A project in which one thing of each common kind needs the person, served and open in the browser. */
export async function openedInbox(where = "/inbox") {
  const all = await opened(where);
  const { project, two } = all;
  const create = (title: string): Promise<string> => project.ayo("ticket", "create", title);
  const [asks, review, hand] = [await create("Ride home"), await create("Paint the shed"), await create("Tidy up")];
  const [said, given] = [await create("Plan the trip"), await create("Feed the cat")];
  await project.ayo("ticket", "ask", asks, "Which bus?", ...CODER);
  await project.ayo("ticket", "start", review, ...CODER);
  await project.ayo("ticket", "submit", review, ...CODER);
  // Past the gate, while an agent is at work.
  await project.ayo("ticket", "start", two, "--force", ...CODER);
  project.write(hand, project.text(hand).replace("deps: []", "deps: []\nassignee: '@rex'"));
  await project.ayo("ticket", "note", two, "goes on", ...CODER);
  await project.ayo("ticket", "note", said, "@Test_User which way?", ...CODER);
  await project.ayo("ticket", "assign", given, "Test User", ...CODER);
  return { ...all, asks, review, hand, said, given };
}
