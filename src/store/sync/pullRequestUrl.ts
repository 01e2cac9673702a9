/** What a pull request is made of: where the project comes from, what the work lands on, and its branch there. */
export interface Proposed {
  /** As git has it; a name or a password in it is left out. */
  readonly remote: string;
  readonly base: string;
  readonly branch: string;
}

interface Place {
  /** `https://git.example:8443`. */
  readonly origin: string;
  readonly host: string;
  readonly path: readonly string[];
}

type Kind = (place: Place, base: string, branch: string) => string | undefined;

/** Hosts that take SSH on port 443. */
const BY_SSH: Readonly<Record<string, string>> = {
  "ssh.github.com": "github.com",
  "altssh.gitlab.com": "gitlab.com",
  "altssh.bitbucket.org": "bitbucket.org",
};

/** What stands in the name of a host says which program it is; of others nobody knows which addresses they have. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/(?:^|[.-])github(?:[.-]|$)/, (place, base, branch) => compare(place, base, branch, "?expand=1")],
  [/(?:^|[.-])gitlab(?:[.-]|$)/, gitlab],
  [/(?:^|[.-])bitbucket(?:[.-]|$)/, bitbucket],
  [/(?:^|[.-])(?:gitea|forgejo|codeberg)(?:[.-]|$)/, (place, base, branch) => compare(place, base, branch, "")],
];

/**
 * The page on which a pull request (GitHub, Gitea, Forgejo, Bitbucket) or merge request (GitLab) of a branch is made, by the
 * address of the remote alone: nothing is asked of it. Undefined for a place that is none of these.
 */
export function pullRequestUrl({ remote, base, branch }: Proposed): string | undefined {
  const place = placeOf(remote.trim());
  if (place === undefined || base === branch) return undefined;
  const kind = KINDS.find(([name]) => name.test(place.host))?.[1];
  return kind?.(place, base, branch);
}

function compare({ origin, path }: Place, base: string, branch: string, more: string): string | undefined {
  if (path.length !== 2) return undefined;
  return `${origin}/${path.join("/")}/compare/${inPath(base)}...${inPath(branch)}${more}`;
}

function gitlab({ origin, path }: Place, base: string, branch: string): string {
  const query = new URLSearchParams({
    "merge_request[source_branch]": branch,
    "merge_request[target_branch]": base,
  });
  return `${origin}/${path.join("/")}/-/merge_requests/new?${query}`;
}

/** bitbucket.org, and the program for one's own machines, whose clones are below `/scm/`. */
function bitbucket({ origin, host, path }: Place, base: string, branch: string): string | undefined {
  const [owner = "", name = "", ...more] = path[0] === "scm" ? path.slice(1) : path;
  if (name === "" || more.length > 0) return undefined;
  if (host === "bitbucket.org") {
    const query = new URLSearchParams({ source: branch, dest: base });
    return `${origin}/${owner}/${name}/pull-requests/new?${query}`;
  }
  const query = new URLSearchParams({ sourceBranch: `refs/heads/${branch}`, targetBranch: `refs/heads/${base}` });
  const whose = owner.startsWith("~") ? `users/${owner.slice(1)}` : `projects/${owner}`;
  return `${origin}/${whose}/repos/${name}/pull-requests?create&${query}`;
}

function inPath(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** Where a remote's pages are: by https, unless it is fetched by http; the port of SSH is not that of pages. */
function placeOf(remote: string): Place | undefined {
  const isUrl = /^[a-z][a-z+.-]*:\/\//i.test(remote);
  const short = isUrl ? null : /^(?:[^@/:]+@)?([^@/:]+):(?!\/\/)\/*(.+)$/.exec(remote);
  if (!isUrl && short === null) return undefined;
  const url = parsed(short === null ? remote : `ssh://${short[1]}/${short[2]}`);
  if (url === undefined) return undefined;
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb && !["ssh:", "git+ssh:", "git:"].includes(url.protocol)) return undefined;
  const host = BY_SSH[url.hostname.toLowerCase()] ?? url.hostname.toLowerCase();
  const path = url.pathname
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split("/")
    .filter((part) => part !== "");
  const isPlain = path.length >= 2 && path.every((part) => /^[\w.~-]+$/.test(part) && !/^\.+$/.test(part));
  if (!isPlain || !/^[a-z0-9.-]+$/.test(host)) return undefined;
  const port = isWeb && url.port !== "" ? `:${url.port}` : "";
  return { origin: `${url.protocol === "http:" ? "http" : "https"}://${host}${port}`, host, path };
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
