import { parseFrontMatter } from "../../text/frontMatter.ts";
import { type PartsOf, type Read, readParts } from "../readParts.ts";
import type { Content, TreeContext } from "./trees.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What of a ticket decides how it stands to others. */
export interface Facts {
  readonly id: string | undefined;
  readonly status: string;
  readonly deps: readonly string[];
  readonly links: readonly string[];
  readonly parent: string | undefined;
  readonly duplicateOf: string | undefined;
  readonly was: string | undefined;
  /** What tells it from another ticket of its name: its cause, else when it was made, else its title. */
  readonly birth: string;
  readonly created: string;
  readonly title: string;
}

/** Reads each blob once. */
export class Contents {
  readonly #texts = new Map<string, string | undefined>();
  readonly #facts = new Map<string, Facts | undefined>();
  readonly #context: TreeContext;
  /** A ticket's text taken apart, once. */
  readonly parts: PartsOf;

  constructor(context: TreeContext) {
    this.#context = context;
    this.parts = context.parts ?? partsOnce();
  }

  /** A file's text; undefined where its bytes are none. */
  text(content: Content): string | undefined {
    if ("text" in content) return content.text;
    if (!this.#texts.has(content.blob)) this.#texts.set(content.blob, decode(this.#context.read(content.blob)));
    return this.#texts.get(content.blob);
  }

  /** Whether two files hold the same; modes are no content. */
  isSame(one: Content | undefined, other: Content | undefined): boolean {
    if (one === undefined || other === undefined) return one === other;
    if ("blob" in one && "blob" in other) return one.blob === other.blob;
    const text = this.text(one);
    return text !== undefined && text === this.text(other);
  }

  /** What a ticket says; undefined where it cannot be read as one. */
  facts(content: Content | undefined): Facts | undefined {
    const text = content === undefined ? undefined : this.text(content);
    if (text === undefined) return undefined;
    if (!this.#facts.has(text)) {
      const read = this.parts(text);
      this.#facts.set(text, read === undefined ? undefined : factsIn(read));
    }
    return this.#facts.get(text);
  }
}

/** More texts than a merge of thousands of tickets looks at more than once. */
const KEPT = 20_000;

/** Takes texts apart, each once. */
export function partsOnce(): PartsOf {
  const known = new Map<string, Read | undefined>();
  return (text) => {
    if (!known.has(text)) {
      if (known.size >= KEPT) known.clear();
      known.set(text, readParts(text, READING));
    }
    return known.get(text);
  };
}

const READING = { path: "a ticket", frontMatter: parseFrontMatter };

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    // No text: it is merged as a whole, which is told.
    return undefined;
  }
}

function factsIn({ front, body }: Read): Facts {
  const one = (key: string): string | undefined => {
    const value = front.get(key)?.value;
    return value === undefined || value === null ? undefined : String(value);
  };
  const list = (key: string): readonly string[] => {
    const value = front.get(key)?.value;
    return Array.isArray(value) ? value.map(String) : [];
  };
  const [once, created] = [one("once"), one("created")];
  const when = created === undefined ? `title ${body.title}` : `created ${created}`;
  return {
    id: one("id"),
    status: one("status") ?? "",
    deps: list("deps"),
    links: list("links"),
    parent: one("parent"),
    duplicateOf: one("duplicate-of"),
    was: one("was"),
    birth: once === undefined ? when : `once ${once}`,
    created: created ?? "",
    title: body.title ?? "",
  };
}
