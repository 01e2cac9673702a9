import { expect, test } from "vitest";
import {
  entriesOf,
  faultsAt,
  faultsElsewhere,
  faultsWithin,
  isPictureData,
} from "../../../../src/web/ticket/output/jsonRows.ts";

test("what lies in a value is named by pointers, as faults are", () => {
  expect(entriesOf({ "a/b": 1, "c~d": [] }, "/x")).toEqual([
    { key: "a/b", pointer: "/x/a~1b", value: 1 },
    { key: "c~d", pointer: "/x/c~0d", value: [] },
  ]);
  expect(entriesOf(["p"], "")).toEqual([{ key: "0", pointer: "/0", value: "p" }]);
  for (const value of [null, 1, "text", true]) expect(entriesOf(value, "")).toBeUndefined();
});

test("faults are told at their place, counted above it, and above all where there is no such place", () => {
  const value = { cases: [{ "a/b": 1 }], casesToo: 2 };
  const faults = [
    { pointer: "/cases/0/a~1b", message: "must be text" },
    { pointer: "/cases", message: "needs two" },
    { pointer: "/cases/1", message: "is missing" },
    { pointer: "", message: "has no total" },
    { pointer: "/toString", message: "is no key of it" },
  ];
  expect(faultsAt(faults, "/cases")).toEqual([faults[1]]);
  expect(faultsWithin(faults, "/cases")).toBe(2);
  expect(faultsWithin(faults, "/case")).toBe(0);
  expect(faultsElsewhere(faults, value)).toEqual([faults[2], faults[3], faults[4]]);
});

test("a text is a picture only by its bytes' kind, whole", () => {
  expect(isPictureData("data:image/png;base64,iVBORw0KGgo=")).toBe(true);
  for (const text of [
    "data:image/svg+xml;base64,PHN2Zz4=",
    "data:text/html;base64,PGI+",
    " data:image/png;base64,iVBO",
    "data:image/png,x",
    "https://x.example/a.png",
  ])
    expect(isPictureData(text), text).toBe(false);
});
