import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { GITHUB_KEY, githubServer } from "../../helpers/github/server.ts";
import { repoOf, trackedRepo } from "../../helpers/github/trackedRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const configOf = ({ tickets }: { readonly tickets: string }) => readFileSync(path.join(tickets, "config.yml"), "utf8");

describe("ayo tracker add github", () => {
  test("shows the mapping and asks; writes the repository and its id; once more it keeps what was set", async () => {
    const [store, github] = await Promise.all([tempStore(), githubServer()]);
    onTestFinished(github.close);
    const { run, ayo } = repoOf(store, github);
    const line = ["tracker", "add", "github", "--repo", "acme/web", "--url", github.url];
    const asked = await run(...line);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("issues of repository acme/web at 127.")]);
    const shown = await ayo(...line, "--dry-run");
    expect(shown).toContain("closed       ↔  closed as completed\n");
    expect(shown).toContain("none there: they stay here");
    expect(configOf(store)).not.toContain("trackers");
    await ayo(...line, "--yes");
    expect(configOf(store)).toContain(`repo: acme/web, repo-id: '1001', url: '${github.url}', push: linked}`);
    await ayo("config", "trackers.github.comments", "people");
    await ayo("tracker", "map", "--person", "@coder=jo", "--state", "blocked=", "--state", "in_review=label:UI");
    await ayo(...line, "--yes");
    expect(configOf(store)).toMatch(/comments: people\n[\s\S]*in_review: 'label:ui'[\s\S]*'@coder': jo/);
    expect(github.offences).toEqual([]);
    store.judge();
  });

  test.each([
    [["--repo", "acme/nope"], 1, "GitHub has no repository acme/nope, or this token may not see it"],
    [["--repo", "acme/.."], 1, "acme/.. is no repository"],
    [["--repo", "acme/."], 1, "acme/. is no repository"],
    [["--repo", "acme/web", "--url", "x"], 2, "url must be an address such as https://github.example/api/v3"],
    [["--repo", "acme"], 1, "acme is no repository: give it as owner/name"],
    [["--team", "ENG"], 2, "github has no --team: it needs --repo, such as --repo acme/web"],
    [[], 2, "github needs --repo"],
    [["--repo", "acme/web", "--as", "@coder", "--yes"], 1, "only a person can connect"],
  ])("%j is refused", async (words, code, said) => {
    const [store, github] = await Promise.all([tempStore(), githubServer()]);
    onTestFinished(github.close);
    const at = words.includes("--url") ? [] : ["--url", github.url];
    const result = await repoOf(store, github).run("tracker", "add", "github", ...at, ...words);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(said)]);
    expect(configOf(store)).not.toContain("trackers");
  });

  test("without --repo it is that of the project's remote, however its address is written", async () => {
    const [store, github] = await Promise.all([tempStore(), githubServer()]);
    onTestFinished(github.close);
    const { ayo, run } = repoOf(store, github);
    const line = ["tracker", "add", "github", "--url", github.url, "--dry-run"];
    git(store.dir, "init", "--quiet");
    git(store.dir, "remote", "add", "origin", "https://github.com/acme/web.git");
    const withPort = ["ssh://git@github.com:22/acme/web.git", "ssh://git@ssh.github.com:443/acme/web.git"];
    for (const address of [
      "git@github.com:acme/web.git",
      "ssh://git@github.com/acme/web",
      "gh:acme/web",
      ...withPort,
    ]) {
      git(store.dir, "remote", "set-url", "origin", address);
      git(store.dir, "config", "url.https://me:secret@github.com/.insteadOf", "gh:");
      expect(await ayo(...line)).toContain("Would connect with repository acme/web");
    }
    git(store.dir, "remote", "set-url", "origin", "https://gitlab.com/acme/web");
    expect((await run(...line)).stderr).toContain("github needs --repo");
  });

  test("gh is asked for its token where somebody wanted that, and where the environment has none", async () => {
    const [store, github] = await Promise.all([tempStore(), githubServer()]);
    onTestFinished(github.close);
    const bin = tempDir();
    writeFileSync(
      path.join(bin, "gh"),
      `#!/bin/sh\necho "$*" >> ${bin}/asked\n[ "$2" = token ] && echo ${GITHUB_KEY}\n`,
    );
    chmodSync(path.join(bin, "gh"), 0o755);
    const env = { GITHUB_TOKEN: "", PATH: `${bin}:${process.env.PATH}` };
    const { run, ayo } = repoOf(store, github, env);
    const line = ["tracker", "add", "github", "--repo", "acme/web", "--url", github.url, "--yes"];
    const without = await run(...line);
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining("GITHUB_TOKEN is not set")]);
    await ayo(...line, "--gh");
    expect(await ayo("sync")).toBe("Nothing new at github (acme/web)");
    const { host } = new URL(github.url);
    const asked = readFileSync(path.join(bin, "asked"), "utf8").trim().split("\n");
    expect(new Set(asked)).toEqual(new Set([`auth token --hostname ${host}`]));
    expect(await ayo("tracker", "status")).not.toContain("not set");
    writeFileSync(path.join(bin, "gh"), "#!/bin/sh\nexit 1\n");
    const out = await run("sync", "github");
    expect([out.code, out.stderr]).toEqual([1, expect.stringContaining("gh has no token")]);
    expect(JSON.stringify(store.subjects()) + configOf(store)).not.toContain(GITHUB_KEY);
  });
});

describe("a store and a repository", () => {
  test("both ways: texts, states and why, labels, people, relations, comments only when asked for", async () => {
    const { ayo, sync, store, world, issueOf, ticketOf, quiet } = await trackedRepo();
    const one = await ayo("ticket", "create", "One", "-d", "ask @claude, see #3", "--tags", "bug,none", "-q");
    const two = await ayo("ticket", "create", "Two", "--dep", one, "--assignee", "mara", "-q");
    const part = await ayo("ticket", "create", "Part", "--parent", one, "-q");
    await ayo("ticket", "note", one, "A word.");
    const theirs = world.create({ title: "Theirs", body: "hello\r\nthere", labels: ["good first issue"] }, "mara");
    world.comment(theirs.number, "Soon?", "jo");
    await sync();
    const issue = issueOf(one);
    expect([issue.title, issue.labels, issue.body]).toEqual([
      "One",
      ["bug"],
      expect.stringMatching(/^ask `@claude`, see `#3`\n\n<!-- ayo:[\w-]{36} -->$/),
    ]);
    expect([issueOf(two).assignees, [...issueOf(two).blockedBy], issueOf(part).parent]).toEqual([
      ["mara"],
      [issue.number],
      issue.number,
    ]);
    // Notes of ours stay here where nobody asked for them to go.
    expect([...world.comments.values()].map(({ body }) => body)).toEqual(["Soon?"]);
    const id = ticketOf(theirs);
    const { ticket } = await store.json<{ ticket: Record<string, unknown> }>("ticket", "show", id);
    expect(ticket).toMatchObject({
      ...{ title: "Theirs", tags: ["good-first-issue"], origin: "github", provider: "github", externalKey: "#1" },
      notes: [{ by: "jo (github)", text: "Soon?" }],
    });
    await quiet();
    await ayo("ticket", "close", one, "--force");
    await ayo("ticket", "cancel", two);
    world.update(theirs.number, { state: "closed", state_reason: "not_planned" });
    await ayo("config", "trackers.github.comments", "people");
    await sync();
    expect([issueOf(one), issueOf(two)].map(({ state, reason }) => [state, reason])).toEqual([
      ["closed", "completed"],
      ["closed", "not_planned"],
    ]);
    expect(store.text(id)).toContain("status: cancelled");
    expect([...world.comments.values()].map(({ body }) => body.split("\n")[0])).toEqual(["Soon?", "A word."]);
    await quiet();
  });

  test("columns that GitHub has not stay here, or are labels: put there, taken off, and read back", async () => {
    const { ayo, run, sync, store, world, issueOf, quiet, writes } = await trackedRepo();
    const id = await ayo("ticket", "create", "One", "--tags", "doing", "-q");
    await sync();
    await ayo("ticket", "start", id);
    writes();
    await sync();
    expect(writes()).toEqual([]);
    await ayo("ticket", "reopen", id);
    await sync();
    const none = await run("tracker", "map", "--state", "in_progress=label:Doing");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("has no state 'label:Doing'")]);
    world.labels.push("Doing", "in review");
    const closed = await run("tracker", "map", "--state", "closed=label:Doing");
    expect([closed.code, closed.stderr]).toEqual([2, expect.stringContaining("closed is for what is finished")]);
    await ayo("tracker", "map", "--state", "in_progress=label:doing", "--state", "in_review=label:in review");
    await ayo("ticket", "start", id);
    await sync();
    expect(issueOf(id).labels).toEqual(["Doing"]);
    // A label that says a state is no tag, and a tag of its name no state.
    expect(store.text(id)).toContain("tags: [doing]");
    await quiet();
    world.update(issueOf(id).number, { labels: ["in review", "bug"] });
    await sync();
    expect(store.text(id)).toMatch(/status: in_review\n/);
    expect(store.text(id)).toMatch(/^tags: .*bug/m);
    await ayo("ticket", "close", id, "--force");
    await sync();
    expect([issueOf(id).state, issueOf(id).labels]).toEqual(["closed", ["bug"]]);
    await ayo("ticket", "reopen", id);
    await ayo("ticket", "start", id);
    await sync();
    expect([issueOf(id).state, issueOf(id).labels]).toEqual(["open", ["bug", "Doing"]]);
    world.update(issueOf(id).number, { labels: ["bug"] });
    await sync();
    expect(store.text(id)).toContain("status: open");
    await quiet();
  });

  test("whoever says yes hears that a repository is public", async () => {
    const { ayo, run, world } = await trackedRepo();
    world.isPrivate = false;
    await ayo("ticket", "create", "One", "-q");
    const { code, stderr } = await run("sync", "github");
    expect([code, stderr]).toEqual([2, expect.stringContaining("repository acme/web at 127.")]);
    expect(stderr).toContain("it is public, and the whole world will be able to read them");
    expect(world.issues.size).toBe(0);
  });

  test("a yes to a private repository is none to one that has become public, and says whose notes go", async () => {
    const { ayo, run, sync, world, writes } = await trackedRepo("linked");
    const [one, two] = [await ayo("ticket", "create", "One", "-q"), await ayo("ticket", "create", "Two", "-q")];
    await ayo("tracker", "publish", one, "--yes");
    world.isPrivate = false;
    // What comes needs none.
    world.update(1, { title: "There" });
    expect(await ayo("sync", "github")).toContain("1 ticket came");
    await ayo("config", "trackers.github.comments", "all");
    await ayo("ticket", "note", one, "Of an agent.", "--as", "@coder");
    writes();
    for (const line of [
      ["tracker", "publish", two],
      ["sync", "github"],
    ]) {
      const { code, stderr } = await run(...line);
      expect([code, stderr]).toEqual([2, expect.stringContaining("it is public, and the whole world")]);
    }
    expect((await run("sync", "github")).stderr).toContain("with the notes of people and agents");
    await ayo("config", "trackers.github.comments", "none");
    const agent = await run("tracker", "publish", two, "--yes", "--as", "@coder");
    expect([agent.code, writes()]).toEqual([1, []]);
    await ayo("tracker", "publish", two, "--yes");
    await ayo("ticket", "update", two, "--title", "Two two");
    await sync();
    expect(world.issue(2).title).toBe("Two two");
  });

  test("a ticket is found by its number, also one that an import brought", async () => {
    const { ayo, run, sync, world, ticketOf, store } = await trackedRepo("linked");
    const [issue, other] = [world.create({ title: "One" }, "mara"), world.create({ title: "Two" }, "mara")];
    const url = `https://github.com/acme/web/issues/${other.number}`;
    const imported = await ayo("ticket", "create", "Two", "--external-ref", url, "-q");
    await sync();
    expect([await ayo("ticket", "show", "#1", "-q"), store.files().length]).toEqual([ticketOf(issue), 2]);
    expect(await ayo("ticket", "show", "#2", "-q")).toBe(imported);
    const changing = await run("ticket", "close", "#2");
    expect([changing.code, changing.stderr]).toEqual([1, expect.stringContaining(`#2 is the issue of ${imported}`)]);
    expect(store.text(imported)).toContain(url);
  });
});

describe("which repository it is", () => {
  test("a new one of the same name gets nothing; connected, its numbers are its own", async () => {
    const { ayo, run, sync, world, github, issueOf, store, quiet } = await trackedRepo();
    const id = await ayo("ticket", "create", "One", "-q");
    await sync();
    expect(issueOf(id).number).toBe(1);
    world.repoId = 3003;
    const own = [...world.issues];
    world.issues.clear();
    world.create({ title: "Another" }, "mara");
    // Neither what is there comes, nor does anything go: by any command, and again after it was refused.
    for (const words of [["--yes"], ["--whole"], ["--yes"]]) {
      const stopped = await run("sync", "github", ...words);
      expect([stopped.code, stopped.stderr]).toEqual([
        1,
        expect.stringContaining("is another repository than the one"),
      ]);
      expect([world.issue(1).title, store.text(id)]).toEqual(["Another", expect.stringContaining("# One")]);
      if (words[0] === "--whole") await ayo("ticket", "update", id, "--title", "One and all");
    }
    await ayo("ticket", "update", id, "--title", "Changed");
    const line = ["tracker", "add", "github", "--repo", "acme/web", "--url", github.url, "--yes"];
    const { stderr } = await run(...line);
    expect(stderr).toContain("tickets of the place before stay as they are");
    await sync();
    expect([world.issue(1).title, store.text(id)]).toEqual(["Another", expect.stringContaining("# Changed")]);
    await quiet();
    // The right one again: what was its own is so once more, and nothing is made twice.
    world.repoId = 1001;
    world.issues.clear();
    for (const [number, issue] of own) world.issues.set(number, issue);
    await ayo(...line);
    await sync();
    expect(issueOf(id).number).toBe(1);
    expect([...world.issues.values()].map(({ title }) => title).sort()).toEqual(["One"]);
    expect(store.files().length).toBe(2);
  });

  test("another repository by hand in config.yml gets nothing of what was agreed on with the one before", async () => {
    const { ayo, run, sync, world, store } = await trackedRepo();
    await ayo("ticket", "create", "One", "-q");
    await sync();
    const file = path.join(store.tickets, "config.yml");
    writeFileSync(file, configOf(store).replace("1001", "4004"));
    world.repoId = 4004;
    const { code, stderr } = await run("sync", "github", "--yes");
    expect([code, stderr]).toEqual([1, expect.stringContaining("sync/github.json: what was agreed on is of another")]);
  });
});

test("hooks get no GITHUB_TOKEN; git does, for its helpers", async () => {
  const { ayo, store } = await trackedRepo("linked");
  const seen = path.join(tempDir(), "seen");
  mkdirSync(path.join(store.tickets, "hooks"), { recursive: true });
  writeFileSync(path.join(store.tickets, "hooks/ticket.created"), `#!/bin/sh\nenv > ${seen}\n`);
  chmodSync(path.join(store.tickets, "hooks/ticket.created"), 0o755);
  await ayo("hooks", "allow", "ticket.created", "-q");
  await ayo("ticket", "create", "One", "-q");
  expect(readFileSync(seen, "utf8")).not.toContain(GITHUB_KEY);
});
