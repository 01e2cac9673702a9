import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutColours } from "../../../src/ticket/printed/printedLines.ts";
import { adapterOf } from "../../../src/work/adapters/adapters.ts";
import { jsonIn, LastWords } from "../../../src/work/adapters/lastWords.ts";
import { isProgress, type RunEvent } from "../../../src/work/adapters/runEvent.ts";
import { clean } from "../../../src/work/adapters/texts.ts";

const NAMES = ["claude", "codex", "acp", "command"] as const;

/** Words that the parsers look for, so that what is random comes near to what is meant. */
const KEYS = [
  ...[
    "type",
    "subtype",
    "message",
    "content",
    "item",
    "error",
    "usage",
    "result",
    "output",
    "text",
    "id",
    "name",
    "input",
  ],
  ...[
    "session_id",
    "thread_id",
    "errors",
    "status",
    "ok",
    "phase",
    "changes",
    "tool_use_id",
    "structured_output",
    "why",
  ],
];
const WORDS = [
  ...[
    "system",
    "init",
    "assistant",
    "user",
    "result",
    "success",
    "api_retry",
    "permission_denied",
    "tool_use",
    "tool_result",
  ],
  ...[
    "thread.started",
    "item.started",
    "item.completed",
    "turn.completed",
    "turn.failed",
    "error",
    "command_execution",
  ],
  ...[
    "file_change",
    "mcp_tool_call",
    "agent_message",
    "session",
    "text",
    "tool",
    "usage",
    "retry",
    "denied",
    "__proto__",
  ],
];
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...WORDS),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.double(),
    fc.constantFrom(null, true, false),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 6 }),
  ),
})).value;
const line = fc.oneof(
  fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 8 }).map((one) => JSON.stringify(one)),
  fc
    .tuple(fc.constantFrom(...WORDS), fc.dictionary(fc.constantFrom(...KEYS), value))
    .map(([type, one]) => JSON.stringify({ ...one, type })),
  fc.string({ unit: "binary" }),
);

describe.each(NAMES)("what %s says", (name) => {
  const { parse } = adapterOf(name);
  const textsOf = (events: readonly RunEvent[]) =>
    events.flatMap((event) => Object.entries(event).flatMap(([key, one]) => (key === "output" ? [] : String(one))));

  test("is read without ever throwing, also where it is cut, and no terminal obeys it", () => {
    fc.assert(
      fc.property(line, fc.nat(), (whole, at) => {
        for (const one of [whole, whole.slice(0, at % (whole.length + 1))]) {
          for (const text of textsOf(parse(one))) expect(withoutColours(text)).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cs}]/u);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("is bounded, and read in time", () => {
    const long = "a\u001b]0;".repeat(2 * 1024 * 1024);
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const lines = [
      long,
      JSON.stringify({ type: "text", text: long }),
      JSON.stringify({ type: "result", is_error: true, result: long, why: long, ok: false }),
      JSON.stringify({
        type: "assistant",
        message: { content: [{ type: "tool_use", name: long, input: { a: long } }] },
      }),
      JSON.stringify({ type: "item.completed", item: { type: "command_execution", command: long } }),
      `{"type":"assistant","message":{"content":[{"type":"tool_use","name":"x","input":${deep}}]}}`,
      `{"type":"item.started","item":{"type":"mcp_tool_call","server":"a","tool":"b","arguments":${deep}}}`,
      `{"type":"tool","name":"x","input":${deep}}`,
    ];
    const began = performance.now();
    for (const one of lines)
      for (const text of textsOf(parse(one))) expect(text.length).toBeLessThan(1024 * 1024 + 100);
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});

describe("texts", () => {
  test("have nothing that a terminal obeys", () => {
    expect(
      clean(
        "a\u001b[31mred\u001b[0m\u001b]0;title\u0007b\u001b]8;;http://x\u001b\\link\u001b(Bc\r\nd\re\u0000\u0008\u009b1m\u202ef\tg\ud800",
      ),
    ).toBe("aredblinkc\nd\nef\tg");
    expect(clean("abcdef", 3)).toBe("abc\n… (3 more characters)");
  });
});

describe("progress", () => {
  test("is what it says and does, not that it tries again or may not", () => {
    const lines = [
      '{"type":"retry"}',
      '{"type":"denied"}',
      '{"type":"raw"}',
      '{"type":"thought","text":"x"}',
      '{"type":"tool"}',
    ];
    expect(lines.map((one) => adapterOf("acp").parse(one).every(isProgress))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe("last words", () => {
  const lastOf = (...lines: string[]) => {
    const words = new LastWords();
    for (const event of lines.flatMap(adapterOf("command").parse)) words.take(event);
    return words.text;
  };

  test("are the last text, or the lines of plain output since something else came", () => {
    expect(lastOf()).toBe(undefined);
    expect(lastOf('{"type":"text","text":"a"}', '{"type":"text","text":"b"}')).toBe("b");
    expect(lastOf("a", "", "b")).toBe("a\n\nb");
    expect(lastOf("a", '{"type":"tool","name":"x"}', "b", "c")).toBe("b\nc");
    expect(lastOf('{"type":"text","text":"a"}', "b", "c", '{"type":"usage","tokens":1}')).toBe("b\nc");
    expect(lastOf("a", '{"type":"result","text":"z"}')).toBe("z");
  });

  test("hold as much of very many lines as of one", () => {
    const words = new LastWords();
    for (let at = 0; at < 300; at++) words.take({ type: "text", text: "x".repeat(10_000), isPart: true });
    expect(words.text?.length).toBeLessThan(2.1 * 1024 * 1024);
  });

  test("have JSON in them, whole or in their last block", () => {
    expect(jsonIn(' {"a":1}\n')).toEqual({ value: { a: 1 } });
    expect(jsonIn('Here:\n```json\n{"a":1}\n```\nand\n~~~~\n{"a":2}\n~~~~\nOk?')).toEqual({ value: { a: 2 } });
    expect(jsonIn("```\nno\n```")).toBe(undefined);
    expect(jsonIn("```json\n{}")).toEqual({ value: {} });
    expect(jsonIn("It is [1, 2], as you see")).toEqual({ value: [1, 2] });
    expect(jsonIn("a { and a ] no }")).toBe(undefined);
    expect(jsonIn("```x\n".repeat(200_000))).toBe(undefined);
  });

  test("with several JSONs in them, and none in a block, have none that is taken", () => {
    const two = { fault: { pointer: "", message: "has 2 JSON values in it: answer with one" } };
    expect(jsonIn('{"a":1} or {"b":2}')).toEqual(two);
    expect(jsonIn('Either\n[1]\nor\n{"b": ["}"]}\n')).toEqual(two);
    expect(jsonIn('{"a":1} or {"b":2}\n```json\n{"c":3}\n```')).toEqual({ value: { c: 3 } });
    expect(jsonIn('I took {x}: {"a": "]\\"}"}')).toEqual({ value: { a: ']"}' } });
    // A part is not the whole.
    expect(jsonIn('{"a": {"b": 1}')).toBe(undefined);
    expect(jsonIn('{"a": 1} {"b": {"c": 1}')).toBe(undefined);
    expect(jsonIn("{a: {}}")).toBe(undefined);
    for (const one of ["[", '["', "[]", '{"', "\\a"]) expect(() => jsonIn(`[ "${one.repeat(500_000)}`)).not.toThrow();
    expect(jsonIn(`{"a":"${"x".repeat(1_000_000)}"} or [1]`)).toEqual(two);
  });
});
