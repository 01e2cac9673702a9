import { describe, expect, test } from "vitest";
import { type Choice, fitting } from "../../../src/tui/overlays/choices.ts";

const of = (...texts: readonly string[]): Choice[] => texts.map((text) => ({ value: text, text }));
const found = (choices: readonly Choice[], typed: string, isFree = false): string[] =>
  fitting(choices, typed, isFree).map(({ text }) => text);

describe("a list to choose from", () => {
  test("has what has every word, in any order, what begins with the first before the others", () => {
    const choices = of("Mend the login", "Login page", "Blogging", "Log in to the forge");
    expect(found(choices, "log")).toEqual(["Login page", "Log in to the forge", "Mend the login", "Blogging"]);
    expect(found(choices, "login mend")).toEqual(["Mend the login"]);
    expect(found(choices, "nothing")).toEqual([]);
    expect(found(choices, " ")).toEqual(choices.map(({ text }) => text));
  });

  test("needs a place of its own for each word", () => {
    expect(found(of("never", "never ever"), "never ever")).toEqual(["never ever"]);
    expect(found(of("a tree"), "tree re")).toEqual([]);
  });

  test("searches what is told beside a choice, unless anything may be typed", () => {
    const choices: Choice[] = [{ value: "", text: "never", about: "or a day: 2026-12-01, 3d" }];
    expect(found(choices, "3d")).toEqual(["never"]);
    expect(found(choices, "3d", true)).toEqual(["3d"]);
    expect(found(choices, "2026-12-01", true)).toEqual(["2026-12-01"]);
  });
});

describe("where anything may be typed", () => {
  test("Enter takes what was typed unless a choice has words that begin so", () => {
    const choices = of("gui", "@coder", "web ui tests");
    expect(found(choices, "ui", true)).toEqual(["web ui tests", "ui", "gui"]);
    expect(found(choices, "gu", true)).toEqual(["gui", "gu"]);
    expect(found(choices, "cod", true)).toEqual(["@coder", "cod"]);
    expect(found(choices, "@cod", true)).toEqual(["@coder", "@cod"]);
    expect(found(choices, "ode", true)).toEqual(["ode", "@coder"]);
    expect(found(of("never"), "never ever", true)).toEqual(["never ever"]);
  });

  test("what is a choice already is one", () => {
    expect(found(of("gui", "guide"), "gui", true)).toEqual(["gui", "guide"]);
    expect(found(of("agui", "gui"), "gui", true)[0]).toBe("gui");
  });
});
