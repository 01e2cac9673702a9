import { describe, expect, test } from "vitest";
import { draftOf, schemaFault } from "../../../src/ticket/output/schemaFault.ts";

const told = (schema: unknown): string | undefined => {
  const fault = schemaFault(schema);
  return fault && `${fault.pointer} ${fault.message}`;
};

describe("a schema", () => {
  test.each([
    [true],
    [{}],
    [{ type: ["string", "null"], minLength: 1 }],
    [{ $ref: "#/$defs/a%20b", $defs: { "a b": { items: [{ type: "number" }, true] } } }],
    [{ $ref: "#leaf", $defs: { x: { $anchor: "leaf" } } }],
    [{ $id: "https://x.example/plan.json", properties: { id: { $ref: "#" }, $ref: { type: "string" } } }],
    [{ $schema: "http://json-schema.org/draft-07/schema#", dependencies: { a: ["b"], c: { required: ["d"] } } }],
    [{ unknown: { $ref: "https://x.example" } }],
  ])("%j is one", (schema) => expect(told(schema)).toBeUndefined());

  test.each([
    [[], / is no JSON schema/],
    ["string", / is no JSON schema/],
    [{ $schema: "https://x.example/own" }, /^\/\$schema is no version/],
    [{ $ref: "https://x.example/s.json" }, /^\/\$ref refers to 'https.*outside of the schema/],
    [{ items: { $ref: "other.json#/a" } }, /^\/items\/\$ref refers/],
    [{ anyOf: [{ $ref: "file:///etc/passwd" }] }, /^\/anyOf\/0\/\$ref refers/],
    [{ $ref: "#/$defs/none" }, /which is not there/],
    [{ $ref: "#/constructor" }, /which is not there/],
    [{ $ref: "#/%E0%A4%A" }, /which is not there/],
    [{ $ref: 1 }, /^\/\$ref refers/],
    [{ properties: { a: { $id: "https://x.example" } } }, /^\/properties\/a\/\$id is only known at the top/],
    [{ $dynamicRef: "#a" }, /^\/\$dynamicRef is not known/],
    [{ type: "text" }, /^\/type is no type/],
    [{ properties: { "a/b": 1 } }, /^\/properties\/a~1b is no schema/],
    [{ anyOf: {} }, /^\/anyOf is no list/],
    [{ required: [1] }, /^\/required is no list of names/],
    [{ enum: "a" }, /^\/enum is no list/],
    [{ minimum: "1" }, /^\/minimum is no number/],
    [{ pattern: "(" }, /^\/pattern is no pattern/],
    [{ patternProperties: { "(": {} } }, /^\/patternProperties is no pattern/],
    [{ title: "\ud800" }, /half of a character/],
  ])("%j is none", (schema, why) => expect(told(schema)).toMatch(why));

  test("of a depth that nothing needs is none", () => {
    let schema: unknown = {};
    for (let depth = 0; depth < 5_000; depth++) schema = { not: schema };
    expect(told(schema)).toMatch(/lies deeper than/);
  });

  test("is of the version that it names", () => {
    expect([{}, { $schema: "https://json-schema.org/draft/2019-09/schema" }, { $schema: 1 }].map(draftOf)).toEqual([
      "2020-12",
      "2019-09",
      undefined,
    ]);
  });
});
