import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { short } from "../../../src/search/index/documents.ts";
import { type Reader, SearchIndex } from "../../../src/search/index/searchIndex.ts";
import { builtinEmbedder } from "../../../src/search/meaning/embedder.ts";
import { type SearchType, search } from "../../../src/search/search.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const EMBEDDER = builtinEmbedder(path.resolve(import.meta.dirname, "../../../src/search/data/words.bin"));

interface Source {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly version: string;
  readonly archived: boolean;
  loads: number;
}

function source(id: string, title: string, text = "", version = title + text): Source {
  return { id, title, text, version, archived: false, loads: 0 };
}

const READER: Reader<Source> = {
  version: ({ version }) => version,
  hasVersion: ({ version }, text, at) => version !== "" && text.startsWith(short(version), at),
  isArchived: ({ archived }) => archived,
  load: async (one) => {
    one.loads++;
    return { id: one.id, title: one.title, tags: "", text: one.text, notes: "", commits: "" };
  },
};

async function found(
  index: SearchIndex<Source>,
  candidates: readonly Source[],
  text: string,
  type: SearchType = "keyword",
) {
  const weights = { semantic: 0.7, keyword: 0.3 };
  return (await search(index, { text, type, weights, notes: true, candidates, embedder: () => EMBEDDER })).found;
}

const find = async (...asked: Parameters<typeof found>) => (await found(...asked)).map(({ id }) => id);

async function opened(dir: string | undefined, sources: readonly Source[]): Promise<SearchIndex<Source>> {
  const index = new SearchIndex<Source>(dir);
  await index.update(sources, READER, { archive: false });
  return index;
}

const many = (count: number) => Array.from({ length: count }, (_, n) => source(`t-${n}`, `Ticket number${n} of many`));

describe("a search index", () => {
  test("reads only what changed, across processes", async () => {
    const dir = tempDir();
    const sources = [source("a", "Login fails"), source("b", "Export to CSV"), source("c", "Dark mode")];
    await opened(dir, sources);
    const again = [source("a", "Login fails"), source("b", "Import from CSV"), source("d", "Reports")];
    const index = await opened(dir, again);
    expect(again.map(({ loads }) => loads)).toEqual([0, 1, 1]);
    expect(await find(index, again, "import")).toEqual(["b"]);
    expect(await find(index, again, "export")).toEqual([]);
    expect(await find(index, again, "dark")).toEqual([]);
    expect(await find(index, again, "reports")).toEqual(["d"]);
  });

  test("gives the same answers when it was saved, changed and saved again as when it is made at once", async () => {
    const dir = tempDir();
    await opened(dir, many(100));
    const changed = [
      ...many(100).slice(20),
      ...many(100)
        .slice(0, 80)
        .map(({ id }) => source(`x${id}`, `Login ${id}`)),
    ];
    const grown = await opened(dir, changed);
    const reloaded = await opened(dir, changed);
    const fresh = await opened(undefined, changed);
    for (const query of ["number33", "login", "ticket", "logins t-7", "numbr33"]) {
      const expected = await find(fresh, changed, query);
      expect([query, await find(grown, changed, query)]).toEqual([query, expected]);
      expect([query, await find(reloaded, changed, query)]).toEqual([query, expected]);
    }
  });

  test.each(["cut off", "garbage", "empty", "missing"])("a damaged cache is made anew: %s", async (how) => {
    const dir = tempDir();
    const sources = many(90);
    const index = await opened(dir, sources);
    await index.vectors(EMBEDDER);
    expect(readdirSync(dir).length).toBe(2);
    for (const name of readdirSync(dir)) {
      const file = path.join(dir, name);
      if (how === "cut off") truncateSync(file, readFileSync(file).length >> 1);
      if (how === "garbage") writeFileSync(file, "\0\xff{[\n".repeat(100));
      if (how === "empty") truncateSync(file, 0);
      if (how === "missing") rmSync(file);
    }
    const again = await opened(dir, sources);
    expect((await find(again, sources, "number42"))[0]).toBe("t-42");
    expect((await again.vectors(EMBEDDER))?.rows.size).toBe(90);
  });

  test("a cache with any bit changed is made anew", async () => {
    const dir = tempDir();
    const sources = many(70);
    await (await opened(dir, sources)).vectors(EMBEDDER);
    const whole = readdirSync(dir).map((name) => [path.join(dir, name), readFileSync(path.join(dir, name))] as const);
    const fresh = await found(await opened(undefined, sources), sources, "numbr33 ticket", "hybrid");
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), fc.boolean(), async (place, bit, inHeader) => {
        for (const [file, bytes] of whole) {
          const damaged = Buffer.from(bytes);
          const at = place % (inHeader ? 300 : bytes.length);
          damaged[at] = (damaged[at] as number) ^ (1 << bit);
          writeFileSync(file, damaged);
        }
        const unread = sources.map((one) => ({ ...one, loads: 0 }));
        const again = await opened(dir, unread);
        expect(unread.every(({ loads }) => loads === 1)).toBe(true);
        expect(await found(again, unread, "numbr33 ticket", "hybrid")).toEqual(fresh);
      }),
      { numRuns: process.env.AYO_LONG === "1" ? 2000 : 25 },
    );
  });

  test("an exact id or title comes first whatever the words say", async () => {
    const sources = [source("ab-1", "Mail mail mail"), source("ab-2", "Mail"), source("mail", "Something else")];
    const index = await opened(undefined, sources);
    expect((await find(index, sources, "MAIL")).slice(0, 2).sort()).toEqual(["ab-2", "mail"]);
    expect((await find(index, sources, "ab-1"))[0]).toBe("ab-1");
  });

  test("archived tickets stay indexed while nobody asks for them", async () => {
    const dir = tempDir();
    const old = { ...source("old", "Old login"), archived: true };
    const index = new SearchIndex<Source>(dir);
    await index.update([source("new", "New login"), old], READER, { archive: true });
    await index.update([source("new", "New login")], READER, { archive: false });
    const asked = { ...source("old", "Old login"), archived: true };
    await index.update([source("new", "New login"), asked], READER, { archive: true });
    expect(asked.loads).toBe(0);
  });
});

const TITLES = ["Login fails", "Token expired", "Export to CSV", "Exports", "Dark mode", "logn"];
const title = fc
  .tuple(fc.constantFrom(...TITLES), fc.constantFrom("", " again", " webhook"))
  .map((parts) => parts.join(""));
/** What a store has at one moment: titles by the numbers of tickets, two of which may say the same. */
const state = fc.array(fc.tuple(fc.nat(9), title), { maxLength: 10 }).map((pairs) => [...new Map(pairs)]);
const query = fc.array(fc.constantFrom("login", "expotr", "token", "export", "webh", "lgoin", "dark", "logn"), {
  minLength: 1,
  maxLength: 3,
});

describe("answers", () => {
  test.each(["keyword", "semantic", "hybrid"] as const)(
    "of a %s search are the same in an index that lives long, in one that was saved and in a new one",
    async (type) => {
      await fc.assert(
        fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 5 }), query, async (states, words) => {
          const dir = tempDir();
          const old = new SearchIndex<Source>(undefined);
          const text = words.join(" ");
          for (const [nth, titles] of states.entries()) {
            const filler = Array.from({ length: nth * 40 }, (_, n) => source(`z-${n}`, `Filler ${n}`));
            const sources = [...titles.map(([n, one]) => source(`t-${n}`, one)), ...filler];
            const expected = await found(await opened(undefined, sources), sources, text, type);
            await old.update(sources, READER, { archive: false });
            expect(await found(old, sources, text, type)).toEqual(expected);
            expect(await found(await opened(dir, sources), sources, text, type)).toEqual(expected);
          }
        }),
        { numRuns: process.env.AYO_LONG === "1" ? 1000 : 15 },
      );
    },
  );

  test("about a word do not depend on texts that were replaced", async () => {
    const before = [source("a", "Webhooks"), source("b", "Webhook retries")];
    const index = await opened(undefined, before);
    const after = [source("a", "Dark mode"), source("b", "Webhock retries")];
    await index.update(after, READER, { archive: false });
    // "webhook" is no longer a word of any ticket, so it is taken for a misspelt one.
    expect(await find(index, after, "webhook")).toEqual(["b"]);
  });

  test("are those of now when the same list of tickets has other texts", async () => {
    const sources = many(90);
    const index = await opened(undefined, sources);
    await find(index, sources, "ticket");
    // As when commits name tickets: nothing of the list itself is new.
    for (const one of sources.slice(0, 70)) Object.assign(one, { title: `Login ${one.id}`, version: "2" });
    await index.update(sources, READER, { archive: false });
    const fresh = await opened(undefined, sources);
    const some = sources.slice(60, 75);
    for (const query of ["login", "ticket", "t-3", "many number72"]) {
      expect(await found(index, sources, query)).toEqual(await found(fresh, sources, query));
      expect(await found(index, some, query)).toEqual(await found(fresh, some, query));
    }
  });

  test("about meanings do not depend on tickets that say the same", async () => {
    const before = [source("a", "Sign in fails"), source("b", "Sign in fails"), source("c", "Night theme")];
    const index = await opened(undefined, before);
    await index.vectors(EMBEDDER);
    const after = [...before, source("d", "Money back")];
    await index.update(after, READER, { archive: false });
    const expected = await found(await opened(undefined, after), after, "dark mode", "semantic");
    expect(await found(index, after, "dark mode", "semantic")).toEqual(expected);
  });
});

describe("semantic search", () => {
  test("finds other words for the same", async () => {
    const sources = [source("a", "Sign-in fails after the token expired"), source("b", "Draw the logo in blue")];
    const index = await opened(undefined, sources);
    expect((await find(index, sources, "login problem", "semantic"))[0]).toBe("a");
  });

  test.each(["😀", "", "   ", "qzxjv wvkqz", "東京"])("%j does no harm", async (text) => {
    const sources = [source("a", "😀😀"), source("b", "")];
    const index = await opened(undefined, sources);
    expect(await find(index, sources, text, "hybrid")).toBeInstanceOf(Array);
  });
});
