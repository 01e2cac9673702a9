// Modules that only work something out are worked out by the build: what they export stands in their place.
import path from "node:path";
import { build } from "esbuild";

const MODULES = /[\\/]search[\\/]words[\\/]stemmed\.ts$/;
/** Modules that export the text of the program beside them: `checkerCode.ts` that of `checker.ts`. */
const CODES = /[\\/](?:store[\\/]outputs[\\/]checker|server[\\/]markdown[\\/]reader)Code\.ts$/;

/** What esbuild says of the programs that it put into texts: their packages have licences too. */
export const programsInTexts = [];

/** A plugin of esbuild. */
export const atBuild = {
  name: "at build",
  setup({ onLoad, initialOptions }) {
    onLoad({ filter: MODULES }, async ({ path }) => {
      const bundle = await build({ entryPoints: [path], bundle: true, platform: "node", format: "esm", write: false });
      const url = `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString("base64")}`;
      const lines = Object.entries(await import(url)).map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
      );
      return { contents: lines.join("\n"), loader: "js" };
    });
    onLoad({ filter: CODES }, async ({ path: file }) => {
      const bundle = await build({
        absWorkingDir: initialOptions.absWorkingDir,
        entryPoints: [file.replace(/Code\.ts$/, ".ts")],
        bundle: true,
        minify: true,
        platform: "node",
        target: initialOptions.target,
        format: "cjs",
        preserveSymlinks: true,
        metafile: true,
        write: false,
      });
      programsInTexts.push(bundle.metafile);
      const text = JSON.stringify(bundle.outputFiles[0].text);
      return { contents: `export const ${path.basename(file, ".ts")} = () => ${text};`, loader: "js" };
    });
  },
};
