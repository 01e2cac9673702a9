import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { CACHE, ENV, rootOf, SCRIPTS, STATE, within } from "./redmine.ts";

const PACKAGES = ["redmine", "redmine-sqlite", "puma"];
/** Debian's scripts, which nobody runs here, would make these. */
const LINKED = ["bin", "sbin", "lib", "lib64"];

const DATABASE = `production:
  adapter: sqlite3
  database: /${STATE}/default/redmine.db
  encoding: utf8
  timeout: 20000
`;

/** Has Redmine, from the cache or from Debian's packages; the system itself stays as it is. @throws without */
export function installRedmine(): string {
  const root = rootOf();
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true });
  run(["unshare", ["--map-root-user", "--mount", "true"]], "this system lets nobody make namespaces of their own");
  // Whoever is stopped on the way leaves nothing that looks like a whole one.
  const folder = mkdtempSync(path.join(CACHE, "installing-"));
  try {
    unpack(folder, download(folder));
    makeDatabase(folder);
    for (const old of readdirSync(CACHE)) {
      if (old.startsWith("redmine-")) rmSync(path.join(CACHE, old), { recursive: true, force: true });
    }
    renameSync(folder, root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return root;
}

function run([command, args]: [string, string[]], hint = ""): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...{ encoding: "utf8", timeout: 600_000, maxBuffer: 64 * 1024 * 1024 },
    env: { ...process.env, ...ENV },
  });
  if (status === 0) return stdout;
  const said = [error?.message, stdout.slice(-2000), stderr.slice(-2000)].filter((part) => part).join("\n");
  throw new Error(`AYO_REDMINE=1: ${command} ${args[0] ?? ""} failed${hint === "" ? "" : ` (${hint})`}:\n${said}`);
}

/** Downloads the packages and all that they need, down to the C library: as if nothing were installed. */
function download(folder: string): readonly string[] {
  const debs = path.join(folder, "debs");
  mkdirSync(path.join(debs, "partial"), { recursive: true });
  writeFileSync(path.join(folder, "status"), "");
  const settings = [
    `Dir::State::status=${path.join(folder, "status")}`,
    `Dir::Cache::archives=${debs}`,
    ...["Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache=", "Debug::NoLocking=1", "APT::Sandbox::User=root"],
  ];
  const options = ["-y", "--no-install-recommends", "--download-only", ...settings.flatMap((one) => ["-o", one])];
  run(["apt-get", [...options, "install", ...PACKAGES]], "it takes Debian's packages; 'apt-get update' may be due");
  return readdirSync(debs)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => path.join(debs, name));
}

function unpack(folder: string, debs: readonly string[]): void {
  for (const dir of ["dev", "proc", "run", "tmp"]) mkdirSync(path.join(folder, dir));
  for (const dir of LINKED) {
    mkdirSync(path.join(folder, "usr", dir), { recursive: true });
    symlinkSync(`usr/${dir}`, path.join(folder, dir));
  }
  const script = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"';
  for (const deb of debs) run(["/bin/sh", ["-c", script, "sh", deb, folder]]);
  rmSync(path.join(folder, "debs"), { recursive: true });
}

/** What Debian's scripts would do after the installation, and what a project needs. */
function makeDatabase(folder: string): void {
  const state = path.join(folder, STATE);
  for (const dir of ["config", "log", "files", "tmp", "public/plugin_assets"])
    mkdirSync(path.join(state, "default", dir), { recursive: true });
  writeFileSync(path.join(state, "default/config/database.yml"), DATABASE);
  writeFileSync(path.join(state, "default/config/secret_key.txt"), "0123456789abcdef0123456789abcdef\n");
  writeFileSync(path.join(folder, "usr/share/redmine/Gemfile.local"), 'gem "puma"\n');
  for (const file of SCRIPTS) copyFileSync(file, path.join(folder, "usr/share/redmine", path.basename(file)));
  const ruby = (...args: string[]): string => run(within(folder, state, ["/usr/bin/ruby", ...args]));
  const inPlace = (program: string): string => `Dir.chdir("/usr/share/redmine"); load "${program}"`;
  ruby("-e", inPlace("/usr/bin/bundle"), "install", "--local", "--quiet");
  ruby("-e", inPlace("/usr/share/redmine/bin/rake"), "db:migrate");
  writeFileSync(path.join(folder, "facts.json"), ruby("/usr/share/redmine/setup.rb"));
}
