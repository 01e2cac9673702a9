import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daysOf } from "../../../src/web/dialogs/dueWords.ts";
import { shortcutsFor } from "../../../src/web/page/shortcuts.ts";
import { ago, dayText, inDays, timeLeft } from "../../../src/web/page/times.ts";
import { say, speak, withWords } from "../../../src/web/words/say.ts";
import { card, faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { de, en } from "./all.ts";
import { leavesOf, textWith } from "./leaves.ts";

useBrowser();
beforeAll(() => withWords(Promise.resolve()));
afterAll(() => speak(["en"]));

describe("the language", () => {
  test("is the first of the reader's that there is, English where there is none", async () => {
    for (const [wanted, spoken] of [
      [["de-AT", "en"], "de"],
      [["fr-FR", "de"], "de"],
      [["en-GB", "de"], "en"],
      [["fr", "toString", "__proto__"], "en"],
      [[], "en"],
    ] as const) {
      expect([wanted, await speak(wanted), say.save]).toEqual([wanted, spoken, (spoken === "de" ? de : en).save]);
    }
  });

  test("writes times, days and numbers as its readers do, and understands what they type", async () => {
    const now = Date.now();
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    await speak(["de-DE"]);
    expect([ago(at(-3 * 3600)), ago(at(-1)), timeLeft(at(-1))]).toEqual(["vor 3 Std.", "gerade eben", "abgelaufen"]);
    expect([inDays(3.44), inDays(1 / 24 / 60), dayText("2026-12-24")]).toEqual(["3,4 Tage", "1 Minute", "24.12.2026"]);
    expect([say.data.tickets(1), say.data.tickets(10_000)]).toEqual(["1 Ticket", "10.000 Tickets"]);
    // A Wednesday.
    const day = (text: string) => daysOf(text, new Date(2026, 11, 30))[0]?.date;
    expect(["heu", "morg", "fr", "2w", "in 3 tagen", "1 Woche"].map(day)).toEqual([
      "2026-12-30",
      "2026-12-31",
      "2027-01-01",
      "2027-01-13",
      "2027-01-02",
      "2027-01-06",
    ]);
    await speak(["en"], ["en-GB"]);
    expect([dayText("2026-12-24"), inDays(3.44), say.data.tickets(10_000)]).toEqual([
      "24 Dec 2026",
      "3.4 days",
      "10,000 tickets",
    ]);
    expect([dayText(""), dayText("soon"), ago("never"), inDays(undefined)]).toEqual(["", "soon", "never", "–"]);
  });

  test("of the shortcuts is the one that is typed to find them", async () => {
    const all = [
      [
        "Everywhere",
        [
          ["Ctrl K", "find a ticket"],
          ["c", "new ticket"],
        ],
      ],
      ["In the inbox", [["k j", "from line to line"]]],
    ] as const;
    const found = (text: string) => shortcutsFor(text, all).flatMap(([, rows]) => rows.map(([keys]) => keys));
    await speak(["en"]);
    expect([found("ctrl"), found("Ticket"), found("INBOX line"), found("nothing"), found("")]).toEqual([
      ["Ctrl K"],
      ["Ctrl K", "c"],
      ["k j"],
      [],
      ["Ctrl K", "c", "k j"],
    ]);
    await speak(["de"]);
    expect([found("strg"), found("ctrl")]).toEqual([["Ctrl K"], ["Ctrl K"]]);
  });
});

/** Every word of a text, but for those of filters, which have one language: `is:ready`. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/[a-z]+:[^\s,]+/g, "")
    .match(/\p{L}{3,}/gu) ?? [];
const vocabulary = (words: unknown): Set<string> =>
  new Set(leavesOf(words).flatMap(([, word]) => wordsOf(textWith(word, [3, 5, 7]))));
/** Words that only the English page says. */
const GERMAN = vocabulary(de);
const ENGLISH = new Set([...vocabulary(en)].filter((word) => !GERMAN.has(word)));

/** What a reader sees or hears of the page that is neither the store's nor the server's. */
async function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // What the store, the server and markdown say.
    const OTHERS = "code, pre, .history, .commits, .said, .markdown, .failure p, .reasons, script, style, noscript";
    const NAMES = ["alt", "aria-description", "aria-label", "placeholder", "title"];
    const texts: string[] = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (element === null || element.closest(OTHERS) !== null) continue;
      if (node instanceof Element) texts.push(...NAMES.map((name) => element.getAttribute(name) ?? ""));
      else texts.push(node.textContent ?? "");
    }
    return texts.filter((text) => text.trim() !== "");
  });
}

/** A store whose own words are German. */
async function germanStore() {
  const project = await tempStore();
  writeFileSync(
    path.join(project.tickets, "config.yml"),
    [
      "types: [aufgabe, fehler]",
      "board:",
      "  columns:",
      "    - {id: offen, name: Offen, category: todo}",
      "    - {id: laufend, name: Laufend, category: active, limit: 1}",
      "    - {id: durchsicht, name: Durchsicht, category: review}",
      "    - {id: fertig, name: Fertig, category: done}",
      "    - {id: weg, name: Weg, category: cancelled}",
      "",
    ].join("\n"),
  );
  return project;
}

describe("the whole page", () => {
  test("is German for a German browser, in every view; another language is chosen and kept", async () => {
    const project = await germanStore();
    const one = await project.ayo("ticket", "create", "Anmeldung bauen", "--tags", "web", "--due", "2099-12-24");
    const two = await project.ayo("ticket", "create", "Ausliefern", "--deps", one, "-a", "@ops");
    const { url } = await startServe(project.dir);
    const page = await open(url, { locale: "de-DE" });
    const look = async (what: string): Promise<void> => {
      const found = (await textsOf(page)).flatMap((text) => {
        const foreign = wordsOf(text).filter((word) => ENGLISH.has(word));
        return foreign.length === 0 ? [] : [`${text.trim()} (${foreign})`];
      });
      expect(found, what).toEqual([]);
    };
    const go = async (where: string, sign: string): Promise<void> => {
      await page.goto(url + where);
      await page.locator(sign).first().waitFor();
      await look(where);
    };
    await go("/board", ".card .due");
    await go("/?view=list&group=assignee", ".list .row");
    await go(`/?ticket=${two}`, ".beside .fields");
    await go(`/ticket/${one}`, ".activity .stream li");
    await page.getByRole("button", { name: "Text bearbeiten" }).click();
    await look("a text that is edited");
    await page.getByRole("tab", { name: "Vorschau" }).first().click();
    await page.getByRole("tabpanel").first().waitFor();
    await look("its preview");
    await go("/?lanes=assignee&q=is:open", ".band");
    await go("/ticket/nirgends", ".failure");
    await go("/graph?finished=1", ".graph-legend");
    await page.getByText("Als Text").click();
    await look("the graph as text");
    await go("/search?q=anmeldung", ".found li");
    await go("/search", ".hints");
    await go("/stats", ".tiles");
    await go("/inbox", ".welcome");
    await go("/nirgends", ".failure");
    await page.goto(url);
    await card(page, one).focus();
    await page.keyboard.press("d");
    await page.getByText(/aufgenommen/).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Space");
    for (const key of ["m", "a", "p", "l", "P", "U", "W", "D"]) {
      await page.keyboard.press(key);
      await page.getByRole("dialog").waitFor();
      await look(`the list of ${key}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.keyboard.press("D");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("morgen");
    await page.keyboard.press("Enter");
    await page.locator(".toast", { hasText: ": fällig am" }).getByRole("button", { name: "Rückgängig" }).click();
    await page.locator(".toast", { hasText: "rückgängig gemacht" }).waitFor();
    await look("what was done");
    await page.keyboard.press("Escape");
    await card(page, one).focus();
    await page.keyboard.press("s");
    await page.locator(".toast", { hasText: ": begonnen" }).waitFor();
    await page.keyboard.press("c");
    await page.getByRole("dialog", { name: "Neues Ticket" }).waitFor();
    await look("a new ticket");
    await page.getByRole("button", { name: "Verwerfen" }).click();
    await page.goto(`${url}/graph`);
    await page.locator("canvas").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Zum Board" }).waitFor();
    await look("the palette");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Tastenkürzel" }).waitFor();
    await look("the shortcuts");
    await page.keyboard.type("für mich");
    await page.getByText("von Zeile zu Zeile").waitFor();
    await page.getByText("Liste statt Spalten").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");

    await page.getByLabel("Sprache").selectOption("English");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "New ticket", exact: true }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "New ticket", exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("deutsch");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Neues Ticket", exact: true }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Neues Ticket", exact: true }).waitFor();
    await until(async () => (await page.title()).startsWith("Graph"), "its title");
    expect(faults.get(page)).toEqual([]);
    await until(async () => (await project.ayo("ticket", "list")).includes(two), "still there");
  });

  test("is drawn once, in its language; and in English where that cannot be had", async () => {
    const project = await germanStore();
    const { url } = await startServe(project.dir);
    const page = await open("about:blank", { locale: "de-DE" });
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route("**/de-*.js", async (route) => {
      await gate;
      await route.continue();
    });
    const asked = page.waitForRequest("**/de-*.js");
    await page.goto(url, { waitUntil: "commit" });
    await asked;
    expect(await page.locator("#app").innerHTML()).toBe("");
    go();
    await page.getByRole("button", { name: "Neues Ticket", exact: true }).waitFor();
    await page.unroute("**/de-*.js");
    await page.route("**/de-*.js", (route) => route.abort());
    await page.goto(url);
    await page.getByRole("button", { name: "New ticket", exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  });
});
