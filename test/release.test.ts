import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { git } from "./helpers/git.ts";
import { hermeticEnv } from "./helpers/hermeticEnv.ts";
import { tempDir } from "./helpers/tempDir.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const LONG = process.env.AYO_LONG === "1";
/** Nobody listens there: what is not to be published cannot be. */
const NOWHERE = "http://127.0.0.1:9/";

const ADDRESSES = {
  author: "Somebody",
  homepage: "https://tiny.example",
  repository: { type: "git", url: "git+https://tiny.example/tiny.git" },
  bugs: { url: "https://tiny.example/bugs" },
};
const CHANGELOG = `# Changelog

Newest first.

## Unreleased

### Faster

- Less of it.
- More of it.

## 0.0.1 (2026-01-01)

- The beginning.
`;

/** What a build of the small package makes. */
const BUILD = `
import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.js", "export const one = 1;\\n");
writeFileSync("dist/index.d.ts", "export declare const one: number;\\n");
writeFileSync("dist/third-party-licences.txt", "other 1.0.0 (MIT)\\n\\nCopyright (c) Other\\n");
`;

/** A small package that is released by the scripts of this repository; its origin is a bare repository. */
function smallPackage({ registry = NOWHERE, manifest = {} as object } = {}): string {
  const dir = path.join(tempDir(), "tiny");
  const files: Record<string, string> = {
    "package.json": `${JSON.stringify({ ...manifestOf(registry), ...manifest }, null, 2)}\n`,
    "package-lock.json": JSON.stringify({ name: "tiny", version: "0.1.0", lockfileVersion: 3, packages: {} }),
    "CHANGELOG.md": CHANGELOG,
    "README.md": "# Tiny\n",
    LICENSE: "MIT License\n",
    "SECURITY.md": "# Security\n\n## Report\n\nWrite to security@tiny.example.\n\n## Other\n",
    ".gitignore": "node_modules\ndist/\n",
    ".ci/build.mjs": BUILD,
    "templates/guide/page.md": "# A page\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  for (const name of ["release.mjs", "release", "checkPackage.mjs"]) {
    cpSync(path.join(ROOT, ".ci", name), path.join(dir, ".ci", name), { recursive: true });
  }
  symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
  git(dir, "init", "--quiet", "--initial-branch=main");
  git(dir, "config", "user.name", "Releaser");
  git(dir, "config", "user.email", "releaser@tiny.example");
  git(dir, "add", ".");
  git(dir, "commit", "--quiet", "--message=all of it");
  git(dir, "clone", "--quiet", "--bare", dir, `${dir}-origin`);
  git(dir, "remote", "add", "origin", `${dir}-origin`);
  return dir;
}

function manifestOf(registry: string): object {
  return {
    name: "tiny-tickets",
    version: "0.1.0",
    description: "Small.",
    license: "MIT",
    type: "module",
    main: "./dist/index.js",
    types: "./dist/index.d.ts",
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    files: ["dist", "templates", "CHANGELOG.md"],
    publishConfig: { access: "public", registry },
    ...ADDRESSES,
  };
}

/** Runs the release script of a checkout; it must leave no files of its own in the folder for temporary ones. */
async function release(dir: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const temporary = tempDir();
  const env = { ...hermeticEnv(temporary), TMPDIR: path.join(temporary, "tmp"), npm_config_cache: `${temporary}/npm` };
  mkdirSync(env.TMPDIR);
  const { registry = "" } = JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")).publishConfig ?? {};
  const npmrc = `${registry.replace(/^https?:/, "")}:_authToken=secret\nupdate-notifier=false\n`;
  writeFileSync(path.join(temporary, ".npmrc"), npmrc);
  const script = path.join(dir, ".ci/release.mjs");
  const done = await new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: dir, env, encoding: "utf8" }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
  expect(readdirSync(env.TMPDIR)).toEqual([]);
  return done;
}

/** All that a release may change in a checkout. */
function stateOf(dir: string): string {
  const files = ["package.json", "package-lock.json", "CHANGELOG.md"].map((name) =>
    readFileSync(path.join(dir, name), "utf8"),
  );
  return [
    git(dir, "status", "--porcelain"),
    git(dir, "for-each-ref"),
    existsSync(path.join(dir, "dist")),
    ...files,
  ].join("\n");
}

describe("a release", () => {
  test("shows what it would do and leaves everything as it was", async () => {
    const dir = smallPackage();
    const before = stateOf(dir);
    const { code, out, err } = await release(dir, "minor");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("tiny-tickets-0.2.0.tgz: 8 files, nothing wrong");
    expect(out).toContain("2 entries become '## 0.2.0'");
    expect(out).toContain(`publish   tiny-tickets@0.2.0 to ${NOWHERE}`);
    expect(out).toContain("dry run: nothing was published, tagged or pushed");
    expect(out).not.toContain("missing");
    expect(stateOf(dir)).toBe(before);
  });

  test("is refused where something is not committed, on another branch, and for a version that exists", async () => {
    const dir = smallPackage();
    git(dir, "tag", "v0.1.1");
    git(dir, "switch", "--quiet", "--create", "other");
    writeFileSync(path.join(dir, "README.md"), "# Edited\n");
    const { code, err } = await release(dir, "patch");
    expect(code).toBe(1);
    expect(err).toContain("error: a release is made on main, this is other");
    expect(err).toMatch(/error: not everything is committed:\n +M README\.md/);
    expect(err).toContain("error: the tag v0.1.1 exists");
  });

  test("is refused for what is no version and for an older one", async () => {
    const dir = smallPackage();
    expect((await release(dir, "next")).err).toContain("'next' is no version");
    expect((await release(dir, "0.0.9")).err).toContain("0.0.9 is older than 0.1.0");
  });

  test("publishes nothing while the owner's addresses are missing, and names each", async () => {
    const missing = { author: undefined, homepage: "", repository: undefined, bugs: {} };
    const dir = smallPackage({ manifest: missing });
    writeFileSync(
      path.join(dir, "SECURITY.md"),
      "# Security\n\n## Report\n\nSay it.\n\n## More\n\nhttps://x.example\n",
    );
    git(dir, "commit", "--quiet", "--all", "--message=no address");
    const { code, err } = await release(dir, "minor", "--publish");
    expect(code).toBe(1);
    for (const name of ["repository", "bugs", "homepage", "author"]) expect(err).toContain(`package.json: ${name} (`);
    expect(err).toContain("SECURITY.md: an address under 'Report'");
    expect(err.match(/^error: /gm)).toHaveLength(5);
  });

  test("tells what is wrong with the package before anything is published", async () => {
    const dir = smallPackage({ manifest: { types: undefined, files: ["dist", ".ci/build.mjs"] } });
    writeFileSync(
      path.join(dir, ".ci/build.mjs"),
      `${BUILD}writeFileSync("dist/some.test.js", process.cwd());\nwriteFileSync("dist/third-party-licences.txt", "other 1.0.0 (MIT)\\n");\n`,
    );
    git(dir, "commit", "--quiet", "--all", "--message=more than is meant");
    const { code, out, err } = await release(dir, "minor");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("error: .ci/build.mjs is not meant to ship");
    expect(err).toContain("error: dist/some.test.js is not meant to ship");
    expect(err).toContain("error: dist/some.test.js names a folder of this machine");
    expect(err).toContain("error: CHANGELOG.md is missing or empty");
    expect(err).toContain("error: templates/guide/page.md is not in the package as it is here");
    expect(err).toContain("has no text for other 1.0.0 (MIT)");
  });

  test("publishes to the registry first, then commits, tags and pushes", async () => {
    const asked: { method: string; url: string; body: string }[] = [];
    const server = createServer(async (request, answer) => {
      let body = "";
      for await (const part of request) body += part;
      const { method = "", url = "" } = request;
      asked.push({ method, url, body });
      answer.writeHead(method === "PUT" ? 201 : 404, { "content-type": "application/json" }).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const dir = smallPackage({ registry });
    const { code, out, err } = await release(dir, "0.2.0", "--publish");
    expect({ code, err: err.replaceAll(/^npm .*\n/gm, "") }).toEqual({ code: 0, err: "" });
    expect(out).toContain("published, tagged and pushed 0.2.0");
    const [put] = asked.filter(({ method }) => method === "PUT");
    expect(put?.url).toBe("/tiny-tickets");
    expect(JSON.parse(put?.body ?? "")).toMatchObject({ access: "public", "dist-tags": { latest: "0.2.0" } });
    for (const place of [dir, `${dir}-origin`]) {
      expect(git(place, "log", "--format=%s by %an", "main")).toBe("release 0.2.0 by Releaser\nall of it by Releaser");
      expect(git(place, "rev-parse", "v0.2.0^{commit}")).toBe(git(place, "rev-parse", "main"));
      expect(git(place, "tag", "--list", "--format=%(contents)")).toContain("0.2.0\n\n### Faster\n\n- Less of it.");
    }
    expect(git(dir, "status", "--porcelain")).toBe("");
    expect(JSON.parse(readFileSync(path.join(dir, "package-lock.json"), "utf8")).version).toBe("0.2.0");
    expect(readFileSync(path.join(dir, "CHANGELOG.md"), "utf8")).toMatch(/^## Unreleased\n\n## 0\.2\.0 /m);
  });

  test.each(LONG ? ["this repository"] : [])(
    "of %s would ship what is meant to",
    async () => {
      const dir = path.join(tempDir(), "ayo");
      git(ROOT, "clone", "--quiet", ROOT, dir);
      git(dir, "switch", "--quiet", "-C", "main");
      git(dir, "config", "user.name", "Releaser");
      git(dir, "config", "user.email", "releaser@tiny.example");
      symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
      writeFileSync(path.join(dir, ".git/info/exclude"), "node_modules\n");
      const before = stateOf(dir);
      const { code, out, err } = await release(dir, "minor");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("files, nothing wrong");
      expect(stateOf(dir)).toBe(before);
    },
    300_000,
  );
});

describe("the changelog of a release", () => {
  const split = async (text: string, version = "0.2.0") => {
    const { releaseChangelog } = await import(path.join(ROOT, ".ci/release/changelog.mjs"));
    return releaseChangelog(text, version, "2026-11-28") as { text: string; notes: string };
  };

  test("has what was unreleased under the version, and is otherwise the same", async () => {
    const { text, notes } = await split(CHANGELOG);
    expect(text).toBe(CHANGELOG.replace("## Unreleased\n", "## Unreleased\n\n## 0.2.0 (2026-11-28)\n"));
    expect(notes).toBe("### Faster\n\n- Less of it.\n- More of it.");
  });

  test("is refused where nothing is unreleased, or the version is there", async () => {
    await expect(split("# Changelog\n\n## Unreleased\n\n### Faster\n\n## 0.0.1 (2026-01-01)\n\n- x\n")).rejects.toThrow(
      "says nothing under '## Unreleased'",
    );
    await expect(split("# Changelog\n\n- x\n")).rejects.toThrow("must have one line '## Unreleased'");
    await expect(split(CHANGELOG, "0.0.1")).rejects.toThrow("has a section of 0.0.1 already");
  });
});
