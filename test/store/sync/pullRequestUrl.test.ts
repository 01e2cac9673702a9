import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pullRequestUrl } from "../../../src/store/sync/pullRequestUrl.ts";

const of = (remote: string, base = "main", branch = "ayo/work/sho-1"): string | undefined =>
  pullRequestUrl({ remote, base, branch });
const GITHUB = "https://github.com/mara/shorty/compare/main...ayo/work/sho-1?expand=1";

describe("the page for a pull request", () => {
  test.each([
    ["https://github.com/mara/shorty.git", GITHUB],
    ["https://mara:ghp_secret@github.com/mara/shorty", GITHUB],
    ["git@github.com:mara/shorty.git", GITHUB],
    ["ssh://git@ssh.github.com:443/mara/shorty.git/", GITHUB],
    ["git://github.com/mara/shorty", GITHUB],
    ["github.com:mara/shorty", GITHUB],
    [
      "git@gitlab.example.org:team/web/shorty.git",
      "https://gitlab.example.org/team/web/shorty/-/merge_requests/new?merge_request%5Bsource_branch%5D=ayo%2Fwork%2Fsho-1&merge_request%5Btarget_branch%5D=main",
    ],
    [
      "https://x-token@bitbucket.org/mara/shorty.git",
      "https://bitbucket.org/mara/shorty/pull-requests/new?source=ayo%2Fwork%2Fsho-1&dest=main",
    ],
    [
      "https://bitbucket.corp.example/scm/web/shorty.git",
      "https://bitbucket.corp.example/projects/web/repos/shorty/pull-requests?create&sourceBranch=refs%2Fheads%2Fayo%2Fwork%2Fsho-1&targetBranch=refs%2Fheads%2Fmain",
    ],
    ["http://gitea.local:3000/mara/shorty", "http://gitea.local:3000/mara/shorty/compare/main...ayo/work/sho-1"],
    ["ssh://git@codeberg.org:22/mara/shorty", "https://codeberg.org/mara/shorty/compare/main...ayo/work/sho-1"],
  ])("of %s", (remote, url) => {
    expect(of(remote)).toBe(url);
  });

  test.each([
    "/srv/git/shorty.git",
    "../shorty",
    "file:///srv/github/shorty.git",
    "https://git.example.org/mara/shorty",
    "https://github.com/mara",
    "https://github.com/a/b/c",
    "https://github.com/../../x",
    "https://github.com.evil.example/x y/z",
    "javascript://github.com/%0aalert(1)/x",
    "https://github.com/mara/<script>",
    "",
  ])("is not known for %s", (remote) => {
    expect(of(remote)).toBeUndefined();
  });

  test("of no branch against itself; of branches whatever they are called", () => {
    expect(of("https://github.com/mara/shorty", "main", "main")).toBeUndefined();
    expect(of("https://github.com/mara/shorty", "a b", "x?y#z&ü")).toBe(
      "https://github.com/mara/shorty/compare/a%20b...x%3Fy%23z%26%C3%BC?expand=1",
    );
  });

  test("is an address of that host without a name or a password, whatever the remote is", () => {
    const part = fc.string({ unit: fc.constantFrom(..."a:@/.?#% secret"), maxLength: 12 });
    fc.assert(
      fc.property(part, part, fc.constantFrom("https://", "ssh://", "", "http://"), (user, path, scheme) => {
        const url = of(`${scheme}secret${user}@github.com/${path}`) ?? of(`${user}secret@gitlab.com:${path}`);
        if (url === undefined) return;
        const { username, password, protocol, host } = new URL(url);
        expect([username, password]).toEqual(["", ""]);
        expect(["https:", "http:"]).toContain(protocol);
        expect(host).toMatch(/git(?:hub|lab)/);
      }),
    );
  });
});
