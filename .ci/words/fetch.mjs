// Brings the sources of sources.mjs into a folder, each unpacked under its name; what is there already is left as it is.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { DEBIAN, NPM } from "./sources.mjs";

const run = (cwd, command, ...args) => execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });

/** Unpacks beside its place, so that what was interrupted is fetched again. */
function once(folder, name, unpack) {
  const place = path.join(folder, name.replaceAll("/", "+"));
  if (existsSync(place)) return place;
  const beside = mkdtempSync(path.join(folder, ".fetching-"));
  try {
    unpack(beside);
    renameSync(path.join(beside, "unpacked"), place);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return place;
}

const only = (folder, ending) =>
  path.join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(ending)),
  );

function debian(folder, name, version) {
  return once(folder, name, (beside) => {
    run(beside, "apt-get", "download", "-q", `${name}=${version}`);
    run(beside, "dpkg-deb", "-x", only(beside, ".deb"), path.join(beside, "unpacked"));
  });
}

function npm(folder, name, version, licence) {
  const place = once(folder, name, (beside) => {
    run(beside, "npm", "pack", "--silent", `${name}@${version}`);
    mkdirSync(path.join(beside, "unpacked"));
    run(beside, "tar", "xzf", only(beside, ".tgz"), "-C", "unpacked", "--strip-components=1");
  });
  const said = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8"));
  if (said.version !== version || said.license !== licence) {
    throw new Error(`${name} is ${said.version} under ${said.license}, not ${version} under ${licence}`);
  }
  return place;
}

/** The folders of all sources. */
export function fetchSources(folder) {
  mkdirSync(folder, { recursive: true });
  return {
    debian: DEBIAN.map(([name, version, , parts]) => ({ place: debian(folder, name, version), parts })),
    npm: NPM.map(([name, version, licence]) => ({ place: npm(folder, name, version, licence) })),
  };
}
