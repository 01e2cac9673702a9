import { PROBLEM_CODES } from "../problem.ts";
import { escapeHtml } from "./escapeHtml.ts";
import type { OpenApi } from "./openApi.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
}

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Body }>>;
  };
}

interface Body {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

const GROUPS = ["tickets", "store", "live", "aliases"];

/** The description of the interface as a page to read; needs no script. */
export function docsPage(document: OpenApi): string {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = GROUPS.map((group) => {
    const rows = operations.filter(({ operation }) => operation.tags[0] === group).map(section);
    return `<h2>${group}</h2>${rows.join("")}`;
  });
  const codes = [...PROBLEM_CODES].map(
    ([code, status]) => `<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ayo: REST interface</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/docs.css"></head><body><main class="docs">
<h1>ayo: REST interface</h1>
<p>All addresses begin with <code>/api</code>. Bodies and answers are JSON; <a href="/api/openapi.json">openapi.json</a>
is the same for programs. With several stores, <code>workflow_id</code> in the query or the body names one.</p>
${groups.join("")}
<h2>problems</h2><p>Errors are <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>
<table><thead><tr><th>code</th><th>status</th></tr></thead><tbody>${codes.join("")}</tbody></table></main></body></html>`;
}

function section({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const parameters = (operation.parameters ?? []).map((one) => row(one.name, one.in, one.required, one.description));
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? {};
  const fields = Object.entries(body.properties ?? {}).map(([name, one]) =>
    row(name, "body", body.required?.includes(name), one.description),
  );
  const table = [...parameters, ...fields].join("");
  return `<details><summary><code><b>${method.toUpperCase()}</b> ${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
<table><thead><tr><th>name</th><th>in</th><th></th></tr></thead><tbody>${table}</tbody></table></details>`;
}

function row(name: string, where: string, required: boolean | undefined, description = ""): string {
  const word = required === true ? " (required)" : "";
  return `<tr><td><code>${escapeHtml(name)}</code></td><td>${where}${word}</td><td>${escapeHtml(description)}</td></tr>`;
}
