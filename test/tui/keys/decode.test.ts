import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decoder, type Input } from "../../../src/tui/keys/decode.ts";

/** What the keys in these bytes are called. */
function keysIn(text: string): string[] {
  const decode = decoder();
  return [...decode.take(text), ...decode.flush()].map(nameOf);
}

function nameOf(input: Input): string {
  if (input.kind === "key") return input.key;
  if (input.kind === "paste") return `paste ${input.text}`;
  if (input.kind === "focus") return input.has ? "focus" : "blur";
  return `${input.what} ${input.button} ${input.x},${input.y}`;
}

describe("what terminals send", () => {
  test.each([
    ["jJ?", ["j", "J", "?"]],
    ["\r\t \u007f\b", ["enter", "tab", "space", "backspace", "backspace"]],
    ["\u0004\u0003\u001a\u0000", ["ctrl+d", "ctrl+c", "ctrl+z", "ctrl+space"]],
    ["\u001b", ["escape"]],
    ["\u001b\u001b", ["escape", "escape"]],
    ["\u001bb\u001bB\u001b\u007f\u001bé", ["alt+b", "alt+B", "alt+backspace", "alt+é"]],
    ["\u001b[A\u001bOA\u001b[1;5C\u001b[1;2D", ["up", "up", "ctrl+right", "shift+left"]],
    ["\u001b[H\u001b[1~\u001b[7~\u001bOH", ["home", "home", "home", "home"]],
    ["\u001b[F\u001b[4~\u001b[8~\u001bOF", ["end", "end", "end", "end"]],
    ["\u001b[3~\u001b[5~\u001b[6~\u001b[2~", ["delete", "pageup", "pagedown", "insert"]],
    ["\u001b[Z\u001bOP\u001b[11~\u001b[[A\u001b[24~", ["shift+tab", "f1", "f1", "f1", "f12"]],
    ["\u001b[3;5~\u001b[1;4A\u001b[1;8B", ["ctrl+delete", "alt+shift+up", "ctrl+alt+shift+down"]],
    ["\u001b[27u\u001b[106;5u\u001b[57399u", ["escape", "ctrl+j"]],
    ["\u001b[I\u001b[O", ["focus", "blur"]],
    ["\u001b[<0;1;2M\u001b[<0;1;2m\u001b[<2;300;5M", ["press 0 0,1", "release 0 0,1", "press 2 299,4"]],
    ["\u001b[<64;1;1M\u001b[<65;1;1M\u001b[<32;4;4M", ["up 0 0,0", "down 1 0,0", "drag 0 3,3"]],
    ["\u001b[200~a\r\nb\u001b[A\rc\u001b[201~j", ["paste a\nb\u001b[A\nc", "j"]],
    ["日👨‍👩‍👧".slice(0, 3), ["日", "👨"]],
    // Answers of terminals to questions that others asked, and sequences of keys that nobody knows, are no keys.
    ["\u001b[?62;22c\u001b[12;5R\u001b[99~\u001b[57399u\u001b[1;5Ej", ["j"]],
  ])("%j", (bytes, names) => {
    expect(keysIn(bytes)).toEqual(names);
  });

  test("answers that are texts are no keys", () => {
    expect(keysIn("\u001b]11;rgb:0000/0000/0000\u0007j")).toEqual(["j"]);
    expect(keysIn("\u001b]11;rgb:0000/0000/0000\u001b\\j")).toEqual(["j"]);
    expect(keysIn("\u001bP>|xterm(388)\u001b\\j")).toEqual(["j"]);
  });

  test("it is the same in whatever pieces it comes", () => {
    const part = fc.constantFrom(
      ..."jJ é日👍".split(" "),
      "\u001b[A",
      "\u001bOA",
      "\u001b[1;5C",
      "\u001b[<0;12;7M",
      "\u001b[<0;12;7m",
      "\u001b[200~one\ntwo\u001b[201~",
      "\u001b[3~",
      "\u001bb",
      "\r",
      "\u0004",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 6 }), (parts, cuts) => {
        const text = parts.join("");
        const decode = decoder();
        const found: Input[] = [];
        let last = 0;
        for (const cut of [...cuts.filter((at) => at <= text.length).sort((a, b) => a - b), text.length]) {
          // A stream of text is never cut within a character.
          const at = /[\udc00-\udfff]/.test(text[cut] ?? "") ? cut + 1 : cut;
          if (at <= last) continue;
          found.push(...decode.take(text.slice(last, at)));
          last = at;
        }
        found.push(...decode.flush());
        expect(found.map(nameOf)).toEqual(keysIn(text));
      }),
    );
  });

  test("whatever bytes come, it ends, waits for no more than a sequence, and takes what follows", () => {
    const byte = fc.constantFrom(
      "\u001b",
      "[",
      "O",
      "<",
      "?",
      ";",
      "1",
      "M",
      "~",
      "A",
      "j",
      "\u0007",
      "]",
      "P",
      "\\",
      "\u009b",
      "日",
    );
    fc.assert(
      fc.property(fc.string({ unit: byte, maxLength: 30 }), (text) => {
        const decode = decoder();
        decode.take(text);
        decode.flush();
        expect(decode.isWaiting()).toBe(false);
        expect(decode.take("q").map(nameOf)).toEqual(["q"]);
      }),
    );
  });

  test("a paste that ends never is taken when the terminal rests", () => {
    const decode = decoder();
    expect(decode.take("\u001b[200~half")).toEqual([]);
    expect(decode.flush().map(nameOf)).toEqual(["paste half"]);
    expect(decode.take("j").map(nameOf)).toEqual(["j"]);
  });
});
