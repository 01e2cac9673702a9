import type { IncomingMessage } from "node:http";
import { type Context, Hono } from "hono";
import { METHODS } from "../actions/verbs/verb.ts";
import { AyoError } from "../error.ts";
import type { GuardOptions } from "./access/guard.ts";
import { admit } from "./access/signIn.ts";
import { type Content, htmlContent, jsonContent, respond } from "./answers/content.ts";
import { keptAnswer } from "./answers/keptAnswers.ts";
import { onceByKey } from "./answers/onceByKey.ts";
import { docsPage } from "./describe/docs.ts";
import { openApi } from "./describe/openApi.ts";
import { type Client, STREAM_HEADERS, type Streams } from "./live/sse.ts";
import { HttpProblem, problemContent } from "./problem.ts";
import { callRoute } from "./routes/callRoute.ts";
import { describeStore } from "./routes/describeStore.ts";
import { readInput } from "./routes/readInput.ts";
import type { Route } from "./routes/route.ts";
import { findWorkflow, type Workflow } from "./workflow.ts";

/** What a server is made of. */
export interface AppOptions {
  readonly routes: readonly Route[];
  readonly workflows: readonly Workflow[];
  readonly guard: GuardOptions;
  readonly files: ReadonlyMap<string, Content>;
  readonly streams: Streams;
  readonly version: string;
  /** Hears of our own bugs, which clients are not told. */
  readonly onBug: (text: string) => void;
}

const API = "/api";
/** The addresses of views; at any other the page says that there is nothing. */
const PAGES =
  /^(?:board|inbox|agents|graph|search|stats|timeline|sync|ticket\/[^/]+|(?:projects|pipelines)(?:\/[^/]+)?)?\/?$/;

/** The whole server as a function from request to response. */
export function serverApp(options: AppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { incoming } = context.env as { readonly incoming?: IncomingMessage };
    const visit = await admit(context.req.raw, incoming?.socket.remoteAddress ?? "", options.guard);
    if (visit === undefined) await next();
    else context.res = visit;
  });
  app.onError((error, { req }) => respond(req.raw, problemContent(error, req.path, options.onBug)));
  addOwnRoutes(app, options);
  // A route of fixed words goes before one with an id in its place.
  const ordered = [...options.routes].sort((left, right) => left.inPath.length - right.inPath.length);
  for (const route of ordered) addRoute(app, route, options);
  app.all(`${API}/*`, (context) => noRoute(context, options));
  app.get("/guide/:topic?", guideAt);
  app.get("*", (context) => pageOf(context, options));
  app.notFound((context) => noRoute(context, options));
  return app;
}

function addRoute(app: Hono, route: Route, { workflows }: AppOptions): void {
  const at = `${API}${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
  app.on(route.method.toUpperCase(), at, async (context) => {
    const { raw } = context.req;
    const make = async (): Promise<Content> => {
      const asked = await readInput(route, raw, context.req.param() as Record<string, string>);
      const store = findWorkflow(workflows, asked.workflow).store();
      const call = (): Promise<Content> => callRoute(route, store, asked, API);
      const key = route.method === "get" ? null : raw.headers.get("idempotency-key");
      return key === null ? call() : onceByKey(store, key, [route.method, context.req.path, asked], call);
    };
    if (route.method !== "get") return respond(raw, await make());
    const { store, mark, feed } = findWorkflow(workflows, context.req.query("workflow_id") || undefined);
    // Before anything is read: who listens from here on misses nothing.
    const position = feed.position();
    // What is ready depends on who asks, too.
    const { pathname, search } = new URL(raw.url);
    const question = `${raw.headers.get("x-agent-id") ?? ""} ${pathname}${search}`;
    const content = await (route.ofView === true ? keptAnswer(store(), question, make, !hasMoments(raw.url)) : make());
    const response = marked(await respond(raw, content), mark);
    if (position !== undefined) response.headers.set("ayo-position", position);
    return response;
  });
}

/** Whether a question may be about times, as `due:<7d` is: whatever filters by more than names. */
function hasMoments(url: string): boolean {
  return [...new URL(url).searchParams.keys()].some((name) => !TIMELESS.has(name));
}

/** Inputs of lists that no clock has a part in. */
const TIMELESS = new Set("fields limit cursor workflow_id all status type tag priority parent assignee".split(" "));

/** Says which store an answer is about, for browsers that keep it. */
function marked(response: Response, mark: string): Response {
  response.headers.set("ayo-store", mark);
  return response;
}

/** What is about the server and its stores rather than about tickets. */
function addOwnRoutes(app: Hono, { routes, workflows, streams, version }: AppOptions): void {
  const find = (context: Context): Workflow => findWorkflow(workflows, context.req.query("workflow_id") || undefined);
  const json = ({ req }: Context, value: unknown): Promise<Response> => respond(req.raw, jsonContent(value));
  app.get(API, (context) =>
    json(context, { schema: 1, version, openapi: `${API}/openapi.json`, docs: `${API}/docs`, events: `${API}/events` }),
  );
  app.get(`${API}/openapi.json`, (context) => json(context, openApi(routes, version)));
  app.get(`${API}/docs`, ({ req }) => respond(req.raw, htmlContent(docsPage(openApi(routes, version)))));
  app.get(`${API}/workflows`, (context) =>
    json(context, { schema: 1, workflows: workflows.map(({ id, dir }) => ({ id, dir })) }),
  );
  app.get(`${API}/config`, async (context) => {
    const workflow = find(context);
    return marked(await json(context, { schema: 1, ...(await describeStore(workflow, version)) }), workflow.mark);
  });
  app.post(`${API}/markdown`, async ({ req }) => {
    const { markdownAnswer } = await import("./markdown/markdownRoute.ts");
    return respond(req.raw, await markdownAnswer(req.raw));
  });
  app.get(`${API}/events`, (context) => {
    const { feed } = find(context);
    return isHead(context) ?? streams.open(feed, lastSeenOf(context), clientOf(context));
  });
  // The same address answers with what was said up to now: a route of the table of verbs.
  app.get(`${API}/tickets/:id/channel`, async (context, next) => {
    if (context.req.header("accept")?.includes("text/event-stream") !== true) return next();
    const { channelStream } = await import("./live/channelStream.ts");
    const start = { lastSeen: lastSeenOf(context), tail: tailOf(context) };
    const pipe = await channelStream(find(context), context.req.param("id"), start);
    return isHead(context) ?? streams.pipe(pipe, clientOf(context));
  });
  app.get(`${API}/runs/:run/log`, async (context, next) => {
    if (context.req.header("accept")?.includes("text/event-stream") !== true) return next();
    const { runStream } = await import("./live/runStream.ts");
    const pipe = await runStream(find(context), context.req.param("run"), lastSeenOf(context));
    return isHead(context) ?? streams.pipe(pipe, clientOf(context));
  });
}

/** Nobody reads the body of a HEAD, or says that it is not wanted. */
function isHead({ req }: Context): Response | undefined {
  return req.raw.method === "HEAD" ? new Response(null, { headers: STREAM_HEADERS }) : undefined;
}

function lastSeenOf({ req }: Context): string | undefined {
  return req.header("last-event-id") ?? req.query("last_event_id");
}

function clientOf(context: Context): Client {
  const { outgoing } = context.env as { readonly outgoing?: { destroy(): void } };
  return { signal: context.req.raw.signal, cut: () => outgoing?.destroy() };
}

/** @throws bad_input for what is no number of messages */
function tailOf({ req }: Context): number | undefined {
  const tail = req.query("tail");
  if (tail === undefined || /^\d{1,9}$/.test(tail)) return tail === undefined ? undefined : Number(tail);
  throw new AyoError("bad_input", `tail is a whole number from 0 on, not '${tail}'`, { data: { field: "tail" } });
}

/** A page of the manual; the index without a topic. */
async function guideAt(context: Context): Promise<Response> {
  const { guideHtml, noGuidePage } = await import("./describe/guide.ts");
  const topic = context.req.param("topic") ?? "guide";
  const html = guideHtml(topic);
  return respond(context.req.raw, html === undefined ? htmlContent(noGuidePage(topic), 404) : htmlContent(html));
}

/** @throws HttpProblem saying which methods there are, or that there is nothing */
function noRoute({ req }: Context, { routes }: Pick<AppOptions, "routes">): never {
  const here = routes.filter(({ path }) => matches(path, req.path));
  const allowed = METHODS.filter((method) => here.some((route) => route.method === method));
  if (allowed.length > 0) {
    const allow = allowed.join(", ").toUpperCase();
    throw new HttpProblem("method_not_allowed", `${req.path} takes ${allow}, not ${req.method}`, { allow });
  }
  throw new HttpProblem("no_such_route", `there is nothing at ${req.method} ${req.path}; see ${API}/docs`);
}

function matches(route: string, path: string): boolean {
  const pattern = route.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.");
  return new RegExp(`^${API}${pattern}$`).test(path);
}

/** A file of the web app, or its one page, which finds its view in the address. */
async function pageOf(context: Context, { files, routes }: Pick<AppOptions, "files" | "routes">): Promise<Response> {
  const name = context.req.path.slice(1);
  const { raw } = context.req;
  const file = files.get(name);
  if (file !== undefined) return respond(raw, file);
  const page = files.get("index.html");
  if (page === undefined) return noRoute(context, { routes });
  // Its texts are asked for next.
  if (name.startsWith("ticket/"))
    void import("./markdown/readTexts.ts").then(({ prepareReader }) => prepareReader()).catch(() => undefined);
  // Ids may have dots; at any other address a dot asks for a file.
  if (PAGES.test(name)) return respond(raw, page);
  return name.includes(".") ? noRoute(context, { routes }) : respond(raw, { ...page, status: 404 });
}
