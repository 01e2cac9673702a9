import path from "node:path";

/** `dir` from `root` with `/`, or undefined where it lies outside. */
export function relativeTo(root: string, dir: string): string | undefined {
  const relative = withSlashes(path.relative(root, dir));
  return relative === "" || relative.startsWith("../") || path.isAbsolute(relative) ? undefined : relative;
}

/** A path as all systems write it. */
export function withSlashes(file: string): string {
  return file.split(path.sep).join("/");
}
