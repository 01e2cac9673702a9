import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { card, faults, opened, useBrowser } from "../../helpers/boardPage.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

useBrowser();

/** Links a ticket as a sync with a tracker does. */
function link(project: TempStore, id: string, name: string, url: string): void {
  const folder = path.join(project.tickets, "sync/linear");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${id}.json`), JSON.stringify({ key: `item-${id}`, name, url, state: "linked" }));
  project.write(
    id,
    project.text(id).replace("\nstatus:", `\nexternal-ref: linear:item-${id}\norigin: linear\nstatus:`),
  );
}

test("a card has its tracker's key, and the page leads there; to nothing else than the web", async () => {
  const { page, project, one, two, server } = await opened();
  link(project, one, "ENG-12", "https://linear.app/acme/issue/ENG-12");
  link(project, two, "ENG-13", "javascript:alert(1)");
  await card(page, one).locator(".key").waitFor();
  expect(await card(page, one).locator(".key").textContent()).toBe("ENG-12");
  const { json } = await server.ask("/api/tickets?fields=id,provider,externalKey");
  expect(json.tickets).toContainEqual({ id: one, provider: "linear", externalKey: "ENG-12" });
  expect((await server.ask(`/api/tickets/${one}`)).json.ticket).toMatchObject({ externalKey: "ENG-12" });
  await card(page, one).click();
  const to = page.getByRole("link", { name: "ENG-12", exact: true });
  await to.waitFor();
  expect([await to.getAttribute("href"), await to.getAttribute("rel"), await to.getAttribute("target")]).toEqual([
    "https://linear.app/acme/issue/ENG-12",
    "noopener noreferrer",
    "_blank",
  ]);
  await page.getByText(`ayo ticket accept ${one}`).waitFor();
  await page.goto(`${new URL(page.url()).origin}/ticket/${two}`);
  await page.locator(".fields .item").waitFor();
  expect(await page.locator(".fields .item").innerHTML()).not.toContain("<a");
  expect(faults.get(page)).toEqual([]);
});
