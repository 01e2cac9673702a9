import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What colours decide: all that can differ where a page has others. */
export const COLOURS: readonly string[] = ["color-contrast", "link-in-text-block"];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds on a page, however little it matters; with `rules` by those alone. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(AXE);
  const how = rules === undefined ? { rules: { "target-size": { enabled: true } } } : { runOnly: rules };
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify(how)}).then((result) => result.violations)`);
  return (found as Violation[]).flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** By how much a page is wider than its window, in CSS pixels; 0 where nothing is to be scrolled to the side. */
export function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector("main");
    const inside = main === null ? 0 : main.scrollWidth - main.clientWidth;
    return Math.max(0, inside, document.documentElement.scrollWidth - innerWidth);
  });
}

/** What can be pressed and is covered by something else, or smaller than `least` CSS pixels. */
export function unreachable(page: Page, least: number): Promise<string[]> {
  return page.evaluate((smallest) => {
    const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const pressed = "button, select, input, textarea, summary, .bar nav a, .kinds a, [role=option]";
    /** Nothing that scrolls has it outside of what is seen. */
    const isIn = (one: HTMLElement, x: number, y: number): boolean => {
      for (let box = one.parentElement; box !== null; box = box.parentElement) {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        const isClipped = getComputedStyle(box).overflow !== "visible" && box !== document.documentElement;
        if (isClipped && (x < left || x > right || y < top || y > bottom)) return false;
      }
      return true;
    };
    const isSmall = (one: HTMLElement): boolean => {
      const boxes = [one, one.closest("label") ?? one].map((part) => part.getBoundingClientRect());
      const [width, height] = [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
      return (
        Math.min(width, height) <
        (one.matches("[type=checkbox], [type=radio]") ? Math.min(20, smallest) : smallest) - 0.5
      );
    };
    return [...scope.querySelectorAll<HTMLElement>(pressed)].flatMap((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const isSeen = one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && width > 2;
      const there = document.elementFromPoint(x, y);
      if (!isSeen || there === null || !isIn(one, x, y)) return [];
      const name = `${Math.round(width)}x${Math.round(height)} ${one.outerHTML.slice(0, 140)}`;
      const isCovered = !one.contains(there) && !there.contains(one);
      return [
        ...(isSmall(one) ? [`small: ${name}`] : []),
        ...(isCovered ? [`covered: ${name} by ${there.outerHTML.slice(0, 80)}`] : []),
      ];
    });
  }, least);
}

/** How far what was drawn has moved by itself since the page was loaded (Cumulative Layout Shift). */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
            if (!entry.hadRecentInput) sum += entry.value;
        });
        observer.observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => setTimeout(() => resolve(sum)));
      }),
  );
}
