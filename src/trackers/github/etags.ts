import type { HttpAnswer } from "../http.ts";
import type { Said } from "./ask.ts";

/** An answer that was kept. */
export interface Kept {
  readonly etag: string;
  readonly text: string;
  /** The header that says where the next page is. */
  readonly link: string | undefined;
}

/** Answers by their addresses, to one key. */
export interface Etags {
  readonly find: (url: string) => Kept | undefined;
  readonly keep: (url: string, kept: Kept) => void;
}

/** An answer; where it says that nothing has changed, the one that was kept. */
export function asKept(answer: HttpAnswer, kept: Kept | undefined): HttpAnswer {
  if (answer.status !== 304 || kept === undefined) return answer;
  const { etag, text, link } = kept;
  return { status: 200, text, headers: { link, ...answer.headers, etag } };
}

/** What a page has where its address does not say. */
const PAGE = 30;

/**
 * Whether an answer may be kept: not a full page without a next one, which stays the same when there is one, and we would
 * not hear of it.
 */
export function isKeepable(url: URL, { value, next }: Said<unknown>): boolean {
  return !Array.isArray(value) || next !== undefined || value.length < Number(url.searchParams.get("per_page") ?? PAGE);
}
