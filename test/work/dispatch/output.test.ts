import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { RunJson } from "../../../src/actions/runs/runJson.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { type DispatchScene, dispatchScene, type Turn } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SCHEMA = {
  type: "object",
  properties: { cases: { type: "array", items: { type: "string" } } },
  required: ["cases"],
  additionalProperties: false,
};
const GOOD = { cases: ["one", "two"] };
const says = (text: string): Turn => ({ result: { ok: true, text } });
const good = JSON.stringify(GOOD);

/** What an agent answers, run by run, how many runs there are, where its ticket is then, and what its last note says. */
const SCENES: readonly (readonly [name: string, turns: readonly Turn[], runs: number, status: string, end: RegExp])[] =
  [
    ["answers what fits", [{ json: GOOD }], 1, "closed", /: ok\./],
    ["answers with a text that is JSON", [says(good)], 1, "closed", /: ok\./],
    ["answers between other words", [says(`Here it is: ${good}. Done!`)], 1, "closed", /: ok\./],
    [
      "answers in a block",
      [says(`Two:\n\n\`\`\`json\n${JSON.stringify(GOOD, null, 2)}\n\`\`\`\nBye`)],
      1,
      "closed",
      /: ok\./,
    ],
    [
      "answers in parts",
      [{ garbage: '{"cases":\n["one",' }, { garbage: '"two"]}', noend: true }],
      1,
      "closed",
      /: ok\./,
    ],
    ["misses once", [{ json: { cases: [1] } }, { json: GOOD }], 2, "closed", /: ok\./],
    [
      "misses twice",
      [{ json: { cases: [1] } }, { json: { other: 1 } }],
      2,
      "failed",
      /does not fit schema plan: .*asked once more/,
    ],
    ["says no JSON", [says("All done."), says("Really.")], 2, "failed", /has no JSON in it/],
    ["names a key twice", [says('{"cases":[],"cases":[]}'), { json: GOOD }], 2, "closed", /: ok\./],
    ["answers too much", [{ big: 1_100_000, noend: true }, { json: GOOD }], 2, "closed", /: ok\./],
    ["fails", [{ result: { ok: false, why: "no idea" } }], 1, "failed", /: failed, no idea\./],
    [
      "hands it in itself, after it was refused",
      [
        {
          sh: `echo 1 | ayo ticket submit $AYO_TICKET --output - || echo '${good}' | ayo ticket submit $AYO_TICKET --output -`,
        },
      ],
      1,
      "in_review",
      /: ok, the agent left it in in_review\./,
    ],
    [
      "writes the schema anew",
      [{ sh: `printf '{}' > "$TICKETS_DIR/schemas/swapped.json"`, json: { any: 1 } }],
      1,
      "failed",
      /schema swapped was changed while the agent worked .* is kept with run 1/,
    ],
    [
      "writes the schema anew and hands in itself",
      [
        {
          sh: `printf '{}' > "$TICKETS_DIR/schemas/swapped2.json"; echo '{"any":1}' | ayo ticket submit $AYO_TICKET --output -; printf '%s' '${JSON.stringify(SCHEMA)}' > "$TICKETS_DIR/schemas/swapped2.json"`,
          json: GOOD,
        },
      ],
      1,
      "closed",
      /: ok\./,
    ],
  ];

/** Which of them have a schema of their own, which they change. */
const OWN_SCHEMAS: Readonly<Record<string, string>> = {
  "writes the schema anew": "swapped",
  "writes the schema anew and hands in itself": "swapped2",
};

const cleanUp = laterCleanUp();

describe("an agent whose ticket asks for an output", () => {
  let scene: DispatchScene;
  const ids = new Map<string, string>();
  let runs: readonly RunJson[];
  /** What is kept with a ticket. */
  const outputOf = (id: string): unknown => {
    const file = path.join(scene.store.tickets, "outputs", `${id}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  };
  /** What is kept of a run, in the file of this name. */
  const kept = (id: string, n: number, name: string): string => {
    const folder = path.join(String(scene.env.HOME), ".local/share/ayo/runs");
    const [store = ""] = readdirSync(folder).filter((one) => existsSync(path.join(folder, one, id)));
    return readFileSync(path.join(folder, store, id, String(n), name), "utf8");
  };
  const prompt = (id: string, n: number): string => kept(id, n, "prompt.md");

  beforeAll(async () => {
    scene = await dispatchScene({
      agents: { "@coder": "max: 30, limits: {tries: 1}" },
      files: Object.fromEntries(
        ["plan", ...Object.values(OWN_SCHEMAS)].map((name) => [`schemas/${name}.json`, JSON.stringify(SCHEMA)]),
      ),
      cleanUp,
    });
    const make = async (name: string, turns: readonly Turn[], ...flags: string[]) =>
      ids.set(name, await scene.ticket(name, turns, ...flags));
    await make("none", [{ json: { any: 1 } }]);
    const schemaOf = (name: string): string => OWN_SCHEMAS[name] ?? "plan";
    await Promise.all(SCENES.map(([name, turns]) => make(name, turns, "--output-schema", schemaOf(name))));
    const first = ids.get("answers what fits") as string;
    await make("next", [{ text: "ok" }], "--deps", first);
    await scene.cli("work", "--once", "-n", "30");
    await scene.cli("work", "--once");
    runs = await scene.runs();
  });

  test.each(SCENES)("%s", (name, _, count, status, end) => {
    const id = ids.get(name) as string;
    const ends = scene.ends(id);
    expect([scene.status(id), ends.at(-1)], scene.text(id)).toEqual([status, expect.stringMatching(end)]);
    expect(runs.filter(({ ticket }) => ticket === id)).toHaveLength(count);
    expect(outputOf(id)).toEqual(status === "failed" ? undefined : GOOD);
  });

  test("is told by its prompt, and of what did not fit by JSON pointers", () => {
    const id = ids.get("misses once") as string;
    expect(prompt(id, 1)).toContain('"additionalProperties":false');
    expect(prompt(id, 2)).toMatch(/^## Your last answer did not fit\n\n- \/cases\/0 /);
    expect(prompt(ids.get("next") as string, 1)).toContain("The output of ");
    expect(prompt(ids.get("next") as string, 1)).toContain('"two"');
  });

  test("whose answer is refused is told of as a notice to who watches", () => {
    const log = kept(ids.get("misses once") as string, 1, "events.jsonl");
    const notice = log.split("\n").find((line) => line.includes('"notice":"output_rejected"')) ?? "{}";
    expect(JSON.parse(notice)).toMatchObject({ type: "ayo", errors: [{ pointer: "/cases/0" }] });
  });

  test("whose answer was refused twice finds it kept; without a schema nothing is", () => {
    const id = ids.get("misses twice") as string;
    expect(JSON.parse(kept(id, 2, "answer.txt"))).toEqual({ other: 1 });
    expect(outputOf(ids.get("none") as string)).toBeUndefined();
    scene.store.judge();
  });
});
