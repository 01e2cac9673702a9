import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { daysOf } from "../../../src/web/dialogs/dueWords.ts";
import { shortcutsFor } from "../../../src/web/page/shortcuts.ts";
import { ago, dayText, inDays, timeLeft } from "../../../src/web/page/times.ts";
import { de } from "../../../src/web/words/de.ts";
import { en } from "../../../src/web/words/en.ts";
import { say, speak } from "../../../src/web/words/say.ts";
import { faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

useBrowser();
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
      expect([wanted, await speak(wanted), say.add]).toEqual([wanted, spoken, (spoken === "de" ? de : en).add]);
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
  test("is German for a German browser; another language is chosen and kept", async () => {
    const project = await germanStore();
    const one = await project.ayo("ticket", "create", "Anmeldung bauen", "--tags", "web", "--due", "2099-12-24");
    const two = await project.ayo("ticket", "create", "Ausliefern", "--deps", one, "-a", "@ops");
    const { url } = await startServe(project.dir);
    const page = await open(url, { locale: "de-DE" });
    await page.goto(`${url}/graph`);
    await page.locator("canvas").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Zum Board" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Tastenkürzel" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");

    await page.getByLabel("Sprache").selectOption("English");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "New ticket" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "New ticket" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("deutsch");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Neues Ticket" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Neues Ticket" }).waitFor();
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
    await page.getByRole("button", { name: "Neues Ticket" }).waitFor();
    await page.unroute("**/de-*.js");
    await page.route("**/de-*.js", (route) => route.abort());
    await page.goto(url);
    await page.getByRole("button", { name: "New ticket" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  });
});
