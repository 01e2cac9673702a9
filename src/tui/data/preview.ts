import { invoke } from "../../actions/input/action.ts";
import type { Shown, ShownBroken } from "../../actions/show/show.ts";
import type { Store } from "../../store/open/store.ts";
import type { Span } from "../../ticket/printed/printedLines.ts";
import type { Preview } from "../app/ui.ts";
import { markdownLines, wrapSpans } from "../draw/textLines.ts";
import { categoryStyle, THEME } from "../draw/theme.ts";

/** A ticket with all that is known of it, as lines. */
export async function ticketPreview(store: Store, id: string): Promise<Preview> {
  const { show } = await import("../../actions/show/show.ts");
  const shown = await invoke(show, store, { id });
  const lines = "problem" in shown ? brokenLines(shown) : shownLines(shown);
  return { key: id, title: id, lines };
}

function brokenLines({ problem, text }: ShownBroken): Preview["lines"] {
  const { path, line, message } = problem;
  return (width) => [
    ...wrapSpans([{ text: `${path}${line > 0 ? `:${line}` : ""}: ${message}`, style: THEME.error }], width),
    [],
    ...text.split("\n").flatMap((one) => wrapSpans([{ text: one }], width)),
  ];
}

type Fact = readonly [name: string, spans: readonly Span[]];

function shownLines(shown: Shown): Preview["lines"] {
  const facts = factsOf(shown);
  const names = Math.max(0, ...facts.map(([name]) => name.length));
  return (width) => [
    ...wrapSpans([{ text: shown.ticket.title, style: THEME.title }], width),
    ...facts.flatMap(([name, spans]) =>
      wrapSpans([{ text: `${name.padEnd(names)}  `, style: THEME.dim }, ...spans], width, " ".repeat(names + 2)),
    ),
    ...shown.ticket.reasons.flatMap((reason) => wrapSpans([{ text: reason, style: THEME.warning }], width)),
    [],
    ...markdownLines(withoutTitle(shown.ticket.body), width),
    ...commitLines(shown, width),
  ];
}

/** The text below the title, which stands above. */
function withoutTitle(body: string): string {
  return body.replace(/^\s*# [^\n]*\n+/, "").trimEnd();
}

function factsOf({ ticket, parent, children, waitsFor, unlocks, links, overdue }: Shown): Fact[] {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const named = (list: readonly { readonly id: string; readonly title: string; readonly status: string }[]): Span[] =>
    list.flatMap(({ id, title, status }, at) => [
      { text: `${at === 0 ? "" : ", "}${id}`, style: THEME.id },
      { text: ` ${title}` },
      { text: ` (${status})`, style: THEME.dim },
    ]);
  const all: readonly (readonly [string, readonly Span[]])[] = [
    [
      "status",
      [
        { text: ticket.status, style: categoryStyle(ticket.category) },
        { text: `  P${ticket.priority}  ${ticket.type ?? ""}` },
        ...(ticket.ready ? [{ text: "  ready", style: THEME.good }] : []),
      ],
    ],
    ["assignee", plain(ticket.assignee, THEME.who)],
    [
      "claim",
      plain(
        ticket.claim && `${ticket.claim.by}${ticket.claim.until === null ? "" : ` until ${ticket.claim.until}`}`,
        THEME.agent,
      ),
    ],
    ["due", plain(text(ticket.due), overdue ? THEME.error : undefined)],
    ["project", plain(ticket.project)],
    ["tags", plain(ticket.tags.join(", "), THEME.tag)],
    ["part of", parent === null ? [] : named([parent])],
    ["parts", named(children)],
    [
      "waits for",
      waitsFor.flatMap(({ id, state }, at) => [
        { text: `${at === 0 ? "" : ", "}${id}`, style: THEME.id },
        { text: ` (${state})`, style: state === "done" ? THEME.good : THEME.warning },
      ]),
    ],
    ["unlocks", named(unlocks)],
    ["links", named(links)],
    ["question", plain(text(ticket.question), THEME.warning)],
    ["created", plain(ticket.created, THEME.dim)],
    ["closed", plain(ticket.closed, THEME.dim)],
  ];
  return all.filter(([, spans]) => spans.length > 0);
}

function plain(text: string | null, style?: Span["style"]): Span[] {
  return text === null || text === "" ? [] : [{ text, style }];
}

function commitLines({ linkedCommits }: Shown, width: number): Span[][] {
  if (linkedCommits.length === 0) return [];
  return [
    [],
    [{ text: "Commits", style: THEME.heading }],
    ...linkedCommits.flatMap(({ oid, subject }) =>
      wrapSpans([{ text: `${oid.slice(0, 8)} `, style: THEME.id }, { text: subject ?? "" }], width, " ".repeat(9)),
    ),
  ];
}
