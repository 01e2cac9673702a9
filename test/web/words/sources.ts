import { readdirSync } from "node:fs";
import path from "node:path";
import type { Node, SourceFile } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";

const WEB = path.resolve(import.meta.dirname, "../../../src/web");

/** A file of the board, outside of its words. */
export interface Source {
  /** From src/web: `board/laneView.tsx`. */
  readonly name: string;
  readonly file: SourceFile;
}

/** The board's own sources, as TypeScript reads them: its interface for programs is not settled, its version is ours to choose. */
export function readSources(): readonly Source[] {
  const api = new API({ cwd: WEB });
  const project = api.updateSnapshot({ openProjects: [path.join(WEB, "tsconfig.json")] }).getProjects()[0];
  const names = readdirSync(WEB, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("words/"));
  try {
    return names.map((name) => {
      const file = project?.program.getSourceFile(path.join(WEB, name));
      if (file === undefined) throw new Error(`${name} is not in src/web/tsconfig.json`);
      return { name, file };
    });
  } finally {
    api.close();
  }
}

/** A node and all that is in it. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

/** What a node is in, the nearest first. */
export function* around(node: Node): Generator<Node> {
  for (let at = node.parent; at !== undefined; at = at.parent) yield at;
}

/** `page/keys.ts:12`. */
export function placeOf({ name, file }: Source, node: Node): string {
  const before = file.text.slice(0, node.getStart(file));
  return `${name}:${before.split("\n").length}`;
}
