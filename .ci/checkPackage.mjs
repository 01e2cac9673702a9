// Checks a packed package as its users will find it: publint, are-the-types-wrong, what ships and what must not.
// Usage: node .ci/checkPackage.mjs <package.tgz>
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage as checkTypes, createPackageFromTarballData, Package } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** Ships besides the templates; whatever else is found in a package was not meant to be there. */
const MEANT = [
  /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/(?:index\.js|third-party-licences\.txt)$/,
  /^dist\/(?:[\w-]+\/)*[\w-]+\.d\.ts$/,
  /^dist\/cli\/(?:ayo\.cjs|package\.json|[\w-]+\.js(?:(?:\.changes)?\.cache)?)$/,
  /^dist\/web\/(?:index\.html|icon\.svg|manifest\.webmanifest|icon-[\w-]+\.png|[\w-]+\.(?:js|css))$/,
  /^src\/search\/data\/(?:README\.md|sources\.txt|words\.bin)$/,
  /^templates\/(?!guide\/pictures\/)/,
];
/** Must be there and say something. */
const NEEDED = [
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "dist/third-party-licences.txt",
  "dist/index.js",
  "dist/index.d.ts",
];
/** More than this was not meant, unpacked. */
const MAX_MEGABYTES = 20;
/** The library is an ES module, which Node can `require` since 20.19, the oldest that `engines` allows. */
const ACCEPTED = new Set(["CJSResolvesToESM"]);

/** What is wrong with a package, a sentence each, and what it holds. `root` is the checkout that it was packed from. */
export async function checkPackage(tarball, root) {
  const bytes = readFileSync(tarball);
  const files = filesOf(bytes);
  const manifest = JSON.parse(files.get("package.json"));
  const problems = [
    ...unmeant(files),
    ...unsaid(files),
    ...(await unlike(files, root)),
    ...(await publintOf(bytes, manifest)),
    ...(await typesOf(files, manifest)),
  ];
  return { problems, files: [...files.keys()].sort(), manifest };
}

/** The package's files by their path in it; text where it is text. */
function filesOf(bytes) {
  const packed = createPackageFromTarballData(new Uint8Array(bytes));
  const folder = `/node_modules/${packed.packageName}/`;
  return new Map(packed.listFiles().map((file) => [file.slice(folder.length), packed.readFile(file)]));
}

function unmeant(files) {
  const names = [...files.keys()].filter((name) => !MEANT.some((pattern) => pattern.test(name)));
  const size = [...files.values()].reduce((sum, text) => sum + text.length, 0) / 1e6;
  return [
    ...names.map((name) => `${name} is not meant to ship`),
    ...(size > MAX_MEGABYTES ? [`${size.toFixed(1)} MB unpacked; more than ${MAX_MEGABYTES} were not meant`] : []),
  ];
}

function unsaid(files) {
  const licences = files.get("dist/third-party-licences.txt") ?? "";
  const silent = licences
    .split(/\n-{100}\n/)
    .map((licence) => licence.trim().split("\n"))
    .filter((lines) => lines[0] !== "" && lines.slice(1).join("").trim() === "");
  return [
    ...NEEDED.filter((name) => !files.get(name)?.trim()).map((name) => `${name} is missing or empty`),
    ...silent.map(([name]) => `dist/third-party-licences.txt has no text for ${name}`),
  ];
}

/** Every template and page of the guide ships as it is in the checkout, and nothing tells where it was built. */
async function unlike(files, root) {
  const folder = path.join(root, "templates");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const templates = entries.map((entry) => path.join(entry.parentPath, entry.name));
  const nameOf = (file) => path.relative(root, file).replaceAll("\\", "/");
  const shipped = templates.filter((file) => !nameOf(file).startsWith("templates/guide/pictures/"));
  const lost = shipped.filter((file) => files.get(nameOf(file)) !== readFileSync(file, "utf8"));
  const here = [realpathSync(root), realpathSync(path.join(root, "node_modules"))];
  const telling = [...files].filter(([, text]) => here.some((place) => text.includes(place)));
  return [
    ...lost.map((file) => `${nameOf(file)} is not in the package as it is here`),
    ...telling.map(([name]) => `${name} names a folder of this machine`),
  ];
}

async function publintOf(bytes, manifest) {
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages } = await publint({ pack: { tarball }, level: "suggestion", strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false })}`);
}

/** Types are judged without the bundles of the command line and the board, which have none. */
async function typesOf(files, { name, version }) {
  const typed = [...files].filter(([file]) => !/^(?:dist\/(?:cli|web)|src|templates)\//.test(file));
  const named = Object.fromEntries(typed.map(([file, text]) => [`/node_modules/${name}/${file}`, text]));
  const { types, problems = [] } = await checkTypes(new Package(named, name, version));
  if (!types) return ["types: the package has none"];
  return problems
    .filter(({ kind }) => !ACCEPTED.has(kind))
    .map(({ kind, entrypoint, resolutionKind }) => {
      const where = entrypoint === undefined ? "" : ` of ${path.posix.join(name, entrypoint)} for ${resolutionKind}`;
      return `types: ${kind}${where} (https://github.com/arethetypeswrong/arethetypeswrong.github.io/tree/main/docs/problems)`;
    });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [tarball] = process.argv.slice(2);
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const { problems, files } = await checkPackage(tarball, root);
  for (const problem of problems) console.error(`error: ${problem}`);
  console.log(`${path.basename(tarball)}: ${files.length} files, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
