import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

let code: string | undefined;

/** reader.ts with all that it needs, as one program. The build puts its text in place of this (.ci/atBuild.mjs). */
export function readerCode(): string {
  code ??= bundled();
  return code;
}

function bundled(): string {
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const entry = fileURLToPath(new URL("./reader.ts", import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
