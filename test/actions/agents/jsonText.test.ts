import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Addition, addTo, presenceOf, readJson, removeFrom } from "../../../src/actions/agents/jsonText.ts";

const item: Addition = { path: ["permissions", "allow"], value: "Bash(ayo:*)" };
const member: Addition = { path: ["mcpServers"], key: "ayo", value: { command: "ayo", args: ["mcp"] } };

describe("additions to a JSON text", () => {
  test.for([
    ["an empty object", "{}", '{\n  "permissions": {\n    "allow": [\n      "Bash(ayo:*)"\n    ]\n  }\n}'],
    [
      "an array on one line",
      '{"permissions": {"allow": ["a"]}}\n',
      '{"permissions": {"allow": ["a", "Bash(ayo:*)"]}}\n',
    ],
    [
      "an array on several, with tabs",
      '{\n\t"permissions": {\n\t\t"allow": [\n\t\t\t"a"\n\t\t]\n\t}\n}',
      '{\n\t"permissions": {\n\t\t"allow": [\n\t\t\t"a",\n\t\t\t"Bash(ayo:*)"\n\t\t]\n\t}\n}',
    ],
    [
      "a missing array",
      '{\n    "permissions": {\n        "deny": []\n    },\n    "model": "x"\n}\n',
      '{\n    "permissions": {\n        "deny": [],\n        "allow": [\n            "Bash(ayo:*)"\n        ]\n    },\n    "model": "x"\n}\n',
    ],
  ] as const)("%s: nothing else changes", ([, before, after]) => {
    expect(presenceOf(before, item)).toBe("absent");
    expect(addTo(before, item)).toBe(after);
    expect(presenceOf(after, item)).toBe("there");
    expect(removeFrom(after, item)).toBe(before);
  });

  test("what stands in the place is told", () => {
    expect(presenceOf('{"mcpServers": {"ayo": {"command": "other"}}}', member)).toBe("other");
    expect(presenceOf('{"mcpServers": []}', member)).toBe("other");
    expect(presenceOf('{"permissions": {"allow": {}}}', item)).toBe("other");
    expect(presenceOf('{"permissions": "all"}', item)).toBe("other");
    expect(presenceOf("[]", item)).toBe("other");
    expect(() => presenceOf('{"a": 1,}', item)).toThrow(SyntaxError);
    expect(() => presenceOf('{"a": 1} /* open', item)).toThrow(SyntaxError);
    expect(presenceOf('{"permissions": {"allow": [/* "Bash(ayo:*)" */ "// no"]}} // x', item)).toBe("absent");
  });

  test("no comment is lost, wherever it stands", () => {
    const comments = fc.constantFrom("", "", " // c, {\n", "/* c, } */", "\n/* c\n, */ ");
    const settings = fc.constantFrom(
      '{@"a"@:@1@,@"permissions"@:@{@"allow"@:@["x"@,@"y"@]@}@}@',
      '{@"permissions"@:@{@"deny"@:@1@}@,@"mcpServers"@:@{@"db"@:@{@}@}@}@',
      "{@}@",
    );
    fc.assert(
      fc.property(
        settings,
        fc.array(comments, { minLength: 30, maxLength: 30 }),
        fc.constantFrom(item, member),
        (shape, gaps, addition) => {
          const [first = "", ...rest] = shape.split("@");
          const text = first + rest.map((part, at) => gaps[at] + part).join("");
          const added = addTo(text, addition);
          expect(presenceOf(added, addition)).toBe("there");
          const count = (one: string) =>
            one.split("c\n, */").length + one.split("// c, {").length + one.split("c, }").length;
          expect(count(added)).toBe(count(text));
          const removed = removeFrom(added, addition);
          expect(count(removed)).toBe(count(text));
          expect(presenceOf(removed, addition)).toBe("absent");
          expect(readJson(removed)).toEqual(readJson(text));
        },
      ),
    );
  });

  test("adding and taking away again leaves every byte of any file", () => {
    const settings = fc.record(
      {
        permissions: fc.record({ allow: fc.array(fc.string(), { minLength: 1 }), deny: fc.array(fc.string()) }),
        mcpServers: fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
        other: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const indents = fc.constantFrom<string | number | undefined>(undefined, 2, 4, "\t");
    fc.assert(
      fc.property(
        settings,
        indents,
        fc.constantFrom("", "\n"),
        fc.constantFrom(item, member),
        (value, indent, end, addition) => {
          const text = JSON.stringify(value, null, indent) + end;
          if (presenceOf(text, addition) !== "absent") return;
          const added = addTo(text, addition);
          expect(presenceOf(added, addition)).toBe("there");
          expect(removeFrom(added, addition)).toBe(text);
        },
      ),
    );
  });
});
