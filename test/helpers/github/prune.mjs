// Cuts GitHub's description of its REST API to what the loopback answers: `node prune.mjs <api.github.com.json>`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [source = ""] = process.argv.slice(2);
const whole = JSON.parse(readFileSync(source, "utf8"));
const R = "/repos/{owner}/{repo}";
const I = `${R}/issues/{issue_number}`;
const KEPT = {
  "/user": ["get"],
  [R]: ["get"],
  [`${R}/issues`]: ["get", "post"],
  [I]: ["get", "patch"],
  [`${R}/issues/comments`]: ["get"],
  [`${I}/comments`]: ["get", "post"],
  [`${R}/issues/comments/{comment_id}`]: ["patch"],
  [`${I}/labels`]: ["post"],
  [`${I}/labels/{name}`]: ["delete"],
  [`${R}/labels`]: ["get"],
  [`${I}/assignees`]: ["post", "delete"],
  [`${R}/assignees`]: ["get"],
  [`${I}/dependencies/blocked_by`]: ["get", "post"],
  [`${I}/dependencies/blocked_by/{issue_id}`]: ["delete"],
  [`${I}/dependencies/blocking`]: ["get"],
  [`${I}/timeline`]: ["get"],
  [`${I}/sub_issues`]: ["post"],
  [`${I}/sub_issue`]: ["delete"],
};
const WORDS = [
  "description",
  "example",
  "examples",
  "summary",
  "externalDocs",
  "tags",
  "title",
  "x-github",
  "operationId",
];

/** Without what no validator reads; names of properties are no words. */
function bare(value, isNames = false) {
  if (Array.isArray(value)) return value.map((one) => bare(one));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isNames || !WORDS.includes(key));
  return Object.fromEntries(kept.map(([key, one]) => [key, bare(one, !isNames && key === "properties")]));
}

/** What may be missing says nothing, but where we look at it. */
const LOOKED_AT = ["issue", "issue-comment", "issue-dependencies-summary", "basic-error", "validation-error"];
/** What of an issue's past the loopback tells; there is much more. */
const TOLD =
  /\/(?:(?:un)?labeled|renamed|timeline-(?:un)?assigned|state-change|parent-issue-\w+)-issue-event$|timeline-comment/;
function slim(name, schema) {
  if (name === "timeline-issue-events") return { anyOf: schema.anyOf.filter(({ $ref }) => TOLD.test($ref)) };
  if (LOOKED_AT.includes(name) || schema?.properties === undefined) return schema;
  const isKept = (key) => schema.required?.includes(key) || key === "state_reason";
  const kept = Object.entries(schema.properties).filter(([key]) => isKept(key));
  return { ...schema, properties: Object.fromEntries(kept) };
}

const paths = Object.fromEntries(
  Object.entries(KEPT).map(([at, methods]) => {
    return [at, Object.fromEntries(methods.map((method) => [method, bare(whole.paths[at][method])]))];
  }),
);
const components = {};
for (let open = JSON.stringify(paths); open !== ""; ) {
  const found = new Set(
    [...open.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)].map(([, kind, name]) => `${kind} ${name}`),
  );
  open = "";
  for (const [kind, name] of [...found].map((one) => one.split(" "))) {
    components[kind] ??= {};
    if (components[kind][name] !== undefined) continue;
    components[kind][name] = slim(name, bare(whole.components[kind][name]));
    open += JSON.stringify(components[kind][name]);
  }
}
const { openapi, info } = whole;
const subset = {
  openapi,
  info: { version: info.version, title: "GitHub issues subset", license: info.license },
  paths,
  components,
};
writeFileSync(path.join(import.meta.dirname, "github.subset.openapi.json"), `${JSON.stringify(subset, null, 1)}\n`);
