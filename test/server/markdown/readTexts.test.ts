import { expect, test } from "vitest";
import { readTexts } from "../../../src/server/markdown/readTexts.ts";

const read = (...texts: readonly string[]) => readTexts(texts.map((text) => ({ text, isLine: false })));

test("texts are read one by one, whatever one of them holds; what cannot be shown is null", async () => {
  const [good, deep, long, again] = await read("*a*", ">".repeat(10_000), "a".repeat(300_000), "*a*");
  expect(good).toBe('[["p",{},["em",{},"a"]],"\\n"]');
  expect([deep, long, again]).toEqual(["null", "null", good]);
  const [line] = await readTexts([{ text: "# *a*", isLine: true }]);
  expect(line).toBe('["# ",["em",{},"a"]]');
});

test("a text that takes too long, or too much, takes no other with it", async () => {
  // Each paragraph opens all that was never closed again.
  const large = `${Array.from({ length: 2000 }, (_, n) => `<b title=${n}>`).join("")}${"<p>a".repeat(40_000)}`;
  const [none, good] = await read(large, "*b*");
  expect(none).toBe("null");
  expect(good).toContain('"b"');
});

test("code that keeps its pattern busy has no colours; other code of the text has", async () => {
  // To look for the end of this takes longer than anybody lives.
  const endless = `<a${"  b".repeat(60)} `;
  const [tree = ""] = await read(`\`\`\`html\n${endless}\n\`\`\`\n\n\`\`\`ts\nconst a\n\`\`\`\n`);
  expect(JSON.parse(tree)[0]).toEqual(["pre", {}, ["code", { "data-lang": "html" }, `${endless}\n`]]);
  expect(tree).toContain('["span",{"class":"t-kwd"},"const"]');
});
