import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exampleRuns } from "./exampleRuns.ts";
import { ROOT } from "./pages.ts";
import { runHere } from "./runHere.ts";
import { storeIn, type TempStore } from "./tempStore.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** More tickets than the example of the repository has: id, status, title, and lines of front matter. */
const MORE: readonly (readonly [id: string, status: string, title: string, ...lines: string[]])[] = [
  ["sho-a3fw", "open", "Show how often a link was followed", "type: feature", "priority: 1", "tags: [ui, stats]"],
  ["sho-b8kd", "open", "Links that lead to themselves answer 508", "type: bug", "priority: 1", "tags: [api]"],
  [
    "sho-f2rm",
    "open",
    "Own words for short links",
    "type: feature",
    "priority: 2",
    "tags: [ui, api]",
    "deps: [sho-b8kd]",
  ],
  ["sho-g9vx", "open", "Export all links as CSV", "type: feature", "priority: 3", "tags: [ui]", "assignee: Mara Lind"],
  [
    "sho-j4tn",
    "in_progress",
    "Move the counters out of the links table",
    "type: task",
    "priority: 1",
    "tags: [db, stats]",
  ],
  ["sho-l6qe", "in_progress", "The QR code of a link is blurred on phones", "type: bug", "priority: 2", "tags: [ui]"],
  [
    "sho-n1hs",
    "in_review",
    "Refuse links to our own domain",
    "type: task",
    "priority: 2",
    "tags: [api, security]",
    "assignee: '@coder'",
  ],
  ["sho-p7wc", "closed", "Answer HEAD as GET, without counting", "type: bug", "priority: 2", "tags: [api]"],
  ["sho-r5yg", "closed", "Keep counters over a restart", "type: task", "priority: 1", "tags: [db, stats]"],
  ["sho-s2zj", "closed", "Say when a link will end", "type: feature", "priority: 3", "tags: [ui]"],
  ["sho-u8dl", "closed", "Health check for the load balancer", "type: chore", "priority: 2", "tags: [ops]"],
  ["sho-v4mb", "open", "Links that end at a date", "type: feature", "priority: 2", "tags: [api]", "due: 2026-11-20"],
];

/** Begins nothing here: no feature is closed after it is allowed. */
const PIPELINE = `about: Every feature that is done is tried by somebody else
on: {event: ticket.closed, where: 'type:feature'}
steps:
  - id: plan
    create: {title: 'Plan the test of {{ticket.title}}', assignee: '@planner'}
  - id: try
    create: {title: 'Try {{ticket.title}}', role: tester, deps: [plan]}
  - note: 'tried: {{try.id}}'
    deps: [try]
`;

/** When the pictures are taken, in milliseconds since 1970. */
export const PICTURE_TIME = Date.parse("2026-11-13T09:30:00Z");

/** A store of a small team in the midst of its work, made by commands; its last change is just before `now`. */
export async function exampleStore(dir: string, now: number): Promise<TempStore> {
  mkdirSync(dir, { recursive: true });
  const project = storeIn(dir);
  const at =
    (before: number) =>
    async (...args: readonly string[]): Promise<void> => {
      const { code, stderr } = await runHere(dir, args, { now: () => now - before });
      if (code !== 0) throw new Error(`ayo ${args.join(" ")}: ${stderr}`);
    };
  await at(5 * DAY)("import", path.join(ROOT, ".tickets.example"));
  const more = path.join(dir, "more");
  mkdirSync(more);
  for (const [n, [id, status, title, ...lines]] of MORE.entries()) {
    const created = new Date(now - (9 - n / 3) * DAY).toISOString();
    const begun = status === "open" ? [] : [`started: ${new Date(now - (6 - n / 4) * DAY).toISOString()}`];
    const ended = status === "closed" ? [`closed: ${new Date(now - (4.5 - n / 3) * DAY).toISOString()}`] : [];
    const front = [`id: ${id}`, `status: ${status}`, `created: ${created}`, ...lines, ...begun, ...ended];
    writeFileSync(path.join(more, `${id}.md`), ["---", ...front, "---", `# ${title}`, ""].join("\n"));
  }
  await at(4 * DAY)("import", more);
  appendFileSync(
    path.join(project.tickets, "config.yml"),
    'views: {security: "tag:security is:open", mine: "assignee:@me is:open"}\n',
  );
  await at(3 * DAY)("project", "create", "Accounts", "--color", "blue", "--lead", "Mara Lind", "--due", "2026-12-11");
  await at(3 * DAY)("project", "create", "Counters", "--color", "teal");
  await at(3 * DAY)("ticket", "update", "sho-h3vt", "sho-c6m8", "sho-k1zn", "sho-9fq1", "--project", "accounts");
  await at(3 * DAY)("ticket", "update", "sho-a3fw", "sho-j4tn", "sho-r5yg", "sho-g9vx", "--project", "counters");
  mkdirSync(path.join(project.tickets, "pipelines"));
  writeFileSync(path.join(project.tickets, "pipelines/feature-test.yml"), PIPELINE);
  await at(2 * DAY)("allow", "pipeline", "feature-test");
  const minutes: readonly (readonly [before: number, ...args: string[]])[] = [
    [
      190,
      "ticket",
      "ask",
      "sho-5c0e",
      "Twelve addresses are there twice. Which account stays?",
      "--options",
      "The older one",
      "--options",
      "The one with more links",
      "--options",
      "Ask each of them",
      "--as",
      "@migrator",
    ],
    [95, "ticket", "note", "sho-v4mb", "@Test_User shall ended links answer 404 or 410?", "--as", "@coder"],
    [40, "ticket", "assign", "sho-b8kd", "Test User", "--as", "@planner"],
    [9, "ticket", "start", "sho-w5xa", "--as", "@coder"],
    [6, "ticket", "claim", "sho-j4tn", "--as", "@migrator"],
    [
      2,
      "ticket",
      "note",
      "sho-w5xa",
      "The proxy ends TLS: `trust proxy` was off. Test first, then the mend.",
      "--as",
      "@coder",
    ],
  ];
  for (const [before, ...args] of minutes) await at(before * MINUTE)(...args);
  exampleRuns(project, now);
  return project;
}
