import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { MAX_ATTACHMENT } from "../../../src/ticket/attachments.ts";
import { faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";
import { picture } from "../../helpers/picture.ts";

useBrowser();

type Given = readonly [name: string, type: string, base64: string];

/** Pastes or drops files, which no real clipboard is needed for. */
async function give(page: Page, selector: string, kind: "paste" | "drop", files: readonly Given[]): Promise<void> {
  await page.locator(selector).evaluate(
    (target, { kind, files }) => {
      const data = new DataTransfer();
      for (const [name, type, base64] of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const how = { bubbles: true, cancelable: true };
      target.dispatchEvent(
        kind === "paste"
          ? new ClipboardEvent("paste", { ...how, clipboardData: data })
          : new DragEvent("drop", { ...how, dataTransfer: data }),
      );
    },
    { kind, files },
  );
}

const shot: Given = ["image.png", "image/png", picture(1200, 900).toString("base64")];
const SCRIPT = "<svg xmlns='http://www.w3.org/2000/svg'><script>parent.window.ran=1</script></svg>";

test("pictures are pasted into texts and shown, files dropped, chosen, refused, saved and removed; nothing in them runs", async () => {
  const { page, project, one, server } = await opened("/ticket/ONE");
  const note = page.getByLabel("A note, in markdown");
  await note.fill("Before:");
  await give(page, "[data-note]", "paste", [shot]);
  await until(async () => (await note.inputValue()).includes("attachments"), "the link in the text");
  expect(await note.inputValue()).toBe(`Before: ![image.png](attachments/${one}/image.png)`);
  await page.keyboard.press("Control+Enter");
  const shown = page.locator(".stream img");
  await shown.waitFor();
  await until(
    () => shown.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth === 1200),
    "the picture",
  );
  // Room is kept for it before it has come, and it is no wider than the text.
  expect(await shown.evaluate((img: HTMLImageElement) => [img.width / img.height, img.loading])).toEqual([
    expect.closeTo(4 / 3, 1),
    "lazy",
  ]);
  expect(await shown.getAttribute("width")).toBe("800");
  expect(readFileSync(path.join(project.tickets, "attachments", one, "image.png")).equals(picture(1200, 900))).toBe(
    true,
  );

  // Files that are dropped on the page are in its list; of two of one name both are kept.
  await note.fill("Half a sentence");
  await give(page, "article.ticket", "drop", [
    ["x.svg", "image/svg+xml", Buffer.from(SCRIPT).toString("base64")],
    ["image.png", "image/png", picture(8, 8).toString("base64")],
    ["page.png", "image/png", Buffer.from("<script>window.ran=1</script>").toString("base64")],
  ]);
  const list = page.getByRole("region", { name: "Attachments" });
  for (const name of ["image.png", "x.svg", "image-2.png", "page.png"])
    await list.getByRole("link", { name, exact: true }).waitFor();

  // By keyboard, and what is refused is told, with what was typed still there.
  const large = path.join(project.dir, "large.bin");
  writeFileSync(large, Buffer.alloc(MAX_ATTACHMENT + 1));
  const chosen = page.waitForEvent("filechooser");
  await list.getByRole("button", { name: "Attach files" }).press("Enter");
  await (await chosen).setFiles(large);
  await list.getByText("large.bin was not attached: it has 5 MB, and a file has 5 MB at most").waitFor();
  await list.getByRole("button", { name: "Dismiss: large.bin" }).press("Enter");
  // The server itself refuses it in words that the browser hears: it is not taken for gone.
  const sent = await page.evaluate(
    async ([at = "", size = ""]) => (await fetch(at, { method: "POST", body: new Uint8Array(Number(size)) })).status,
    [`/api/tickets/${one}/attachments?name=x.bin`, String(4 * MAX_ATTACHMENT)],
  );
  expect(sent).toBe(413);
  await page.route("**/attachments?name=*", (route) => route.abort());
  await give(page, "[data-note]", "drop", [["log.txt", "text/plain", Buffer.from("a log").toString("base64")]]);
  await page.getByText("log.txt was not attached: the server does not answer").waitFor();
  expect(await note.inputValue()).toBe("Half a sentence");
  await page.unroute("**/attachments?name=*");
  await page.getByRole("button", { name: "Try again" }).click();
  await until(
    async () => (await note.inputValue()).includes(`[log.txt](attachments/${one}/log.txt)`),
    "the link of the log",
  );

  // Only pictures of the ticket itself are shown; everything else is a link, or words.
  const { tickets } = project;
  const others = [
    ...["![svg](attachments/ONE/x.svg)", "![html](attachments/ONE/page.png)", "![gone](attachments/ONE/none.png)"],
    ...["![way](attachments/ONE/..%2f..%2fconfig.yml)", "![far](https://evil.example/x.png)", "![up](../api/tickets)"],
    ...["[two](attachments/ONE/image-2.png)", '<img src="attachments/ONE/image.png" width="9999">'],
  ].map((line) => line.replace("ONE", one));
  project.write(one, project.text(one).replace("## What should", `${others.join("\n\n")}\n\n## What should`));
  await page.goto(`${server.url}/?ticket=${one}`);
  const text = page.locator(".beside section[aria-label=Text]");
  await text.getByRole("link", { name: "two" }).waitFor();
  expect(await text.locator("img").count()).toBe(1);
  expect(await text.locator("img").getAttribute("width")).toBe("800");
  expect(await text.getByRole("link", { name: "picture: svg" }).getAttribute("href")).toBe(
    `/api/tickets/${one}/attachments/x.svg`,
  );
  for (const name of ["gone", "way"]) expect(await text.getByText(`picture: ${name}`).getAttribute("href")).toBeNull();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".beside").getByRole("link", { name: "x.svg", exact: true }).click(),
  ]);
  expect(readFileSync(await saved.path(), "utf8")).toBe(SCRIPT);
  for (const name of ["x.svg", "page.png"]) {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.evaluate((href) => void window.open(href, "_self"), `/api/tickets/${one}/attachments/${name}`),
    ]);
    expect(file.suggestedFilename()).toBe(name);
  }
  expect(await page.evaluate(() => "ran" in window)).toBe(false);

  await page.locator(".beside").getByRole("button", { name: "Remove image-2.png" }).press("Enter");
  await page.locator(".beside").getByRole("link", { name: "image-2.png", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.locator(".beside").getByRole("link", { name: "image-2.png", exact: true }).waitFor();
  expect(readFileSync(path.join(tickets, "attachments", one, "image-2.png")).equals(picture(8, 8))).toBe(true);
  expect(faults.get(page)).toEqual([]);
});
