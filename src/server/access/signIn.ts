import { createHash } from "node:crypto";
import { escapeHtml } from "../describe/escapeHtml.ts";
import { HttpProblem } from "../problem.ts";
import { type GuardOptions, guard, POLICY } from "./guard.ts";

/** Where the form of the page goes. */
const ADDRESS = "/sign-in";
/** What the form sends is short, in bytes. */
const MOST = 8192;

/**
 * The guard for a server with pages: a browser that lacks the token gets a page that asks for it, at whatever address it
 * wanted, and is led there when it brings it. Needs no script.
 * @throws what {@link guard} throws, for programs
 */
export async function admit(request: Request, from: string, options: GuardOptions): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  const isForm = request.method === "POST" && pathname === ADDRESS && options.token !== undefined;
  if (isForm && options.hasPages) return signIn(request, from, options);
  try {
    return guard(request, from, options);
  } catch (error) {
    if (!isBrowser(request) || !isAboutToken(error)) throw error;
    return page(error, wantedAt(request.url), error.code === "unauthorized" ? "" : error.message);
  }
}

async function signIn(request: Request, from: string, options: GuardOptions): Promise<Response> {
  const { headers } = request;
  const asVisit = (token: string): Request =>
    new Request(`${new URL(request.url).origin}/?token=${encodeURIComponent(token)}`, { headers });
  const form = new URLSearchParams(await shortText(request));
  const next = wantedAt(new URL(form.get("next") ?? "/", request.url).href);
  try {
    const visit = guard(asVisit(form.get("token")?.trim() ?? ""), from, options);
    visit?.headers.set("location", next);
    // Without a token in the form a cookie that is right still lets in.
    return visit ?? new Response(null, { status: 303, headers: { location: next, "cache-control": "no-store" } });
  } catch (error) {
    if (!isAboutToken(error)) throw error;
    return page(error, next, error.code === "unauthorized" ? "That is not the token of this server." : error.message);
  }
}

/** @throws HttpProblem too_large */
async function shortText(request: Request): Promise<string> {
  const tooLarge = new HttpProblem("too_large", `the form has at most ${MOST} bytes`);
  // A length that is not told may be any.
  if (!(Number(request.headers.get("content-length") ?? Number.NaN) <= MOST)) throw tooLarge;
  return request.text();
}

function isBrowser({ method, headers }: Request): boolean {
  return method === "GET" && headers.get("accept")?.includes("text/html") === true;
}

function isAboutToken(error: unknown): error is HttpProblem {
  return error instanceof HttpProblem && ["unauthorized", "too_many_guesses"].includes(error.code);
}

/** The path and query of an address of ours, without a token that was wrong. */
function wantedAt(address: string): string {
  const url = new URL(address);
  url.searchParams.delete("token");
  // Two slashes would name another host.
  return `/${url.pathname.replace(/^[/\\]+/, "")}${url.search}`;
}

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0;min-height:90vh;display:grid;place-items:center}
main{box-sizing:border-box;width:min(24rem,100vw);padding:1.5rem}
h1{font-size:1.3rem;margin:0 0 .5rem}p{margin:.5rem 0}
label{display:block;margin:1.2rem 0 .3rem;font-weight:600}
input,button{box-sizing:border-box;width:100%;min-height:44px;font:inherit;padding:.55rem .7rem;border-radius:6px}
input{border:1px solid color-mix(in srgb,currentColor 45%,transparent);background:Field;color:FieldText}
button{margin-top:.8rem;border:0;background:#3451b2;color:#fff;font-weight:600;cursor:pointer}
:focus-visible{outline:2px solid #5b7cff;outline-offset:2px}
[role=alert]{margin:.8rem 0 0;padding:.4rem .7rem;border-inline-start:3px solid #d33;background:color-mix(in srgb,#d33 12%,transparent)}`;
/** As for every page, and the form and this one style besides. */
const SIGN_IN_POLICY = POLICY.replace("form-action 'none'", "form-action 'self'").replace(
  "style-src 'self'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
);

function page(problem: HttpProblem, next: string, wrong: string): Response {
  const isWrong = wrong === "" ? "" : `<p role="alert" id="wrong">${escapeHtml(wrong)}</p>`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in · ayo</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><h1>Sign in to ayo</h1>
<p>This server asks for its token. It is in the address that <code>ayo serve</code> printed; where <code>AYO_TOKEN</code> is set, it is that.</p>
${isWrong}<form method="post" action="${ADDRESS}"><input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="token">Token</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password" spellcheck="false"${wrong === "" ? "" : ' aria-describedby="wrong" aria-invalid="true"'}>
<button>Sign in</button></form></main></body></html>`;
  return new Response(html, {
    status: problem.code === "unauthorized" ? 401 : 429,
    headers: {
      ...problem.headers,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": SIGN_IN_POLICY,
      // Else browsers would send the form as nobody's.
      "referrer-policy": "same-origin",
    },
  });
}
