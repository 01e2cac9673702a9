import type { Page } from "playwright-core";

/**
 * What can be pressed and has words that are not seen: as a picture shows it, since browsers tell nothing of what they put
 * behind words where colours are the system's own.
 */
export async function blank(page: Page): Promise<string[]> {
  const picture = (await page.screenshot({ type: "png", scale: "css" })).toString("base64");
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("no canvas");
    context.drawImage(image, 0, 0);
    const isInk = (data: Uint8ClampedArray, at: number): boolean =>
      [0, 1, 2].reduce((sum, one) => sum + Math.abs((data[at + one] ?? 0) - (data[one] ?? 0)), 0) > 120;
    /** Whether anything stands out from the first pixel of where words are. */
    const isBlank = ({ left, top, width, height }: DOMRect): boolean => {
      const { data } = context.getImageData(left + 1, top + 2, Math.max(1, width - 2), Math.max(1, height - 4));
      for (let at = 0; at < data.length; at += 4) if (isInk(data, at)) return false;
      return true;
    };
    const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const pressed = scope.querySelectorAll<HTMLElement>("button, summary, [role=option] .text, a");
    return [...pressed].flatMap((one) => {
      const words = document.createRange();
      words.selectNodeContents(one);
      const box = words.getBoundingClientRect();
      const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const isSeen = one.checkVisibility({ opacityProperty: true }) && box.width > 8 && one.contains(there);
      return isSeen && (one.textContent ?? "").trim() !== "" && isBlank(box) ? [one.outerHTML.slice(0, 140)] : [];
    });
  }, picture);
}
