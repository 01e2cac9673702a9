import path from "node:path";
import { viewsIn } from "../../actions/views/views.ts";
import type { Host } from "../../host.ts";
import { isFinished, readStore, type View } from "../../store/disk/view.ts";
import type { StoreChoice } from "../../store/open/locate/locate.ts";
import { openStore, type Store } from "../../store/open/store.ts";
import { templateNames } from "../../store/open/template.ts";
import { attachedNames } from "../../ticket/attachments.ts";
import { EVENTS } from "../../ticket/events/events.ts";
import { FLAG_FIELDS } from "../../ticket/plainFields.ts";
import { isAgent } from "../../ticket/rules/claim.ts";
import { compareReady } from "../../ticket/rules/readyOrder.ts";
import { DEFAULT_ROLE, REVIEWER } from "../../ticket/rules/roles.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import { providerOf } from "../../ticket/tracked/trackerRef.ts";
import { plain } from "../print/print.ts";
import type { Candidate, Place, Scanned } from "./complete.ts";

type Ask = (view: View, place: Place, store: Store) => readonly Candidate[] | Promise<readonly Candidate[]>;

const words = (...values: readonly string[]): Candidate[] => values.map((value) => ({ value, about: "" }));

/** Values that are the same in every store, by the name of their flag or positional. */
const FIXED: Readonly<Record<string, readonly Candidate[]>> = {
  shell: words("bash", "zsh", "fish"),
  event: words(...EVENTS),
  tracker: words("linear", "github"),
  priority: ["critical", "high", "medium", "low", "lowest"].map((about, at) => ({ value: String(at), about })),
};
/** Flags and positionals whose value is a file. */
const FILES = ["dir", "C", "output", "path", "file"];
/** Commands that take only unfinished tickets, or only finished ones. */
const UNFINISHED = ["start", "close", "block", "unblock", "cancel", "fail", "rank"].map((verb) => `ticket ${verb}`);
const FINISHED = ["ticket reopen"];

/** Values that only the store knows, by the name of their flag or positional. */
const STORED: Readonly<Record<string, Ask>> = {
  // What tickets are grouped by; what else is asked of plain fields is seldom the same twice.
  ...Object.fromEntries(
    FLAG_FIELDS.map((name) => [name, (view: View) => named(view, ({ fields }) => [fields[name] ?? []].flat())]),
  ),
  project: projects,
  pipeline: pipelines,
  id: tickets,
  parent: tickets,
  deps: tickets,
  blocks: tickets,
  of: tickets,
  before: neighbours,
  after: neighbours,
  column: columns,
  status: columns,
  // What follows the sign only the tracker knows, and nobody is asked for a completion.
  state: (view) => columns(view).map(({ value, about }) => ({ value: `${value}=`, about })),
  person: async (view, place, store) =>
    (await people(view, place, store))
      .filter(({ value }) => isAgent(value))
      .map(({ value, about }) => ({ value: `${value}=`, about })),
  line: inboxLines,
  view: ({ config }) => viewsIn(config).map(({ name, filter }) => ({ value: name, about: filter })),
  type: ({ board }) => words(...board.types),
  assignee: people,
  as: async (view, place, store) => (await people(view, place, store)).filter(({ value }) => isAgent(value)),
  who: people,
  ...Object.fromEntries(
    ["tag", "tags", "addTag", "removeTag"].map((name) => [
      name,
      (view: View) => named(view, ({ fields }) => fields.tags),
    ]),
  ),
  // Roles of followers are those that the flag's choices name.
  role: (view, { command }) => (command?.name === "ticket follow" ? [] : roles(view)),
  answer: (
    view,
    {
      line: {
        words: [id = ""],
      },
    },
  ) => options(view.byId.get(id)),
  attachment: (
    view,
    {
      line: {
        words: [id = ""],
      },
    },
  ) => words(...attachedNames(id, view.byId.get(id)?.fields.attachments)),
  verify: async (_view, _place, store) => {
    const { readAgents } = await import("../../store/open/agents/readAgents.ts");
    const { config } = await readAgents(store);
    return [...config.verify].map(([value, { run }]) => ({ value, about: run }));
  },
  reviewer: async (view, place, store) => [...roles(view), ...(await people(view, place, store))],
};

/** What may stand for a value; "files" leaves it to the shell. */
export async function valuesFor(place: Place, host: Host): Promise<readonly Candidate[] | "files"> {
  const name = place.wanted?.name ?? "";
  if (FILES.includes(name)) return "files";
  if (name === "topic") return topics();
  if (name === "key") return settings();
  const fixed = FIXED[name];
  if (fixed !== undefined) return fixed;
  const ask = Object.hasOwn(STORED, name) ? STORED[name] : undefined;
  if (ask === undefined && name !== "template" && name !== "effect") return [];
  const { C: directory } = place.line.flags;
  const there = typeof directory === "string" ? { ...host, cwd: path.resolve(host.cwd, directory) } : host;
  const store = openStore(choiceIn(place.line, there), there);
  if (name === "effect") return effects(store, place);
  if (ask === undefined) return words(...templateNames(store));
  return ask(await readStore(store), place, store);
}

async function topics(): Promise<Candidate[]> {
  const { guideTopics } = await import("../../actions/guide/guide.ts");
  return guideTopics().map(({ name, about }) => ({ value: name, about }));
}

async function settings(): Promise<Candidate[]> {
  const { SETTABLE_KEYS } = await import("../../actions/config/settable.ts");
  return words(...SETTABLE_KEYS.filter((key) => !/[A-Z]/.test(key)));
}

/** The store that the flags of the line name. */
function choiceIn({ flags }: Scanned, host: Host): StoreChoice {
  const { dir, session, global } = flags;
  return {
    ...(typeof dir === "string" ? { dir: dir.replace(/^~(?=\/|$)/, host.home) } : {}),
    ...(typeof session === "string" ? { session } : {}),
    ...(global === true ? { global: true } : {}),
  };
}

/** Unfinished tickets first, each in the order of ready lists; ids that stand in the line already are left out. */
function tickets(view: View, { command, line }: Place): Candidate[] {
  const isDone = (ticket: Ticket): boolean => isFinished(view.board, ticket.status);
  const given = new Set(line.words);
  const name = command?.name ?? "";
  const fitting = view.tickets.filter((ticket) => {
    if (given.has(ticket.id)) return false;
    if (UNFINISHED.includes(name)) return !isDone(ticket);
    if (name === "tracker publish" || name === "tracker unlink") return isThere(ticket) === (name === "tracker unlink");
    return FINISHED.includes(name) ? isDone(ticket) : true;
  });
  return fitting
    .sort((left, right) => Number(isDone(left)) - Number(isDone(right)) || compareReady(left, right))
    .map(({ id, status, title }) => ({ value: id, about: `[${status}] ${title}` }));
}

/** What a ticket can be put beside; elsewhere these flags take times. */
function neighbours(view: View, place: Place): Candidate[] {
  return place.command?.name === "ticket rank" ? tickets(view, place) : [];
}

/** Whether it is at a tracker too. */
const isThere = (ticket: Ticket): boolean => providerOf({ externalRef: fieldOf(ticket, "externalRef") }) !== "local";

/** Lines of the inbox; of a note its ticket, since its key has a blank in it. */
async function inboxLines(view: View, { line }: Place, store: Store): Promise<Candidate[]> {
  const { needsNow } = await import("../../actions/inbox/needsNow.ts");
  const { as } = line.flags;
  const needs = await needsNow(store, view, typeof as === "string" ? as : undefined);
  const lines = needs.map(({ key, id, kind, title }) => ({
    value: key.includes(" ") ? id : key,
    about: `${kind}: ${title}`,
  }));
  const given = new Set(line.words);
  return [...new Map(lines.map((one) => [one.value, one])).values()].filter(({ value }) => !given.has(value));
}

/** What takes effect in the store, and is not in the line yet. */
async function effects(store: Store, { line }: Place): Promise<Candidate[]> {
  const { effectsOf } = await import("../../store/allow/kinds.ts");
  const known = (await effectsOf(store)).filter(({ words }) => !words.some((word) => line.words.includes(word)));
  return known.map(({ words: [value], state, about }) => ({ value, about: `[${state}] ${about}` }));
}

/** What a ticket's question offers. */
function options(ticket: Ticket | undefined): Candidate[] {
  const { answerOptions = [], defaultAnswer } = ticket?.fields ?? {};
  return answerOptions.map((value) => ({ value, about: value === defaultAnswer ? "default" : "" }));
}

/** Pipelines; runs of them too where they can be shown. */
async function pipelines(view: View, { command }: Place, store: Store): Promise<Candidate[]> {
  const { pipelineFiles } = await import("../../store/pipelines/pipelineFile.ts");
  const names = pipelineFiles(store.dir).map(({ name, path }) => ({ value: name, about: path }));
  if (command?.name !== "pipeline show") return names;
  const runs = view.tickets.filter((ticket) => fieldOf(ticket, "pipeline") !== undefined);
  return [...names, ...runs.map(({ id, title }) => ({ value: id, about: title }))];
}

/** Slugs of projects, and names that have no file; what is archived only where it is about projects themselves. */
async function projects(view: View, { command }: Place, store: Store): Promise<Candidate[]> {
  const { namedIn, readProjects } = await import("../../store/projects/projectFiles.ts");
  const { projectFinder } = await import("../../ticket/project.ts");
  const all = await readProjects(store.dir);
  const { projects: files } = all;
  const offered = files.filter(({ status }) => status !== "archived" || command?.name.startsWith("project ") === true);
  const find = projectFinder(namedIn(all));
  const others = named(view, ({ fields }) => (fields.project === undefined ? [] : [fields.project]));
  return [
    ...offered.map(({ slug, name }) => ({ value: slug, about: name })),
    ...others.filter(({ value }) => find(value) === undefined),
  ];
}

function columns({ board }: View): Candidate[] {
  return board.columns.map(({ id, name }) => ({ value: id, about: name }));
}

/** Those of the board's columns and of tickets, and those that are known without either. */
function roles(view: View): Candidate[] {
  const columns = view.board.columns.flatMap(({ id, role }) =>
    role === undefined ? [] : [{ value: role, about: id }],
  );
  const own = named(view, ({ fields }) => (fields.role === undefined ? [] : [fields.role]));
  const all = [...columns, ...own, ...words(DEFAULT_ROLE, "manager", REVIEWER)];
  return [...new Map(all.toReversed().map((one) => [one.value, one])).values()].reverse();
}

/** Whom tickets name, the most frequent first, and who else is known to be here. */
async function people(view: View, _: Place, store: Store): Promise<Candidate[]> {
  const { knownNames, namesIn } = await import("../../actions/query/knownNames.ts");
  const inTickets = named(view, (ticket) => [...new Set(namesIn(ticket))]);
  const told = new Set(inTickets.map(({ value }) => value));
  return [...inTickets, ...words(...[...knownNames(store, view)].filter((name) => !told.has(name)))];
}

/** Every name that tickets have, the most frequent first. */
function named(view: View, namesOf: (ticket: Ticket) => readonly string[] | undefined): Candidate[] {
  const counts = new Map<string, number>();
  for (const ticket of view.tickets)
    for (const name of namesOf(ticket) ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .map(([value, count]) => ({ value, about: count === 1 ? "1 ticket" : `${count} tickets` }));
}

/** One line a candidate: `value<TAB>description`. */
export function formatCandidates(candidates: readonly Candidate[]): string {
  const oneLine = (text: string): string => plain(text).replaceAll(/\s+/g, " ").trim();
  return candidates.map(({ value, about }) => `${oneLine(value)}\t${oneLine(about)}\n`).join("");
}
