// Modules that only work something out are worked out by the build: what they export stands in their place.
import { build } from "esbuild";

const MODULES = /[\\/]search[\\/]words[\\/]stemmed\.ts$/;

/** A plugin of esbuild. */
export const atBuild = {
  name: "at build",
  setup({ onLoad }) {
    onLoad({ filter: MODULES }, async ({ path }) => {
      const bundle = await build({ entryPoints: [path], bundle: true, platform: "node", format: "esm", write: false });
      const url = `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString("base64")}`;
      const lines = Object.entries(await import(url)).map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
      );
      return { contents: lines.join("\n"), loader: "js" };
    });
  },
};
