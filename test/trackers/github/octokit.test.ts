// GitHub's own client at the loopback: whoever wrote it knows nothing of us, so the two of ours cannot agree on a mistake.
import { Octokit } from "@octokit/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GITHUB_KEY, type GitHubServer, githubServer } from "../../helpers/github/server.ts";

const REPO = { owner: "acme", repo: "web" };
let server: GitHubServer;
let octokit: Octokit;
beforeEach(async () => {
  server = await githubServer();
  octokit = clientOf(GITHUB_KEY);
});
afterEach(async () => {
  expect(server.offences).toEqual([]);
  await server.close();
});

function clientOf(auth: string): Octokit {
  const client = new Octokit({ auth, baseUrl: server.url });
  client.hook.before("request", (options) => {
    options.headers["x-github-api-version"] = "2022-11-28";
  });
  return client;
}

/** What a request fails with. */
const failure = async (asked: Promise<unknown>): Promise<Failure> =>
  await asked.then(
    () => expect.unreachable("it did not fail"),
    (error: Failure) => error,
  );
interface Failure {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly headers: Readonly<Record<string, string>> };
}

test("issues, labels, people, comments, parts and what waits for what", async () => {
  const { data: viewer } = await octokit.request("GET /user");
  const made = async (title: string, more = {}) =>
    (await octokit.request("POST /repos/{owner}/{repo}/issues", { ...REPO, title, ...more })).data;
  const a = await made("a", { body: "text", labels: ["bug", "new one"], assignees: ["mara"] });
  const b = await made("b");
  expect([viewer.login, a.number, a.title, a.user?.login, b.number]).toEqual(["ayo-bot", 1, "a", "ayo-bot", 2]);
  const at = { ...REPO, issue_number: 1 };
  await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", { ...at, labels: ["ui"] });
  const left = await octokit.request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", {
    ...at,
    name: "new one",
  });
  expect(left.data.map(({ name }) => name)).toEqual(["bug", "ui"]);
  await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", { ...at, assignees: ["jo"] });
  const people = { ...at, assignees: ["mara"] };
  await octokit.request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees", people);
  const said = await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...at,
    body: "one",
  });
  const edit = { ...REPO, comment_id: said.data.id, body: "two" };
  await octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", edit);
  const comments = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", at);
  expect(comments.data.map(({ body }) => body)).toEqual(["two"]);
  const part = { ...REPO, issue_number: 2, sub_issue_id: a.id };
  await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues", part);
  const waits = { ...at, issue_id: b.id };
  await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", waits);
  const closed = { ...at, state: "closed", state_reason: "not_planned" } as const;
  await octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", closed);
  const { data: now } = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}", at);
  expect(now).toMatchObject({ state: "closed", state_reason: "not_planned", assignees: [{ login: "jo" }] });
  expect(now).toMatchObject({ parent_issue_url: expect.stringMatching(/\/issues\/2$/) });
  const blockers = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", at);
  const blocked = { ...REPO, issue_number: 2 };
  const blocking = await octokit.request(
    "GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocking",
    blocked,
  );
  expect([blockers, blocking].map(({ data }) => data.map((one: { readonly number: number }) => one.number))).toEqual([
    [2],
    [1],
  ]);
  const past = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/timeline", at);
  const events = ["labeled", "unlabeled", "assigned", "unassigned", "commented", "parent_issue_added", "closed"];
  expect(past.data.map(({ event }) => event)).toEqual(events);
  // And all of it back.
  await octokit.request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by/{issue_id}", waits);
  await octokit.request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/sub_issue", part);
  await octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { ...at, state: "open" });
  expect(server.world.issue(1)).toMatchObject({ parent: null, state: "open", blockedBy: new Set() });
});

test("lists go on where their Link says, and what has not changed is 304", async () => {
  for (let n = 0; n < 230; n++) server.world.create({ title: `t${n}` }, "mara", n % 50 === 49);
  const titles: string[] = [];
  const query = { ...REPO, state: "all", sort: "created", direction: "asc", per_page: 100 } as const;
  let page = await octokit.request("GET /repos/{owner}/{repo}/issues", query);
  const { etag } = page.headers;
  const { last } = linksIn(page.headers.link);
  const urls: string[] = [];
  for (;;) {
    titles.push(...page.data.map(({ title }) => title));
    const { next } = linksIn(page.headers.link);
    if (next === undefined) break;
    urls.push(next);
    page = (await octokit.request(`GET ${next}`)) as typeof page;
  }
  expect(titles).toEqual([...server.world.issues.values()].map(({ title }) => title));
  expect([urls.length, urls.at(-1)]).toEqual([2, last]);
  const again = (client = octokit) =>
    client.request("GET /repos/{owner}/{repo}/issues", { ...query, headers: { "if-none-match": etag } });
  expect((await failure(again())).status).toBe(304);
  expect(server.unchanged).toEqual(["GET /issues"]);
  server.world.update(1, { title: "changed" });
  const { status, headers } = await again();
  expect([status, headers.etag === etag]).toEqual([200, false]);
});

const linksIn = (link = ""): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries([...link.matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url = "", rel = ""]) => [rel, url]));

test("what goes wrong is known for what it is", async () => {
  const { world } = server;
  for (const title of ["a", "b", "c"]) world.create({ title }, "mara");
  world.issue(2).gone = "deleted";
  world.issue(3).gone = "transferred";
  const get = (issue_number: number, more = {}) =>
    octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}", { ...REPO, issue_number, ...more });
  const create = (title: string) => octokit.request("POST /repos/{owner}/{repo}/issues", { ...REPO, title });
  expect(await failure(get(9))).toMatchObject({ status: 404, message: expect.stringContaining("Not Found") });
  expect((await failure(get(2))).status).toBe(410);
  const moved = await get(3, { request: { redirect: "manual" } });
  expect([moved.status, moved.headers.location]).toEqual([301, `${server.url}/repositories/2002/issues/3`]);
  expect(await failure(create(""))).toMatchObject({ status: 422, message: expect.stringContaining("blank") });
  expect((await failure(clientOf("github_pat_other").request("GET /user"))).status).toBe(401);
  server.headers = { "X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1785578400" };
  server.onRequest = () => "limit";
  const { status, response } = await failure(create("d"));
  expect([status, response?.headers["x-ratelimit-remaining"], response?.headers["x-ratelimit-reset"]]).toEqual([
    403,
    "0",
    "1785578400",
  ]);
  server.headers = { "Retry-After": "60" };
  server.onRequest = () => "secondary";
  expect((await failure(create("d"))).response?.headers["retry-after"]).toBe("60");
  server.onRequest = () => undefined;
  server.headers = {};
  // Under the name that it had a repository is found.
  world.former.add(world.repo);
  world.repo = "acme/site";
  expect((await get(1)).data.title).toBe("a");
  expect(world.issues.size).toBe(3);
});
