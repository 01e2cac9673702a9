import { type SpawnOptions, spawn } from "node:child_process";
import path from "node:path";
import { buildSync } from "esbuild";

/**
 * Runs TypeScript source in a Node process of its own, with `args` in `process.argv` from 2 on, and returns its
 * stdout; `@git/` in an import stands for src/git/. @throws with its stderr if it fails
 */
export async function runModule(
  source: string,
  args: readonly string[],
  options: SpawnOptions & { readonly bundleDir: string },
): Promise<string> {
  const outfile = path.join(options.bundleDir, `module-${Math.random().toString(36).slice(2)}.mjs`);
  buildSync({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    alias: { "@git": path.resolve(import.meta.dirname, "../../src/git") },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
  });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [outfile, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout?.on("data", (chunk) => (out += chunk));
    child.stderr?.on("data", (chunk) => (err += chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(new Error(`exit ${code}: ${err}`))));
  });
}
