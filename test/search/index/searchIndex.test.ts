import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { SearchIndex, type Source } from "../../../src/search/index/searchIndex.ts";
import { builtinEmbedder } from "../../../src/search/meaning/embedder.ts";
import { search } from "../../../src/search/search.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const EMBEDDER = builtinEmbedder(path.resolve(import.meta.dirname, "../../../src/search/data/words.bin"));

function source(id: string, title: string, text = "", version = title + text): Source & { loads: number } {
  const made = {
    id,
    version,
    archived: false,
    loads: 0,
    load: async () => {
      made.loads++;
      return { id, title, tags: "", text, notes: "", commits: "" };
    },
  };
  return made;
}

async function find(index: SearchIndex, sources: readonly Source[], text: string, type = "keyword" as const) {
  const candidates = await Promise.all(
    sources.map(async (one) => ({ id: one.id, title: (await one.load())?.title ?? "" })),
  );
  const weights = { semantic: 0.7, keyword: 0.3 };
  const result = await search(index, { text, type, weights, notes: true, candidates, embedder: () => EMBEDDER });
  return result.found.map(({ id }) => id);
}

async function opened(dir: string | undefined, sources: readonly Source[]): Promise<SearchIndex> {
  const index = new SearchIndex(dir);
  await index.update(sources, { archive: false });
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

  test.each(["cut off", "garbage", "one bit"])("a damaged cache is made anew: %s", async (how) => {
    const dir = tempDir();
    const sources = many(90);
    const index = await opened(dir, sources);
    await index.vectors(EMBEDDER);
    for (const name of readdirSync(dir)) {
      const file = path.join(dir, name);
      const bytes = readFileSync(file);
      if (how === "cut off") truncateSync(file, bytes.length >> 1);
      if (how === "garbage") writeFileSync(file, "\0\xff{[\n".repeat(100));
      if (how === "one bit" && name === "keyword.bin") {
        bytes[bytes.length - 10] = (bytes[bytes.length - 10] as number) ^ 1;
        writeFileSync(file, bytes);
      }
    }
    const again = await opened(dir, sources);
    expect((await find(again, sources, "number42"))[0]).toBe("t-42");
    expect((await again.vectors(EMBEDDER))?.rows.size).toBe(90);
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
    const index = new SearchIndex(dir);
    await index.update([source("new", "New login"), old], { archive: true });
    await index.update([source("new", "New login")], { archive: false });
    const asked = { ...source("old", "Old login"), archived: true };
    await index.update([source("new", "New login"), asked], { archive: true });
    expect(asked.loads).toBe(0);
  });
});

describe("semantic search", () => {
  test("finds other words for the same", async () => {
    const sources = [source("a", "Sign-in fails after the token expired"), source("b", "Draw the logo in blue")];
    const index = await opened(undefined, sources);
    expect((await find(index, sources, "login problem", "semantic" as never))[0]).toBe("a");
  });

  test.each(["😀", "", "   ", "qzxjv wvkqz", "東京"])("%j does no harm", async (text) => {
    const sources = [source("a", "😀😀"), source("b", "")];
    const index = await opened(undefined, sources);
    expect(await find(index, sources, text, "hybrid" as never)).toBeInstanceOf(Array);
  });
});
