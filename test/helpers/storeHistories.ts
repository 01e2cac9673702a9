import { createHash } from "node:crypto";
import { compareStamps, type Stamp, type Stamps } from "../../src/ticket/merge/sides.ts";
import { type Stamped, stampsAfter } from "../../src/ticket/merge/stamps.ts";
import { mergeTrees } from "../../src/ticket/merge/trees/mergeTrees.ts";
import { type Content, isTicketFile, nameIn, type Told, type TreeSide } from "../../src/ticket/merge/trees/trees.ts";
import { DEFAULT_BOARD } from "../../src/ticket/rules/board.ts";
import { parseFrontMatter } from "../../src/ticket/text/frontMatter.ts";
import { formatTime } from "../../src/ticket/time.ts";

/** Texts by path. */
export type Texts = ReadonlyMap<string, string>;

/** A commit of a store, in memory. */
export interface Commit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly files: Texts;
  readonly stamp: Stamp;
  /** What its merge told. */
  readonly told: readonly Told[];
}

/** Commits of stores and their merges, as a caller of mergeTrees makes them. */
export class Histories {
  readonly #commits = new Map<string, Commit>();

  get(oid: string): Commit {
    return this.#commits.get(oid) as Commit;
  }

  /** A commit by somebody; its time is never below its parents'. */
  commit(parents: readonly string[], files: Texts, by: Omit<Stamp, "oid">, told: readonly Told[] = []): string {
    const time = Math.max(by.time, ...parents.map((parent) => this.get(parent).stamp.time));
    const content = JSON.stringify([parents, [...files].sort(), { ...by, time }]);
    const oid = createHash("sha1").update(content).digest("hex");
    this.#commits.set(oid, { oid, parents, files, stamp: { ...by, time, oid }, told });
    return oid;
  }

  /** What pulling one into the other leaves: the later one, or their merge. */
  merge(one: string, other: string): string {
    if (this.#reach([one]).has(other)) return one;
    if (this.#reach([other]).has(one)) return other;
    const parents = [one, other].sort();
    const bases = this.#bases(one, other);
    const base = bases.reduce((merged, next) => this.merge(merged, next));
    const [a, b] = parents.map((oid) => this.#side(oid, this.#reach(bases))) as [TreeSide, TreeSide];
    const time = Math.max(a.tip.time, b.tip.time);
    const read = (text: string): Uint8Array => new TextEncoder().encode(text);
    const context = { read, at: formatTime(time), board: DEFAULT_BOARD };
    const { files, told } = mergeTrees(contentsOf(this.get(base).files), a, b, context);
    const texts = new Map([...files].map(([path, content]) => [path, "text" in content ? content.text : content.blob]));
    return this.commit(parents, texts, { by: "ayo", kind: "agent", time }, told);
  }

  #reach(tips: readonly string[]): Set<string> {
    const reached = new Set(tips);
    for (const oid of reached) for (const parent of this.get(oid).parents) reached.add(parent);
    return reached;
  }

  /** The common ancestors that no other one comes after. */
  #bases(one: string, other: string): string[] {
    const others = this.#reach([other]);
    const common = [...this.#reach([one])].filter((oid) => others.has(oid));
    const passed = this.#reach(common.flatMap((oid) => this.get(oid).parents));
    return common.filter((oid) => !passed.has(oid)).sort();
  }

  #side(tip: string, known: ReadonlySet<string>): TreeSide {
    const fresh = [...this.#reach([tip])].filter((oid) => !known.has(oid));
    const stamped = new Map<string, ReadonlyMap<string, Stamped>>();
    const at = (oid: string): ReadonlyMap<string, Stamped> => {
      const found = stamped.get(oid);
      if (found !== undefined) return found;
      const commit = this.get(oid);
      const made = fresh.includes(oid) ? this.#stamped(commit, commit.parents.map(at)) : plain(commit.files);
      stamped.set(oid, made);
      return made;
    };
    const last = at(tip);
    const stampsOf = (path: string): Stamps => last.get(path)?.stamps ?? {};
    return { files: contentsOf(this.get(tip).files), tip: this.get(tip).stamp, stampsOf };
  }

  #stamped({ files, stamp }: Commit, parents: readonly ReadonlyMap<string, Stamped>[]): ReadonlyMap<string, Stamped> {
    const made = [...files].map(([path, text]): [string, Stamped] => {
      const before = parents.map(
        (parent) => parent.get(path) ?? moved(parent, path) ?? { text: undefined, stamps: {} },
      );
      if (isTicketFile(path)) return [path, { text, stamps: stampsAfter(before, text, stamp, READING) }];
      const same = before.filter((parent) => parent.text === text);
      const known = same.flatMap(({ stamps }) => stamps.file ?? []).sort(compareStamps);
      const file = same.length === 0 ? stamp : known.at(-1);
      return [path, { text, stamps: file === undefined ? {} : { file } }];
    });
    return new Map(made);
  }
}

const READING = { path: "a ticket", frontMatter: parseFrontMatter };

function moved(files: ReadonlyMap<string, Stamped>, path: string): Stamped | undefined {
  const found = isTicketFile(path)
    ? [...files.keys()].find((one) => isTicketFile(one) && nameIn(one) === nameIn(path))
    : undefined;
  return found === undefined ? undefined : files.get(found);
}

function plain(files: Texts): ReadonlyMap<string, Stamped> {
  return new Map([...files].map(([path, text]) => [path, { text, stamps: {} }]));
}

function contentsOf(files: Texts): Map<string, Content> {
  return new Map([...files].map(([path, blob]) => [path, { mode: "100644", blob }]));
}
