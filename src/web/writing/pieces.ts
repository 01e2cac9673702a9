import { type ComponentChildren, h } from "preact";
import { allowedOf, isAllowed, type Piece } from "../../ticket/markup/allowed.ts";
import { ticketHref } from "../page/router.ts";
import { say } from "../words/say.ts";
import type { TextFile, TextFiles } from "./files.ts";

/** What a text is drawn with. */
export interface Drawing {
  /** Ids of tickets become links. */
  readonly isTicket?: ((id: string) => boolean) | undefined;
  /** Its boxes can be ticked. */
  readonly canTick?: boolean;
  readonly files?: TextFiles | undefined;
}

interface Place extends Drawing {
  /** What the piece stands in: a link, a block, or neither. */
  readonly within: string;
  /** The item of a list that it stands in. */
  readonly item?: Piece;
}

/** Another site learns nothing of the page. */
const LINK = { target: "_blank", rel: "noopener noreferrer nofollow" };
/** A higher picture is shown smaller, in pixels. */
const MOST_HIGH = 600;

/** A text as the server read it: elements and attributes that texts may have, and nothing else, whatever it says. */
export function draw(tree: readonly Piece[], drawing: Drawing = {}): ComponentChildren {
  return tree.map((piece) => drawPiece(piece, { ...drawing, within: "" }));
}

function drawPiece(piece: Piece, place: Place): ComponentChildren {
  if (typeof piece === "string") return linked(piece, place);
  const [name, given, ...inner] = piece;
  if (!isAllowed(name)) return null;
  const attributes = allowedOf(name, given);
  if (name === "input") return box(attributes, place);
  if (name === "img") return picture(attributes, place);
  const isWithin = name === "a" || name === "pre";
  const below: Place = {
    ...place,
    ...(isWithin && { within: place.within === "a" ? "a" : name }),
    ...(name === "li" && { item: piece }),
  };
  // What scrolls can be scrolled by keys.
  const more = name === "a" ? linkOf(attributes, place) : name === "pre" || name === "table" ? { tabindex: 0 } : {};
  return h(name, { ...attributes, ...more }, ...inner.map((one) => drawPiece(one, below)));
}

/** Ids of tickets in the words become links. */
function linked(words: string, { isTicket, within }: Place): ComponentChildren {
  if (isTicket === undefined || within !== "") return words;
  // An id and what may be a part of it: `bd-a1b2.1` is one, the end of a sentence is none.
  return words.split(/\b([A-Za-z0-9._]+-[a-z0-9]{4,12}(?:\.\d+)*)\b/).flatMap((part, n) => {
    const id = n % 2 === 1 ? longestId(part, isTicket) : undefined;
    return id === undefined ? [part] : [h("a", { href: ticketHref(id) }, id), part.slice(id.length)];
  });
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

function linkOf({ href }: Readonly<Record<string, unknown>>, place: Place) {
  const file = fileAt(href, place);
  const to = file === null ? undefined : (file?.href ?? href);
  const isAway = addressOf(to).origin !== location.origin || file?.isPicture;
  return { href: to, ...LINK, target: isAway ? LINK.target : undefined };
}

function addressOf(href: unknown): HTMLAnchorElement {
  return Object.assign(document.createElement("a"), href === undefined ? {} : { href });
}

/** The file that an address in a text means; null for one that the ticket has not, undefined for another address. */
function fileAt(address: unknown, { files }: Place): TextFile | null | undefined {
  const path = /^(?:\.\/)?(attachments\/.*)/.exec(String(address))?.[1];
  if (path === undefined) return undefined;
  try {
    return files?.get(decodeURIComponent(path).normalize("NFC")) ?? null;
  } catch {
    return null;
  }
}

/** A picture of the ticket, or that stands in the text itself; the page loads nothing from elsewhere: a link says what is there. */
function picture(attributes: Readonly<Record<string, unknown>>, place: Place): ComponentChildren {
  const { src = "", alt = "" } = attributes;
  const file = fileAt(src, place);
  if (file?.isPicture) {
    const shown = h("img", { ...attributes, ...shownAt(file) });
    return place.within === "a" ? shown : h("a", { href: file.href, ...LINK }, shown);
  }
  if (/^data:/i.test(`${src}`)) return h("img", attributes);
  const address = src === "" ? "" : addressOf(src).href;
  return h(
    "a",
    linkOf({ href: file === undefined ? address : src }, place),
    alt === "" ? address : say.ticket.picture(`${alt}`),
  );
}

/** As large as there is room, which is kept for it before it has come. */
function shownAt({ href, width, height }: TextFile) {
  const scale = Math.min(1, MOST_HIGH / (height ?? 1));
  const size =
    width === undefined || height === undefined
      ? {}
      : { width: Math.round(width * scale), height: Math.round(height * scale) };
  return { src: href, loading: "lazy", decoding: "async", ...size } as const;
}

/** A box; it can be ticked where it is known by its line. */
function box(
  { checked = false, "data-line": line }: Readonly<Record<string, unknown>>,
  place: Place,
): ComponentChildren {
  const canTick = place.canTick === true && line !== undefined;
  return h("input", {
    type: "checkbox",
    checked: checked === true,
    disabled: !canTick,
    "aria-label": canTick
      ? wordsOf(place.item ?? "")
          .trim()
          .slice(0, 200)
      : say.categories[checked ? "done" : "todo"],
    ...(canTick && { "data-line": line }),
  });
}

/** The words of an item, without those of the items in it. */
function wordsOf(piece: Piece): string {
  if (typeof piece === "string") return piece;
  const [name, , ...inner] = piece;
  return /^(?:[uo]l|pre)$/.test(name) ? "" : inner.map(wordsOf).join("");
}
