import DOMPurify from "dompurify";
import { Marked } from "marked";
import { say } from "../words/say.ts";
import { boxesIn } from "./boxes.ts";
import type { TextFile, TextFiles } from "./files.ts";
import { settle } from "./settle.ts";

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

/** Markdown as HTML that can do nothing. */
export function safeHtml(
  text: string,
  isTicket: (id: string) => boolean = () => false,
  { canTick = false, files = new Map() }: { readonly canTick?: boolean; readonly files?: TextFiles | undefined } = {},
): string {
  known = files;
  const html = purify.sanitize(marked.parse(text) as string, ALLOWED);
  return settle(html, { isTicket, boxes: canTick ? boxesIn(text) : [], fileAt });
}

/** One line of markdown, such as a criterion: words and links, nothing that stands apart. */
export function safeLine(text: string, isTicket: (id: string) => boolean = () => false): string {
  known = new Map();
  return settle(purify.sanitize(marked.parseInline(text) as string, INLINE), { isTicket, boxes: [], fileAt });
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
