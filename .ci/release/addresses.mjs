/** What only the owner can say: each has a test that it is there and, for the message, what it is. */
const ADDRESSES = [
  ["package.json: repository", ({ repository }) => repository?.url ?? repository, "where the sources are"],
  ["package.json: bugs", ({ bugs }) => bugs?.url ?? bugs?.email ?? bugs, "where users report faults"],
  ["package.json: homepage", ({ homepage }) => homepage, "the page to begin with"],
  ["package.json: author", ({ author }) => author?.name ?? author, "who answers for the package"],
];

/** The addresses that are missing, one a line; SECURITY.md must have one to write to under "Report". */
export function missingAddresses(manifest, security) {
  const missing = ADDRESSES.filter(([, read]) => !isSaid(read(manifest)));
  const report = /^## Report\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(security)?.[1] ?? "";
  return [
    ...missing.map(([where, , what]) => `${where} (${what})`),
    ...(/https:\/\/\S|\S@\S+\.\S/.test(report) ? [] : ["SECURITY.md: an address under 'Report' (mail, or https://)"]),
  ];
}

function isSaid(value) {
  return typeof value === "string" && value.trim() !== "";
}
