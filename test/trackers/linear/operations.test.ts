import { readFileSync } from "node:fs";
import path from "node:path";
import { buildSchema, type DocumentNode, type FieldNode, Kind, parse, type SelectionSetNode, validate } from "graphql";
import { expect, test } from "vitest";
import * as operations from "../../../src/trackers/linear/operations.ts";

const SCHEMA = buildSchema(
  readFileSync(path.join(import.meta.dirname, "../../helpers/linear/linear.subset.graphql"), "utf8"),
);

test.each(Object.entries(operations))("Linear's schema allows %s", (_, text) => {
  expect(validate(SCHEMA, parse(text)).map(({ message }) => message)).toEqual([]);
});

test("no operation touches what is never synced", () => {
  const all = Object.values(operations).join("\n");
  expect(all).not.toMatch(/delegate|project|cycle|webhook|issueDelete|issueArchive|issueLabelCreate|email/);
});

/** Linear's rule: a property 0.1 points, an object 1, a list as often as it is long; 10,000 for a request. */
function costOf(document: DocumentNode, page: number): number {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet] as const] : [],
    ),
  );
  const ofField = ({ selectionSet, arguments: args }: FieldNode): number => {
    if (selectionSet === undefined) return 0.1;
    const first = args?.find(({ name }) => name.value === "first")?.value;
    const times = first?.kind === Kind.INT ? Number(first.value) : first === undefined ? 1 : page;
    return 1 + times * ofSet(selectionSet);
  };
  const ofSet = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, one) => {
      if (one.kind === Kind.FIELD) return sum + ofField(one);
      const set = one.kind === Kind.FRAGMENT_SPREAD ? fragments.get(one.name.value) : one.selectionSet;
      return sum + (set === undefined ? 0 : ofSet(set));
    }, 0);
  const [operation] = document.definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? [one.selectionSet] : [],
  );
  return Math.ceil(operation === undefined ? 0 : ofSet(operation));
}

test("a page of 250 of anything stays far below what Linear lets a request cost", () => {
  const costs = Object.entries(operations).map(([name, text]) => [name, costOf(parse(text), 250)] as const);
  expect(Object.fromEntries(costs).CHANGED).toBeGreaterThan(5000);
  expect(costs.filter(([, cost]) => cost > 7500)).toEqual([]);
});
