import { ticketHref } from "../page/router.ts";
import type { Box } from "./boxes.ts";
import type { TextFile } from "./files.ts";

/** What HTML that was sanitised is made of. */
interface Parts {
  readonly isTicket: (id: string) => boolean;
  /** The boxes of the text that can be ticked. */
  readonly boxes: readonly Box[];
  /** The file that an address in the text means. */
  readonly fileAt: (address: string | null) => TextFile | null | undefined;
}

/** Gives HTML that was sanitised what the page adds: boxes that tick, pictures of the ticket, links to tickets. */
export function settle(html: string, { isTicket, boxes, fileAt }: Parts): string {
  const template = document.createElement("template");
  template.innerHTML = html;
  openBoxes(template.content, boxes);
  // What scrolls can be scrolled by keys.
  for (const block of template.content.querySelectorAll("pre, table")) block.setAttribute("tabindex", "0");
  for (const picture of template.content.querySelectorAll("img")) {
    const file = fileAt(picture.getAttribute("src"));
    if (file?.isPicture) showPicture(picture, file);
  }
  linkTickets(template.content, isTicket);
  return template.innerHTML;
}

/** Ids of tickets in the text become links. */
function linkTickets(content: DocumentFragment, isTicket: (id: string) => boolean): void {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    if (text.parentElement?.closest("a, pre") != null) continue;
    // An id and what may be a part of it: `bd-a1b2.1` is one, the end of a sentence is none.
    const parts = text.data.split(/\b([A-Za-z0-9._]+-[a-z0-9]{4,12}(?:\.\d+)*)\b/).flatMap((part, n) => {
      const id = n % 2 === 1 ? longestId(part, isTicket) : undefined;
      return id === undefined ? [part] : [ticketLink(id), part.slice(id.length)];
    });
    if (parts.some((part) => typeof part !== "string")) text.replaceWith(...parts);
  }
}

/** Boxes that can be ticked, where each is known by its line; where the text is read otherwise than here, none. */
function openBoxes(content: DocumentFragment, boxes: readonly Box[]): void {
  const inputs = [...content.querySelectorAll<HTMLInputElement>("input[data-box]")];
  const isKnown = inputs.length === boxes.length && inputs.every((one, n) => one.checked === boxes[n]?.isDone);
  for (const [n, input] of inputs.entries()) {
    const line = boxes[n]?.line;
    input.removeAttribute("data-box");
    if (!isKnown || line === undefined) continue;
    input.disabled = false;
    input.setAttribute("data-line", String(line));
    input.setAttribute("aria-label", wordsOf(input));
  }
}

/** The words of a box's item, without those of the items in it. */
function wordsOf(input: HTMLInputElement): string {
  const item = input.closest("li")?.cloneNode(true);
  if (!(item instanceof Element)) return "";
  for (const inner of item.querySelectorAll("ul, ol, pre")) inner.remove();
  return item.textContent.trim().slice(0, 200);
}

/** The id that a word begins with, with as many of its dotted numbers as belong to it. */
function longestId(word: string, isTicket: (id: string) => boolean): string | undefined {
  for (let id = word; ; ) {
    if (isTicket(id)) return id;
    const shorter = id.replace(/\.\d+$/, "");
    if (shorter === id) return undefined;
    id = shorter;
  }
}

function ticketLink(id: string): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = ticketHref(id);
  link.textContent = id;
  return link;
}

/** A picture as large as there is room, which is kept for it before it has come; it opens beside the page. */
function showPicture(picture: HTMLImageElement, { href, width, height }: TextFile): void {
  picture.src = href;
  picture.loading = "lazy";
  picture.decoding = "async";
  if (width !== undefined && height !== undefined) {
    const scale = Math.min(1, MOST_HIGH / height);
    picture.width = Math.round(width * scale);
    picture.height = Math.round(height * scale);
  }
  if (picture.closest("a") !== null) return;
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  picture.replaceWith(link);
  link.append(picture);
}

/** A higher picture is shown smaller, in pixels. */
const MOST_HIGH = 600;
