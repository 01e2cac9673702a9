import { describe, expect, test } from "vitest";
import { acp } from "../../../src/work/adapters/acp.ts";
import { command } from "../../../src/work/adapters/command.ts";
import { LastWords } from "../../../src/work/adapters/lastWords.ts";
import { parseProtocol } from "../../../src/work/adapters/protocol.ts";

const parse = (value: unknown) => parseProtocol(JSON.stringify(value));

describe("the lines of any program", () => {
  test.for([
    [{ type: "session", id: "a/b-1", version: "x 1" }, [{ type: "session", id: "a/b-1", version: "x 1" }]],
    [{ type: "session", id: "a b" }, []],
    [{ type: "text", text: "hi" }, [{ type: "text", text: "hi" }]],
    [{ type: "thought", text: "hm" }, [{ type: "thought", text: "hm" }]],
    [
      { type: "tool", phase: "begin", name: "sh", input: "ls" },
      [{ type: "tool", phase: "begin", name: "sh", detail: "ls" }],
    ],
    [
      { type: "tool", phase: "end", id: "1", ok: false, output: "no" },
      [{ type: "tool", phase: "end", id: "1", name: "tool", ok: false, detail: "no" }],
    ],
    [
      { type: "tool", name: "sh", input: { c: 1 }, output: "x", ok: true },
      [
        { type: "tool", phase: "begin", name: "sh", detail: '{"c":1}' },
        { type: "tool", phase: "end", name: "sh", detail: "x", ok: true },
      ],
    ],
    [{ type: "usage", tokens: 5 }, [{ type: "usage", tokens: 5 }]],
    [{ type: "usage", cost: 0.5, total: true }, [{ type: "usage", cost: 0.5, isTotal: true }]],
    [{ type: "usage", tokens: -5, cost: "x" }, [{ type: "raw", line: '{"type":"usage","tokens":-5,"cost":"x"}' }]],
    [{ type: "retry", why: "status 503" }, [{ type: "retry", why: "status 503" }]],
    [{ type: "retry", why: "status 401" }, [{ type: "retry", why: "status 401", isLogin: true }]],
    [{ type: "retry", login: true }, [{ type: "retry", why: "it tries again", isLogin: true }]],
    [{ type: "denied", what: "rm" }, [{ type: "denied", what: "rm" }]],
    [{ type: "result", ok: true, text: "t", output: [1] }, [{ type: "end", ok: true, text: "t", output: [1] }]],
    [{ type: "result" }, [{ type: "end", ok: true }]],
    [{ type: "result", ok: false }, [{ type: "end", ok: false, why: "it says that it failed" }]],
    [
      { type: "result", ok: false, text: "No key.\nSorry." },
      [{ type: "end", ok: false, why: "No key.", text: "No key.\nSorry." }],
    ],
    [
      { type: "result", ok: false, why: "w", transient: true },
      [{ type: "end", ok: false, why: "w", isTransient: true }],
    ],
    [{ type: "result", ok: false, why: "w", login: true }, [{ type: "end", ok: false, why: "w", isLogin: true }]],
    [{ type: "result", ok: false, why: "w", gone: true }, [{ type: "end", ok: false, why: "w", isSessionGone: true }]],
    // What an agent says of its failure is no failure of its model.
    [{ type: "result", ok: false, why: "HTTP 503" }, [{ type: "end", ok: false, why: "HTTP 503" }]],
  ] as const)("%j", ([line, events]) => {
    expect(parse(line)).toEqual(events);
  });

  test("are texts where they are of no such kind, of a program that knows nothing of them", () => {
    const part = (text: string) => [{ type: "text", text, isPart: true }];
    for (const line of ["plain", '{"verdict":"ok"}', '{"type":"unknown"}', "", '{"type":"constructor"}', '{"type":'])
      expect(command.parse(line)).toEqual(part(line));
    expect(command.parse('{"type":"text","text":"a"}')).toEqual([{ type: "text", text: "a" }]);
  });

  test("are shown where they are of no such kind, of ayo's own client", () => {
    expect(acp.parse("plain")).toEqual([{ type: "raw", line: "plain" }]);
    expect(acp.parse('{"type":"raw","line":"x"}')).toEqual([{ type: "raw", line: "x" }]);
    expect(acp.parse("")).toEqual([]);
  });
});

test("of what programs print colours stay, and nothing else that a terminal obeys; of what agents say not even those", () => {
  const printed =
    "\u001b[1;31mred\u001b[0m \u001b]0;title\u0007\u001b[2J\u009b32mgreen\u001b[?25l\u001b\u001b[2J[3Jx\u202e\r\ny";
  const kept = "\u001b[1;31mred\u001b[0m \u001b[32mgreen[3Jx\ny";
  expect(command.parse(printed)).toEqual([{ type: "text", text: kept, isPart: true }]);
  expect(parse({ type: "tool", phase: "end", name: "sh", output: printed })).toMatchObject([{ detail: kept }]);
  expect(parse({ type: "raw", line: printed })).toEqual([{ type: "raw", line: kept }]);
  expect(parse({ type: "text", text: printed })).toEqual([{ type: "text", text: "red green[3Jx\ny" }]);
  const words = new LastWords();
  for (const event of command.parse("\u001b[32mdone\u001b[0m")) words.take(event);
  expect(words.text).toBe("done");
});
