import { PROBLEM_CODES } from "../problem.ts";
import { LINES_TYPE } from "../routes/readBody.ts";
import type { Route } from "../routes/route.ts";
import * as s from "./shapes.ts";

/** Why a request was refused, by status: the names of the responses. */
const REFUSALS = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  412: "PreconditionFailed",
  413: "TooLarge",
  415: "UnsupportedMediaType",
  422: "Unprocessable",
  429: "TooManyGuesses",
  500: "InternalError",
  501: "NotSupported",
  503: "Busy",
  507: "DiskFull",
} as const;

type Status = keyof typeof REFUSALS;

/** What anything can be refused with, and what changes can besides. */
const OF_ALL: readonly Status[] = [400, 401, 403, 404, 409, 422, 429, 500, 501, 503];
const OF_CHANGES: readonly Status[] = [413, 415, 507];

const problem = { "application/problem+json": { schema: s.ref("Problem") } };

/** The refusals of components, each with its codes. */
export const RESPONSES: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.entries(REFUSALS).map(([status, name]) => {
      const codes = [...PROBLEM_CODES].filter(([, one]) => one === Number(status)).map(([code]) => code);
      return [name, { description: codes.join(", "), content: problem }];
    }),
  ),
  Problem: { description: "refused, as RFC 9457 describes it", content: problem },
};

const ETAG = {
  ETag: {
    description: "another one when the answer is; a ticket's begins with its version, and is what If-Match takes",
    schema: s.text,
  },
};
const LOCATION = { Location: { description: "where it is", schema: s.text } };
const REPLAYED = {
  "Idempotency-Replayed": {
    description: "true where the change was made by an earlier request with this key",
    schema: s.oneOf("true"),
  },
};

/** The responses of a read that is no action. */
export function readResponses(content: unknown, isStream: boolean): Record<string, unknown> {
  return {
    200: { description: "done", ...(isStream ? {} : { headers: ETAG }), content },
    ...(isStream ? {} : { 304: NOT_MODIFIED }),
    ...refusals(OF_ALL),
  };
}

/** The responses to what is posted to be answered, and changes nothing. */
export function askedResponses(content: unknown): Record<string, unknown> {
  return { 200: { description: "done", content }, ...refusals([...OF_ALL, 413, 415]) };
}

/** A picture as its type, anything else as bytes. */
const FILE = {
  "application/octet-stream": { schema: { type: "string", format: "binary" } },
  "image/*": { schema: { type: "string", format: "binary" } },
};
const NOT_MODIFIED = { description: "the client has this answer, as If-None-Match says", headers: ETAG };

/** The responses of a route. */
export function responsesOf({ method, makes, answer, action }: Route): Record<string, unknown> {
  const isRead = method === "get";
  const headers = {
    ...(makes === true ? LOCATION : {}),
    ...(isRead ? ETAG : {}),
    ...(isRead ? {} : REPLAYED),
  };
  if (answer === "Exported") {
    const content = { [LINES_TYPE]: { schema: s.text }, "text/markdown": { schema: s.text } };
    return readResponses(content, true);
  }
  if (answer === "AttachmentFile") return readResponses(FILE, false);
  const content = { "application/json": { schema: s.ref(answer as string) } };
  const done = { description: "done", ...(Object.keys(headers).length === 0 ? {} : { headers }), content };
  return {
    // What `once` finds was made by an earlier request.
    ...(makes === true ? { 200: { ...done, description: "it was there, as `once` says" }, 201: done } : { 200: done }),
    ...(isRead ? { 304: NOT_MODIFIED } : {}),
    ...refusals([...OF_ALL, ...(isRead ? [] : OF_CHANGES), ...(action.writes && !isRead ? ([412] as const) : [])]),
  };
}

function refusals(statuses: readonly Status[]): Record<string, unknown> {
  const named = statuses.map((status) => [status, { $ref: `#/components/responses/${REFUSALS[status]}` }]);
  return { ...Object.fromEntries(named), default: { $ref: "#/components/responses/Problem" } };
}
