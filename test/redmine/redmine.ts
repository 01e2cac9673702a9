import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Whether the syncer is to be run against a real Redmine. */
export const REDMINE = process.env.AYO_REDMINE === "1";

const HERE = import.meta.dirname;
/** What makes the database, and what serves it. */
export const SCRIPTS = ["setup.rb", "serve.rb"].map((name) => path.join(HERE, name));

/** Where Redmine is kept between runs. */
export const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "ayo-redmine");

/** The directory that Redmine, Ruby and all that they need lie in, as in a system of their own. */
export function rootOf(): string {
  const made = [...SCRIPTS, path.join(HERE, "installRedmine.ts")].map((file) => readFileSync(file, "utf8"));
  return path.join(CACHE, `redmine-${createHash("sha256").update(made.join("\n")).digest("hex").slice(0, 12)}`);
}

/** What is kept of a database: its directory in {@link rootOf}. Each server has a copy of it. */
export const STATE = "var/lib/redmine";

/** Environment of everything in there. */
export const ENV = {
  ...{ PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: "/tmp", LANG: "C.UTF-8", TZ: "UTC" },
  ...{ REDMINE_INSTANCE: "default", RAILS_ENV: "production", SCHEMA: "/dev/null" },
};

/** The words of a command that runs another one in a root of its own, with one directory of it elsewhere. */
export function within(root: string, state: string, command: readonly string[]): [string, string[]] {
  const script = `mount --rbind /dev "$1/dev" && mount --bind "$2" "$1/${STATE}" && cd / && root=$1 && shift 2 && exec chroot "$root" "$@"`;
  return ["unshare", ["--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", root, state, ...command]];
}

/** Says why no Redmine is run, unless only other tests were asked for. */
export function sayWhyNoRedmine(words: readonly string[]): void {
  const named = words.filter((word) => /^test(?:\/|$)|\.ts$/.test(word) && !word.endsWith("vitest.config.ts"));
  if (REDMINE || (named.length > 0 && !named.some((word) => word.startsWith("test/redmine")))) return;
  console.warn(
    `test/redmine is not run: it is for a real Redmine, 65 MB of Debian's packages into ${CACHE}. AYO_REDMINE=1 runs it.`,
  );
}
