// Parts of packages that both bundles do without: what they would load costs milliseconds of every command.

/** gray-matter's engines without js-yaml 3 and without eval: our code hands it its own YAML engine. */
const ENGINES = `
const refuse = () => { throw new Error("only YAML front matter is supported"); };
module.exports = { yaml: { parse: refuse, stringify: refuse }, json: { parse: JSON.parse, stringify: JSON.stringify } };
`;

/** What signal-exit uses of node:assert, which loads streams, colours and process.stderr. */
const ASSERT = `
exports.equal = (actual, expected, message) => { if (actual != expected) throw new TypeError(message); };
`;

/** node:module, of which yargs-parser uses createRequire for configuration files; ours has none. */
const NO_REQUIRE = "export const createRequire = undefined;";

/** What is put in place of a file of a package, or of a module of Node where a package asks for it. */
export const slimPackages = {
  name: "slim-packages",
  setup(build) {
    build.onLoad({ filter: /gray-matter[\\/]lib[\\/]engines\.js$/ }, () => ({ contents: ENGINES, loader: "js" }));
    const stands = (module, importer, contents) => {
      build.onResolve({ filter: new RegExp(`^(node:)?${module}$`) }, (args) =>
        importer.test(args.importer) ? { path: module, namespace: "slim-packages" } : undefined,
      );
      build.onLoad({ filter: new RegExp(`^${module}$`), namespace: "slim-packages" }, () => ({ contents }));
    };
    stands("assert", /signal-exit[\\/]index\.js$/, ASSERT);
    stands("module", /yargs-parser[\\/]build[\\/]lib[\\/]index\.js$/, NO_REQUIRE);
  },
};
