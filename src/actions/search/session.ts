import { createHash } from "node:crypto";
import { short } from "../../search/index/documents.ts";
import { type Reader, SearchIndex } from "../../search/index/searchIndex.ts";
import type { Progress } from "../../search/index/ticketVectors.ts";
import { builtinEmbedder, type Embedder } from "../../search/meaning/embedder.ts";
import { EndpointError, endpointEmbedder } from "../../search/meaning/endpoint.ts";
import { isOwnUrl, judgeUrl } from "../../store/allow/urls.ts";
import { type CommitsByTicket, commitsByTicket } from "../../store/codeCommits/commitsByTicket.ts";
import type { View } from "../../store/disk/view.ts";
import { whyNotAllowed } from "../../store/open/effect.ts";
import { keep, kept, runtimeKey } from "../../store/open/runtime.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { searchDir, wordTableFile } from "./places.ts";
import type { EmbeddingsSettings } from "./settings.ts";
import type { TicketTexts } from "./ticketTexts.ts";

/** What this process keeps of a store's search between queries: a live process answers in milliseconds. */
const OPENED = runtimeKey<Opened | undefined>("search index", () => undefined);
let builtin: Embedder | undefined;

interface Opened {
  readonly index: SearchIndex<Ticket>;
  /** Of the templates that the texts were read without. */
  readonly fingerprint: string;
  /** What it was last brought up to date with: the same again is nothing new. */
  tickets?: readonly Ticket[];
  commits?: CommitsByTicket;
}

/** What is to be indexed; `archive` says that all archived tickets are among them. */
export interface Searchable {
  readonly tickets: readonly Ticket[];
  readonly texts: TicketTexts;
  readonly archive: boolean;
}

/** The search index of some tickets, brought up to date. */
export async function searchIndex(
  store: Store,
  view: View,
  { tickets, texts, archive }: Searchable,
  progress: Progress | undefined,
): Promise<SearchIndex<Ticket>> {
  const { fingerprint } = texts.templates;
  const before = kept(store, OPENED);
  const isSame = before?.fingerprint === fingerprint;
  const opened: Opened = isSame ? before : { index: new SearchIndex(searchDir(store), fingerprint), fingerprint };
  keep(store, OPENED, opened);
  const commits = await commitsByTicket(store, view);
  if (opened.tickets === tickets && opened.commits?.byTicket === commits.byTicket) return opened.index;
  await opened.index.update(tickets, readerOf(store, view, commits, texts), { archive, progress });
  Object.assign(opened, { tickets, commits });
  return opened.index;
}

/** The builtin embedder. */
export function builtinWords(): Embedder {
  builtin ??= builtinEmbedder(wordTableFile());
  return builtin;
}

const URL_KEY = "search.embeddings.url";

/**
 * The embedder that config.yml names; the key comes from AYO_EMBEDDINGS_KEY. Nothing is asked of an address that was not
 * allowed on this machine; `notice` says so, unless somebody has decided that it is not to be.
 * @throws EndpointError
 */
export function embedderOf(
  store: Store,
  settings: EmbeddingsSettings | undefined,
): { readonly embedder: Embedder; readonly notice?: string } {
  if (settings === undefined) return { embedder: builtinWords() };
  const effect = judgeUrl(store, URL_KEY, settings.url);
  if (effect.state !== "allowed") {
    const why = whyNotAllowed(store, `${URL_KEY} ${settings.url}`, effect);
    return { embedder: builtinWords(), ...(why === undefined ? {} : { notice: `${why}; until then ${FALLBACK}` }) };
  }
  const key = store.host.env.AYO_EMBEDDINGS_KEY?.trim() || undefined;
  if (key === undefined && isOwnUrl(URL_KEY, settings.url)) {
    throw new EndpointError(`${settings.url} takes no text without a key: set AYO_EMBEDDINGS_KEY`);
  }
  return { embedder: endpointEmbedder({ ...settings, key }) };
}

const FALLBACK = "nothing is sent there, and the builtin word vectors are used";

/** Subjects of the commits that name a ticket on a branch, and of those that its file records. */
async function subjectsOf(
  store: Store,
  view: View,
  ticket: Ticket,
  { scan, byTicket }: CommitsByTicket,
): Promise<string[]> {
  if ((ticket.fields.commits ?? []).length === 0) return (byTicket.get(ticket.id) ?? []).map(({ subject }) => subject);
  const { linkedCommits } = await import("../../store/codeCommits/linkedCommits.ts");
  return (await linkedCommits(store, view, ticket, scan)).flatMap(({ subject }) => subject ?? []);
}

function readerOf(store: Store, view: View, commits: CommitsByTicket, texts: TicketTexts): Reader<Ticket> {
  const linkedTo = ({ id }: Ticket) => (commits.byTicket.size === 0 ? undefined : commits.byTicket.get(id));
  const versionOf = (ticket: Ticket): string => {
    const linked = linkedTo(ticket);
    if (linked === undefined || ticket.version === "") return ticket.version;
    return createHash("sha1")
      .update(`${ticket.version} ${linked.map(({ oid }) => oid).join(" ")}`)
      .digest("hex");
  };
  return {
    version: versionOf,
    hasVersion: (ticket, text, at) => {
      if (ticket.known !== undefined && linkedTo(ticket) === undefined) return ticket.known.hasVersion(text, at);
      const version = versionOf(ticket);
      return version !== "" && text.startsWith(short(version), at);
    },
    isArchived: ({ path }) => path.startsWith("archive/"),
    load: async (ticket) => texts.of(ticket, await subjectsOf(store, view, ticket, commits)),
  };
}
