import { ResourceNotFoundError } from "@modelcontextprotocol/server";
import { board } from "../actions/board.ts";
import { guidePage, guideTopics } from "../actions/guide/guide.ts";
import { invoke } from "../actions/input/action.ts";
import { ready } from "../actions/ready.ts";
import { show } from "../actions/show/show.ts";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import { listed } from "./brief.ts";

/** One resource's content. */
export interface Content {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

/** One resource as a list shows it. */
interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly mimeType: string;
}

const GUIDE = "ayo://guide/";
const OF_STORE: readonly Resource[] = [
  {
    uri: "ayo://ready",
    name: "ready",
    description: "Tickets to work on now, best first",
    mimeType: "application/json",
  },
  { uri: "ayo://board", name: "board", description: "The board, column by column", mimeType: "application/json" },
];

/** Resources with a URI of their own: what a store has, then the pages of the guide. */
export function listResources(): Resource[] {
  const pages = guideTopics().map(({ name, about }) => ({
    uri: `${GUIDE}${name}`,
    name: `guide: ${name}`,
    description: about,
    mimeType: "text/markdown",
  }));
  return [...OF_STORE, ...pages];
}

/**
 * Reads a page of the guide, for which there need be no store; undefined where a URI names something else.
 * @throws ResourceNotFoundError for a topic that there is not
 */
export function readGuide(uri: string): Content | undefined {
  if (!uri.startsWith(GUIDE)) return undefined;
  const text = guidePage(uri.slice(GUIDE.length));
  if (text === undefined)
    throw absent(
      uri,
      `the topics are ${guideTopics()
        .map(({ name }) => name)
        .join(", ")}`,
    );
  return { uri, mimeType: "text/markdown", text };
}

/** Resources of which there is one a ticket. */
export const TEMPLATES = [
  { uriTemplate: "ayo://ticket/{id}", name: "ticket", description: "A ticket's file", mimeType: "text/markdown" },
] as const;

/** Lists in resources end here. */
const LIMIT = 20;
const BRIEF = { fields: undefined, include: [] };

/**
 * Reads a resource.
 * @throws ResourceNotFoundError for a URI that there is not
 */
export async function readResource(store: Store, uri: string): Promise<Content> {
  const page = readGuide(uri);
  if (page !== undefined) return page;
  const id = ticketOf(uri);
  if (id !== undefined) return { uri, mimeType: "text/markdown", text: await ticketText(store, id, uri) };
  if (uri === "ayo://ready") return json(uri, listed(await invoke(ready, store, { limit: LIMIT }), BRIEF));
  if (uri === "ayo://board") return json(uri, await boardJson(store));
  throw absent(uri);
}

/** The ticket that a URI names. */
export function ticketOf(uri: string): string | undefined {
  const [, id] = /^ayo:\/\/ticket\/([^/?#]+)$/.exec(uri) ?? [];
  return id === undefined ? undefined : decodeURIComponent(id);
}

async function ticketText(store: Store, id: string, uri: string): Promise<string> {
  try {
    return (await invoke(show, store, { id })).text;
  } catch (error) {
    if (error instanceof AyoError && ["not_found", "ambiguous_id"].includes(error.code))
      throw absent(uri, error.message);
    throw error;
  }
}

async function boardJson(store: Store): Promise<unknown> {
  const { columns } = await invoke(board, store, { limit: LIMIT });
  return {
    columns: columns.map(({ id, name, count, tickets }) => {
      const brief = tickets.map((ticket) => ({ id: ticket.id, title: ticket.title, priority: ticket.priority }));
      return { id, name, count, tickets: brief };
    }),
  };
}

function json(uri: string, value: unknown): Content {
  return { uri, mimeType: "application/json", text: JSON.stringify(value) };
}

function absent(
  uri: string,
  why = "there are ayo://ready, ayo://board, ayo://ticket/{id} and ayo://guide/{topic}",
): ResourceNotFoundError {
  return new ResourceNotFoundError(uri, `resource ${uri} not found: ${why}`);
}
