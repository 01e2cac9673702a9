import type { TicketJson } from "../actions/answers/describe.ts";
import type { Batched } from "../actions/batch/batch.ts";
import type { Claimed } from "../actions/claim.ts";
import type { Created } from "../actions/create.ts";
import type { DependencyChanged } from "../actions/depAdd.ts";
import type { Graphed } from "../actions/graph/graph.ts";
import type { Landed } from "../actions/landed.ts";
import type { Moved } from "../actions/lifecycle/moveTickets.ts";
import type { Listed } from "../actions/list.ts";
import type { Noted } from "../actions/note.ts";
import type { ProjectList } from "../actions/project/projectList.ts";
import type { ProjectShown } from "../actions/project/projectShow.ts";
import type { ReadyMore } from "../actions/ready.ts";
import type { Renewed } from "../actions/renew.ts";
import type { Searched } from "../actions/search/search.ts";
import type { Stats } from "../actions/stats/stats.ts";
import type { Updated } from "../actions/update.ts";
import { short } from "./briefTalk.ts";
import { pick, withoutEmpty } from "./briefTicket.ts";
import type { Wanted } from "./tool.ts";

type Json = Readonly<Record<string, unknown>>;

/** Of what became ready, more ids than this are counted only. */
const MAX_READY = 5;
/** Of a ticket's text a search shows this many characters. */
const MAX_SNIPPET = 80;
/** As many lines of a graph are given. */
const MAX_EDGES = 100;
/** As many projects or agents are told of. */
const MAX_GROUPS = 30;

/** A ticket in a list: what one needs to choose. */
function inList(ticket: TicketJson, { fields, include }: Wanted): Json {
  if (fields !== undefined) return pick(ticket, ["id", ...fields]);
  const { id, title, status, priority, assignee, blockedBy } = ticket;
  return {
    id,
    title,
    status,
    priority,
    ...(assignee === null ? {} : { assignee }),
    ...(blockedBy.length === 0 ? {} : { blockedBy }),
    ...pick(ticket, include),
  };
}

/** What a list answers. */
export function listed(answer: Listed & ReadyMore, wanted: Wanted): Json {
  const { tickets, total, truncated, problems } = answer;
  return {
    tickets: tickets.map((ticket) => inList(ticket, wanted)),
    total,
    truncated,
    ...("notReady" in answer ? { notReady: answer.notReady } : {}),
    ...(problems.length === 0 ? {} : { problems }),
  };
}

/** What a search answers, best first, with a line of each ticket's text. */
export function found({ tickets, total, truncated, notices, problems }: Searched, wanted: Wanted): Json {
  return {
    tickets: tickets.map((ticket) => {
      const line = short(ticket.snippet, MAX_SNIPPET);
      const says =
        wanted.fields !== undefined || line === "" || ticket.title.includes(ticket.snippet) ? {} : { says: line };
      return { ...inList(ticket, wanted), ...says };
    }),
    total,
    truncated,
    ...(notices.length === 0 ? {} : { notices }),
    ...(problems.length === 0 ? {} : { problems }),
  };
}

/** What `create` answers; `similar` may be the same again. */
export function created({ ticket, created, similar, ...rest }: Created): Json {
  return {
    id: ticket.id,
    ...(created ? {} : { created }),
    ...(similar.length === 0 ? {} : { similar: similar.slice(0, 2).map((one) => `${one.id} ${short(one.title, 60)}`) }),
    ...written(rest),
  };
}

/** What `claim` answers: the tickets that are the caller's now, none where there is no work. */
export function claimed({ tickets, ...rest }: Claimed): Json {
  const taken = tickets.map(({ id, title, status, category, claim, leftover }) => ({
    id,
    title,
    ...(category === "review" ? { status } : {}),
    until: claim?.until,
    ...(leftover === undefined ? {} : { leftover }),
  }));
  return tickets.length === 1 ? { ...taken[0], ...written(rest) } : { tickets: taken, ...written(rest) };
}

/** What `renew` answers. */
export function renewed({ tickets, ...rest }: Renewed): Json {
  return { until: Object.fromEntries(tickets.map(({ id, claim }) => [id, claim?.until])), ...written(rest) };
}

/** What verbs that move tickets answer. */
export function moved({ tickets, nowReady, ...rest }: Moved): Json {
  const [first] = tickets;
  const which = tickets.length === 1 ? { id: first?.id } : { ids: tickets.map(({ id }) => id) };
  return { ...which, status: first?.status, ...ready(nowReady), ...written(rest) };
}

function ready(nowReady: Moved["nowReady"]): Json {
  if (nowReady.length === 0) return {};
  const ids = nowReady.slice(0, MAX_READY).map(({ id }) => id);
  return { nowReady: ids, ...(ids.length < nowReady.length ? { nowReadyTotal: nowReady.length } : {}) };
}

/** What `landed` answers. */
export function landed({ tickets, landing, nowReady, ...rest }: Landed): Json {
  return { id: tickets[0]?.id, ...withoutEmpty({ ...landing }), ...ready(nowReady), ...written(rest) };
}

/** What `update` answers. */
export function updated({ tickets, nowReady = [], ...rest }: Updated): Json {
  const [first] = tickets;
  const more = { ...ready(nowReady), ...written(rest) };
  if (tickets.length !== 1 || first === undefined) return { ids: tickets.map(({ id }) => id), ...more };
  return { id: first.id, version: first.version.slice(0, 12), ...more };
}

/** What `note` answers. */
export function noted({ ticket, note, ...rest }: Noted): Json {
  return { id: ticket?.id, note: note.id, at: note.at, ...written(rest) };
}

/** What a dependency's change answers. */
export function depended({ ticket, dep, changed, ...rest }: DependencyChanged): Json {
  return { id: ticket?.id, waitsFor: dep, ...(changed ? {} : { changed }), ...written(rest) };
}

/** What a batch answers. */
export function batched({ results, names, nowReady, ...rest }: Batched): Json {
  const ids = [...new Set(results.flatMap((one) => one.ids))];
  return {
    done: results.length,
    ...(Object.keys(names).length > 0 ? { names } : { ids }),
    ...ready(nowReady),
    ...written(rest),
  };
}

const OF_EVERY_WRITE = "commit deferred dryRun notices confirmed unconfirmed".split(" ");

/** What every write may have to say besides. */
function written(rest: Json): Json {
  const { deferred, dryRun, notices, unconfirmed } = rest;
  return {
    ...(dryRun === true ? { dryRun } : {}),
    ...Object.fromEntries(Object.entries({ deferred, unconfirmed }).filter(([, said]) => said !== undefined)),
    ...(Array.isArray(notices) && notices.length > 0 ? { notices } : {}),
  };
}

/** A graph as lines: from is done before to. */
export function graphed({ nodes, edges, text }: Graphed): Json {
  if (text !== null) return { text };
  const arrows = edges.map(({ from, to, kind }) =>
    kind === "part" ? `${from} part of ${to}` : `${from} before ${to}`,
  );
  const shown = arrows.slice(0, MAX_EDGES);
  const status = Object.fromEntries(nodes.slice(0, MAX_EDGES).map((node) => [node.id, node.status || node.category]));
  return { status, edges: shown, total: arrows.length, truncated: shown.length < arrows.length };
}

/** The numbers that say how it stands, and what was asked for besides. */
export function counted({ total, unfinished, ready, blocked, columns, by, forecast }: Stats): Json {
  return {
    total,
    unfinished,
    ready,
    blocked,
    columns: Object.fromEntries(columns.filter(({ count }) => count > 0).map(({ id, count }) => [id, count])),
    ...(by === undefined ? {} : { by: withoutEmpty({ ...by, ...groupsIn(by) }) }),
    ...(forecast === undefined ? {} : { forecast: { why: forecast.why, open: forecast.open, by: forecast.by } }),
  };
}

function groupsIn({ project, agent, column }: NonNullable<Stats["by"]>): Json {
  const brief = (groups: typeof project) =>
    groups?.slice(0, MAX_GROUPS).map(({ name, open, inHand, done, cycleTime: { medianSeconds } }) => ({
      ...{ name, open, inHand, done, cycleSeconds: medianSeconds },
    }));
  const stays = column?.map(({ id, count, stays: { medianSeconds } }) => ({ id, count, staysSeconds: medianSeconds }));
  return { project: brief(project), agent: brief(agent), column: stays };
}

/** What a list of projects answers; a list of none is one too. */
export function projects({ projects: all, total, archived, problems }: ProjectList): Json {
  return {
    projects: all.map((one) => withoutEmpty({ ...one })),
    total,
    archived,
    ...(problems.length === 0 ? {} : { problems }),
  };
}

/** What a project's page answers; its tickets are told as briefly as that page has them. */
export function project({ project: one, tickets, ...rest }: ProjectShown): Json {
  return { project: withoutEmpty({ ...one }), tickets: tickets.map((ticket) => withoutEmpty({ ...ticket })), ...rest };
}

/** What any other verb answers: as verbs that move tickets, as lists, or all of it with tickets by their ids. */
export function usual(answer: unknown, wanted: Wanted): Json {
  const { tickets, ticket, ...rest } = answer as Partial<Moved> & { readonly ticket?: { readonly id: string } };
  if (tickets !== undefined && rest.nowReady !== undefined) return moved(answer as Moved);
  if (tickets !== undefined && "total" in rest) return listed(answer as Listed, wanted);
  const own = Object.entries(rest).filter(([name]) => !OF_EVERY_WRITE.includes(name));
  return {
    ...(ticket === undefined ? {} : { id: ticket.id }),
    ...(tickets === undefined || ticket !== undefined ? {} : { ids: tickets.map(({ id }) => id) }),
    ...withoutEmpty(Object.fromEntries(own)),
    ...written(rest),
  };
}
