import { describe, expect, test } from "vitest";
import { isColor, slugOf } from "../../../src/ticket/project.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { parseProject } from "../../../src/ticket/text/parseProject.ts";

const parse = (text: string) => parseProject(text, "web", parseFrontMatter);
const NONE = {
  slug: "web",
  name: "web",
  color: null,
  status: "active",
  lead: null,
  due: null,
  was: [],
  description: "",
};

describe("a project's file", () => {
  test.each([
    ["", NONE],
    ["---\n---\n", NONE],
    ["Only text.\n", { ...NONE, description: "Only text." }],
    ["# The shop\n\nText.\n", { ...NONE, name: "The shop", description: "# The shop\n\nText." }],
    [
      "---\r\nname: 'Web: Shop'\r\ncolor: Teal\r\nstatus: completed\r\nlead: '@mara'\r\ndue: 2026-12-24\r\nbudget: 12\r\n---\r\nText.\r\n",
      {
        ...NONE,
        name: "Web: Shop",
        color: "teal",
        status: "completed",
        lead: "@mara",
        due: "2026-12-24",
        description: "Text.",
      },
    ],
    ["\uFEFF---\ncolor: '#1F77B4'\nname: yes\n---\n", { ...NONE, color: "#1f77b4", name: "yes" }],
  ])("%j is read", (text, project) => {
    expect(parse(text)).toEqual(project);
  });

  test.each([
    ["---\nname: Web\ncolor: mauve\n---\n", 3, "color 'mauve' is neither red"],
    ["---\ncolor: #ff0000\n---\n", 2, "color needs quotes"],
    ["---\n# a\n\nstatus: done\n---\n", 4, "status 'done' is not one of active, completed, archived"],
    ["---\nlead: [a, b]\n---\n", 2, "lead takes one text"],
    ["---\nname: {a: b}\n---\n", 2, "name takes one text"],
    ["---\ndue: soon\n---\n", 2, "due 'soon' is no date"],
    ["---\nname: a\nname: b\n---\n", 3, "the key 'name' is there twice"],
    ["---\nname: a\n", 1, "front matter is not closed"],
    ["---js\nname: a\n---\n", 1, "is never read"],
    ["---\nname: !!js/function a\n---\n", 2, "YAML tags are not allowed"],
    ["<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", 1, ""],
  ])("%j is refused, with its line", (text, line, message) => {
    const refused = (() => {
      try {
        return parse(text);
      } catch (error) {
        return error as { code: string; message: string; data: { line: number } };
      }
    })();
    expect(refused).toMatchObject({ code: "bad_ticket", data: { line }, message: expect.stringContaining(message) });
  });
});

test.each([
  ["Web Shop", "web-shop"],
  ["web_v2.1", "web_v2.1"],
  ["  Änderung: ß & Co. ", "anderung-co"],
  ["../../etc", "etc"],
  ["a..b", "a.b"],
  ["--", undefined],
  ["日本", undefined],
  ["README", undefined],
  ["con", undefined],
  ["x".repeat(100), "x".repeat(64)],
])("the slug of %j is %j", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test("colours are names or #rrggbb", () => {
  expect(["teal", "#00ff00", "#ABCDEF"].filter(isColor)).toHaveLength(3);
  expect(["mauve", "#fff", "00ff00", "#00ff0", "red; x", ""].filter(isColor)).toEqual([]);
});
