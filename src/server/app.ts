import type { IncomingMessage } from "node:http";
import { type Context, Hono } from "hono";
import { METHODS } from "../actions/verbs/verb.ts";
import { type GuardOptions, guard } from "./access/guard.ts";
import { docsPage } from "./describe/docs.ts";
import { openApi } from "./describe/openApi.ts";
import { fileResponse, type WebFile } from "./files.ts";
import { STREAM_HEADERS, type Streams } from "./live/sse.ts";
import { HttpProblem, problemResponse } from "./problem.ts";
import { callRoute, responseOf } from "./routes/callRoute.ts";
import { describeStore } from "./routes/describeStore.ts";
import { type Answer, keptAnswer } from "./routes/keptAnswers.ts";
import { linkCommit } from "./routes/linkCommit.ts";
import { readInput } from "./routes/readInput.ts";
import type { Route } from "./routes/route.ts";
import { findWorkflow, type Workflow } from "./workflow.ts";

/** What a server is made of. */
export interface AppOptions {
  readonly routes: readonly Route[];
  readonly workflows: readonly Workflow[];
  readonly guard: GuardOptions;
  readonly files: ReadonlyMap<string, WebFile>;
  readonly streams: Streams;
  readonly version: string;
  /** Hears of our own bugs, which clients are not told. */
  readonly onBug: (text: string) => void;
}

const API = "/api";
/** The addresses of views; at any other the page says that there is nothing. */
const PAGES = /^(?:board|graph|search|stats|ticket\/[^/]+)?\/?$/;

/** The whole server as a function from request to response. */
export function serverApp(options: AppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { incoming } = context.env as { readonly incoming?: IncomingMessage };
    const visit = guard(context.req.raw, incoming?.socket.remoteAddress ?? "", options.guard);
    if (visit === undefined) await next();
    else context.res = visit;
  });
  app.onError((error, context) => problemResponse(error, context.req.path, options.onBug));
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
    const make = async (): Promise<Answer> => {
      const asked = await readInput(route, raw, context.req.param() as Record<string, string>);
      return callRoute(route, findWorkflow(workflows, asked.workflow).store(), asked, API);
    };
    if (route.ofView !== true) return responseOf(raw, await make());
    const { store } = findWorkflow(workflows, context.req.query("workflow_id") || undefined);
    // What is ready depends on who asks, too.
    const question = `${raw.headers.get("x-agent-id") ?? ""} ${raw.url}`;
    return responseOf(raw, await keptAnswer(store(), question, make));
  });
}

/** What is about the server and its stores rather than about tickets. */
function addOwnRoutes(app: Hono, { routes, workflows, streams, version }: AppOptions): void {
  const find = (context: Context): Workflow => findWorkflow(workflows, context.req.query("workflow_id") || undefined);
  app.get(API, (context) =>
    context.json({ schema: 1, version, openapi: `${API}/openapi.json`, docs: `${API}/docs`, events: `${API}/events` }),
  );
  app.get(`${API}/openapi.json`, (context) => context.json(openApi(routes, version)));
  app.get(`${API}/docs`, (context) => context.html(docsPage(openApi(routes, version))));
  app.get(`${API}/workflows`, (context) =>
    context.json({ schema: 1, workflows: workflows.map(({ id, dir }) => ({ id, dir })) }),
  );
  app.get(`${API}/config`, async (context) =>
    context.json({ schema: 1, ...(await describeStore(find(context), version)) }),
  );
  app.get(`${API}/events`, (context) => {
    const lastSeen = context.req.header("last-event-id") ?? context.req.query("last_event_id");
    const { feed } = find(context);
    // Nobody reads the body of a HEAD, or says that it is not wanted.
    if (context.req.raw.method === "HEAD") return new Response(null, { headers: STREAM_HEADERS });
    const { outgoing } = context.env as { readonly outgoing?: { destroy(): void } };
    return streams.open(feed, lastSeen, { signal: context.req.raw.signal, cut: () => outgoing?.destroy() });
  });
  app.post(`${API}/tickets/link-commit`, async (context) => context.json(await linkCommit(context.req.raw, workflows)));
}

/** A page of the manual; the index without a topic. */
async function guideAt(context: Context): Promise<Response> {
  const { guideHtml, noGuidePage } = await import("./describe/guide.ts");
  const topic = context.req.param("topic") ?? "guide";
  const html = guideHtml(topic);
  return html === undefined ? context.html(noGuidePage(topic), 404) : context.html(html);
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
function pageOf(context: Context, { files, routes }: Pick<AppOptions, "files" | "routes">): Response {
  const name = context.req.path.slice(1);
  const file = files.get(name);
  if (file !== undefined) return fileResponse(file);
  const page = files.get("index.html");
  if (page === undefined) return noRoute(context, { routes });
  // Ids may have dots; at any other address a dot asks for a file.
  if (PAGES.test(name)) return fileResponse(page);
  return name.includes(".") ? noRoute(context, { routes }) : fileResponse(page, 404);
}
