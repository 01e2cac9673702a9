import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLineTable, readLineTable } from "../../../src/store/disk/archive/archiveTable.ts";

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/);

test("every line is found by its id, whatever the others, and no other id is found", () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 200 }), id, fc.string(), (ids, other, title) => {
      const rest = title.replaceAll(/[\n\r\t]/g, " ");
      const table = readLineTable(formatLineTable(ids.map((one) => `${one}\t${rest}`)));
      for (const one of ids) expect(table.find(one)).toBe(`${one}\t${rest}`);
      if (!ids.includes(other)) expect(table.find(other)).toBeUndefined();
      expect(table.lines()).toHaveLength(ids.length);
    }),
  );
});

test("lines are found by their last part, wherever they stand", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.constantFrom("", "p", "pp", "q"))), (rows) => {
      const lines = rows.map(([one, last], at) => `${one}${at}\tp\t${last}`);
      const table = readLineTable(formatLineTable(lines));
      for (const last of ["p", "pp", "q", "x"]) {
        expect(table.endingIn(last)).toEqual(lines.filter((_, at) => rows[at]?.[1] === last));
      }
    }),
  );
});
