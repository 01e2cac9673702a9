import DOMPurify from "dompurify";
import { Marked } from "marked";
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { ticketHref } from "../page/router.ts";
import { say } from "../words/say.ts";
import { type Box, boxesIn } from "./boxes.ts";
import type { TextFile, TextFiles } from "./files.ts";

/** Tells the boxes and blocks that markdown makes from what a text writes in HTML, which cannot know it. */
const OURS = Math.random().toString(36).slice(2);

const marked = new Marked({ gfm: true, breaks: false, async: false });
marked.use({
  renderer: {
    checkbox: ({ checked }) => `<input type="checkbox" data-box="${OURS}"${checked ? " checked" : ""} disabled> `,
  },
});

/** What a text may become. No forms, no styles, no scripts, nothing embedded; SVG and MathML are left out whole. */
const ALLOWED = {
  ALLOWED_TAGS: [
    ...["a", "b", "blockquote", "br", "code", "dd", "del", "details", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5"],
    ...["h6", "hr", "i", "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small"],
    ...["strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var"],
  ],
  ALLOWED_ATTR: [
    "href",
    "title",
    "alt",
    "src",
    "align",
    "start",
    "checked",
    "disabled",
    "type",
    "open",
    "data-box",
    "data-lang",
  ],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpe?g|gif|webp);|[#/?.]|[^:]*$)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  SANITIZE_NAMED_PROPS: true,
};

/** The files that the text which is just sanitised may show. */
let known: TextFiles = new Map();

const purify = DOMPurify(window);
purify.addHook("beforeSanitizeAttributes", (node) => {
  // What markdown names the language of a block by; no other class may stand in a text.
  if (!(node instanceof HTMLElement)) return;
  const language = node.tagName === "CODE" ? /^language-(\S{1,20})$/.exec(node.className)?.[1] : undefined;
  node.removeAttribute("data-lang");
  if (language !== undefined) node.setAttribute("data-lang", language);
});
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node instanceof HTMLAnchorElement) settleLink(node);
  if (node instanceof HTMLInputElement) {
    // Only the boxes that markdown itself makes.
    if (node.type !== "checkbox") node.remove();
    if (node.dataset.box !== OURS) node.removeAttribute("data-box");
    node.disabled = true;
    node.setAttribute("aria-label", node.checked ? say.categories.done : say.categories.todo);
  }
  // A picture of the ticket stays, and is settled once all is sanitised.
  if (node instanceof HTMLImageElement && !node.src.startsWith("data:") && !fileAt(node.getAttribute("src"))?.isPicture)
    node.replaceWith(linkFor(node));
});

function settleLink(node: HTMLAnchorElement): void {
  const file = fileAt(node.getAttribute("href"));
  if (file === null) node.removeAttribute("href");
  else if (file !== undefined) node.href = file.href;
  if (node.origin !== location.origin || file?.isPicture) node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
}

/** The policy of the page loads nothing from elsewhere; a link says what is there. */
function linkFor(node: HTMLImageElement): HTMLAnchorElement {
  const { src, alt } = node;
  const file = fileAt(node.getAttribute("src"));
  const link = document.createElement("a");
  if (file !== null) link.href = file?.href ?? src;
  link.rel = "noopener noreferrer nofollow";
  link.target = "_blank";
  link.textContent = alt === "" ? src : say.ticket.picture(alt);
  return link;
}

/** The file that an address in a text means; null for one that the ticket has not, undefined for another address. */
function fileAt(address: string | null): TextFile | null | undefined {
  if (address === null || !/^(?:\.\/)?attachments\//.test(address)) return undefined;
  try {
    return known.get(decodeURIComponent(address.replace(/^\.\//, "")).normalize("NFC")) ?? null;
  } catch {
    return null;
  }
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

/** Markdown as HTML that can do nothing. */
export function safeHtml(
  text: string,
  isTicket: (id: string) => boolean = () => false,
  { canTick = false, files = new Map() }: { readonly canTick?: boolean; readonly files?: TextFiles | undefined } = {},
): string {
  known = files;
  const html = purify.sanitize(marked.parse(text) as string, ALLOWED);
  return linkTickets(html, isTicket, canTick ? boxesIn(text) : []);
}

/** One line of markdown, such as a criterion: words and links, nothing that stands apart. */
export function safeLine(text: string, isTicket: (id: string) => boolean = () => false): string {
  known = new Map();
  return linkTickets(purify.sanitize(marked.parseInline(text) as string, INLINE), isTicket);
}

const INLINE = {
  ...ALLOWED,
  ALLOWED_TAGS: [
    "a",
    "b",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "strong",
    "sub",
    "sup",
    "var",
  ],
};

/** Ids of tickets in the text become links. */
function linkTickets(html: string, isTicket: (id: string) => boolean, boxes: readonly Box[] = []): string {
  const template = document.createElement("template");
  template.innerHTML = html;
  openBoxes(template.content, boxes);
  // What scrolls can be scrolled by keys.
  for (const block of template.content.querySelectorAll("pre, table")) block.setAttribute("tabindex", "0");
  for (const picture of template.content.querySelectorAll("img")) {
    const file = fileAt(picture.getAttribute("src"));
    if (file?.isPicture) showPicture(picture, file);
  }
  const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT);
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
  return template.innerHTML;
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

/** A text of a ticket, as its author meant it to look; its boxes can be ticked where somebody says what that does. */
export function Markdown({
  text,
  isTicket,
  files,
  onTick,
}: {
  readonly text: string;
  readonly isTicket?: (id: string) => boolean;
  readonly files?: TextFiles | undefined;
  /** Ticks the box of a line, or takes that back; answers whether that was done. */
  readonly onTick?: (line: number, isDone: boolean) => Promise<boolean>;
}): JSX.Element {
  const canTick = onTick !== undefined;
  const html = useMemo(() => safeHtml(text, isTicket, { canTick, files }), [text, canTick, files]);
  const content = useRef<HTMLDivElement>(null);
  useKeptBox(content.current);
  useLayoutEffect(() => {
    if (!html.includes("data-lang=")) return;
    // Without it code is as readable as other text.
    import("./highlight.ts").then(
      ({ highlight }) => content.current !== null && highlight(content.current),
      () => {},
    );
  }, [html]);
  const tick = async (box: EventTarget | null): Promise<void> => {
    if (!(box instanceof HTMLInputElement) || box.dataset.line === undefined || onTick === undefined) return;
    const isDone = box.checked;
    if (!(await onTick(Number(box.dataset.line), isDone))) box.checked = !isDone;
  };
  return (
    <div
      class="markdown"
      dir="auto"
      ref={content}
      onChange={({ target }) => void tick(target)}
      // Sanitised above; the policy of the page forbids scripts besides.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** The keyboard stays on the box that it was on when the text is drawn anew. */
function useKeptBox(content: HTMLElement | null): void {
  const { activeElement } = document;
  const line = content?.contains(activeElement) ? (activeElement as HTMLElement).dataset.line : undefined;
  useLayoutEffect(() => {
    if (line === undefined || content?.contains(document.activeElement)) return;
    content?.querySelector<HTMLElement>(`[data-line="${line}"]`)?.focus();
  });
}
