import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { type DispatchScene, scriptText, type Turn } from "../../helpers/work/dispatchScene.ts";
import { verifyScene } from "../../helpers/work/verifyScene.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const say = (text: string): Turn => ({ sh: `ayo ticket ${text.replace("ID", "$AYO_TICKET")}` });
const good: Turn = { write: { "work.txt": "good\n" } };
const with_ = (name: string): Turn => ({ write: { "work.txt": "good\n", [name]: "" } });

interface Scene {
  readonly name: string;
  /** Its agent: one that is started again, or one that is not. */
  readonly by?: string;
  readonly turns: readonly Turn[];
  readonly status: string;
  /** What the note of its last run begins with. */
  readonly end: RegExp;
  readonly runs?: number;
}

/** Besides the usual columns there is one for work that was seen to pass. */
const BUILT = `board:
  columns:
    - {id: open, category: todo}
    - {id: in_progress, category: active}
    - {id: built, category: active, enter: [verify]}
    - {id: blocked, category: blocked}
    - {id: in_review, category: review}
    - {id: closed, category: done}
    - {id: failed, category: failed}
`;

const HOW: readonly Scene[] = [
  { name: "is good", turns: [good, say("close ID -m 'by me'")], status: "closed", end: /: ok\./ },
  { name: "is good, and is submitted", turns: [good, say("submit ID")], status: "in_review", end: /: ok\./ },
  {
    name: "is good, and goes to a column that asks for that",
    turns: [good, say("status ID built -m 'by me'")],
    status: "built",
    end: /: ok\./,
  },
  {
    name: "is not good, and was to go there",
    turns: [say("status ID built")],
    status: "failed",
    end: /verify test failed with exit code 1\./,
  },
  {
    name: "is wished closed before a crash",
    turns: [good, say("close ID"), { exit: 3 }],
    status: "closed",
    end: /: ok\./,
  },
  {
    name: "is mended",
    by: "@coder",
    turns: [{ text: "Done" }, { json: {} }, good],
    status: "closed",
    end: /: ok\./,
    runs: 2,
  },
  {
    name: "is never good",
    by: "@coder",
    turns: [],
    status: "failed",
    end: /: failed, verify test failed with exit code 1\./,
    runs: 2,
  },
  { name: "hangs", turns: [with_("hang")], status: "failed", end: /verify test took longer than 8 s\./ },
  { name: "forks", turns: [with_("fork")], status: "closed", end: /: ok\./ },
  { name: "tells secrets", turns: [with_("tell")], status: "failed", end: /failed with exit code 1\./ },
  {
    name: "changes files",
    turns: [with_("change")],
    status: "failed",
    end: /verify test changed files: readme.txt, new.snap\./,
  },
  { name: "kills itself", turns: [with_("die")], status: "failed", end: /verify test was ended by SIGKILL\./ },
  {
    name: "changes its tests",
    turns: [with_("t.sh")],
    status: "in_review",
    end: /a person has to look: the work changed t\.sh\./,
  },
];

const sh = (command: string): Turn => ({ sh: command });
/** Where it is not an agent that is at work, so that the agents of this file do not meet each other's traps. */
const OF_OTHERS = '[ -n "$AYO_TICKET" ] || echo good > work.txt';
/** Ways that are like another one are tried by the long runs alone. */
const LONG = process.env.AYO_LONG === "1";
const NOT_GOOD = /verify test failed with exit code [12]\./;

/** Work that is not good, and what its agent does so that it passes all the same. */
const CHEATS: readonly Scene[] = [
  { name: "takes a changed file for unchanged", turns: [good, sh("git update-index --assume-unchanged work.txt")] },
  { name: "has git skip a file", isLong: true, turns: [good, sh("git update-index --skip-worktree work.txt")] },
  {
    name: "has git ignore what makes it pass",
    turns: [
      sh("git rm -q work.txt && git commit -qm gone"),
      good,
      sh('echo work.txt >> "$(git rev-parse --git-path info/exclude)"'),
    ],
  },
  {
    name: "leaves a file out by a sparse checkout",
    turns: [good, sh("touch bad && git add . && git commit -qm bad && git sparse-checkout set --no-cone '/*' '!/bad'")],
  },
  {
    name: "plants hooks",
    turns: [
      sh(
        `h="$(git rev-parse --git-common-dir)/hooks" && mkdir -p "$h" && for n in post-checkout post-index-change post-commit; do printf '%s\\n' '#!/bin/sh' '${OF_OTHERS}' > "$h/$n" && chmod +x "$h/$n"; done`,
      ),
    ],
  },
  {
    name: "plants a filter",
    turns: [
      sh(
        "echo 'work.txt filter=evil' > .gitattributes && git config filter.evil.smudge 'echo good' && git config filter.evil.clean cat",
      ),
    ],
  },
  { name: "plants a monitor of files", isLong: true, turns: [sh(`git config core.fsmonitor '${OF_OTHERS}; true'`)] },
  {
    name: "replaces its commit",
    turns: [
      sh(
        'git commit -q --allow-empty -m bad; b=$(git rev-parse HEAD); echo good > work.txt; git commit -qam good; git replace "$b" HEAD; git reset -q --hard "$b"; echo so so > work.txt',
      ),
    ],
  },
  {
    name: "brings programs",
    isLong: true,
    turns: [
      sh(
        "printf '#!/bin/sh\\nexit 0\\n' > grep && chmod +x grep && echo 'export PATH=$PWD:$PATH' > .envrc && cp .envrc .profile",
      ),
    ],
  },
  {
    name: "leaves something behind that mends it",
    turns: [
      {
        orphan:
          'while :; do for f in "$HOME"/.local/share/ayo/work/*/verify/*/tree/work.txt; do [ -f "$f" ] && case "$f" in *"/$AYO_TICKET/"*) echo good > "$f";; esac; done; sleep 0.01; done',
      },
      { text: "ok" },
    ],
  },
  { name: "insists", turns: [say("close ID --force"), say("update ID --status closed --force")] },
  { name: "approves itself", turns: [say("submit ID"), say("approve ID"), say("approve ID --as @other")] },
  {
    name: "is verified by its own word",
    turns: [say(`update ID --set "verified=$(git rev-parse HEAD) 4f53cda18c2baa0c 2026-01-01T00:00:00Z test by Mara"`)],
  },
  {
    name: "wants no rules",
    turns: [sh("ayo config close.verify none; ayo config verify none; ayo ticket update $AYO_TICKET --verify lint")],
  },
  { name: "verifies itself", isLong: true, turns: [say("verify ID"), say("close ID")] },
  {
    name: "has a submodule",
    turns: [
      sh(
        "git rm -q work.txt && git init -q sub && echo good > sub/work.txt && git -C sub add . && git -C sub commit -qm s && git add sub 2>/dev/null && git commit -qm sub && ln -s sub/work.txt work.txt",
      ),
    ],
    end: /exit code 2/,
  },
  {
    name: "is another folder",
    isLong: true,
    turns: [
      sh(
        'd="$PWD"; cp -r . ../other-$AYO_TICKET; echo good > ../other-$AYO_TICKET/work.txt; cd .. && mv "$d" "$d.old" && ln -s "$PWD/other-$AYO_TICKET" "$d"',
      ),
    ],
  },
  {
    name: "moves the base to what it changed of its tests, and its branch with it",
    turns: [
      sh("mkdir conf && touch conf/a && git add . && git commit -qm conf && git update-ref refs/heads/main HEAD"),
      good,
      say("close ID"),
    ],
    status: "in_review",
    end: /: ok, test: passed, and a person has to look: the work began before these were changed: conf\/a\./,
  },
  {
    name: "moves its branch while it is verified",
    turns: [with_("move")],
    status: "open",
    end: /could not be handed in: .* is not verified: test: was run on/,
  },
]
  .filter((cheat) => LONG || !("isLong" in cheat))
  .map((cheat) => ({ status: "failed", end: NOT_GOOD, ...cheat }));

/** The same by hand edits: what they did waits for a person. */
const EDITS: readonly Scene[] = [
  {
    name: "is closed by hand",
    turns: [
      sh(`f="$TICKETS_DIR/$AYO_TICKET.md"; sed -i 's/^status: .*/status: closed/' "$f"; ayo ticket show $AYO_TICKET`),
    ],
  },
  {
    name: "is verified by hand",
    turns: [
      sh(
        `f="$TICKETS_DIR/$AYO_TICKET.md"; sed -i "s/^priority: .*/&\\nverified: $(git rev-parse HEAD) 4f53cda18c2baa0c 2026-01-01T00:00:00Z test by Mara/" "$f"; ayo ticket close $AYO_TICKET`,
      ),
    ],
  },
].map((edit) => ({ status: "any", end: /./, ...edit }));

function listIn(scene: DispatchScene, lines: readonly string[]): string {
  const file = path.join(String(scene.env.HOME), "lines.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

const cleanUp = laterCleanUp();

describe("work that", () => {
  let scene: DispatchScene;
  const ids = new Map<string, string>();
  let runs: Awaited<ReturnType<DispatchScene["runs"]>>;

  beforeAll(async () => {
    scene = await verifyScene(cleanUp, BUILT);
    const all = [...HOW, ...CHEATS, ...EDITS];
    const lines = all.map(({ name, turns, by = "@cheat" }) =>
      JSON.stringify({ op: "create", title: name, description: scriptText(turns), assignee: by }),
    );
    const made = (await scene.ayo("ticket", "batch", "-q", listIn(scene, lines))).split("\n");
    for (const [at, { name }] of all.entries()) ids.set(name, made[at] as string);
    await scene.cli("work", "--once", "-n", "40");
    runs = await scene.runs();
  });

  test.each(HOW)("$name", async ({ name, status, end, runs: count = 1 }) => {
    const id = ids.get(name) as string;
    const text = scene.text(id);
    expect([scene.status(id), scene.ends(id).at(-1)], text).toEqual([status, expect.stringMatching(end)]);
    expect(runs.filter((run) => run.ticket === id).length).toBe(count);
    const isSeen =
      status === "closed" || status === "built" || (status === "in_review" && !text.includes("has to look"));
    const head = git(scene.dir, "rev-parse", `ayo/work/${id}`).trim();
    expect(/^verified: (\S+) \S+ \S+ test by Test User$/m.exec(text)?.[1]).toBe(isSeen ? head : undefined);
    expect(text).not.toContain("wish:");
  });

  test.each(CHEATS)("$name: an agent that cheats is found out", ({ name, status, end }) => {
    const id = ids.get(name) as string;
    expect([scene.status(id), scene.ends(id).at(-1)], scene.text(id)).toEqual([status, expect.stringMatching(end)]);
    if (status === "failed") expect(scene.text(id)).not.toMatch(/^verified:/m);
  });

  test.each(EDITS)("$name: it waits for a person", ({ name }) => {
    const text = scene.text(ids.get(name) as string);
    expect(text).toMatch(/^unconfirmed: /m);
  });

  test("leaves no process and no checkout, and tells no secret", async () => {
    expect(await scene.living()).toBe(0);
    const folder = path.join(String(scene.env.HOME), ".local/share/ayo/work");
    const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("/tree"));
    expect(left).toEqual([]);
    expect(existsSync(path.join(scene.dir, ".git/worktrees"))).toBe(true);
    const told = scene.text(ids.get("tells secrets") as string);
    expect(told).toContain("SHOP_PASSWORD=***\nHIDDEN= GIVEN=\nbell  and [31mred");
    expect(told).not.toContain("correct-horse");
    scene.store.judge();
  });

  test("that does not pass has one note of that for each run, in ayo's own name", () => {
    const notes = scene
      .text(ids.get("is never good") as string)
      .match(/^\*\*\S+\*\* .*\n\nWhat run \d of @coder left/gm);
    expect(notes?.map((note) => note.replace(/^\S+ /, ""))).toEqual([
      "ayo\n\nWhat run 1 of @coder left",
      "ayo\n\nWhat run 2 of @coder left",
    ]);
  });

  test("keeps what its agent said when it wished it closed", () => {
    expect(scene.text(ids.get("is good") as string)).toContain("by me");
  });

  test("was told of what has to pass", () => {
    const folder = path.join(String(scene.env.HOME), ".local/share/ayo/runs");
    const [prompt = ""] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(`${ids.get("is good")}/1/prompt.md`),
    );
    expect(readFileSync(path.join(folder, prompt), "utf8")).toContain("## What has to pass\n\n");
    expect(readFileSync(path.join(folder, prompt), "utf8")).toContain("\n- test: . ./t.sh\n");
  });

  test("has an event of its own, and its page says how it stands", async () => {
    const id = ids.get("is good") as string;
    const { entries } = JSON.parse(await scene.ayo("ticket", "history", id, "--json"));
    expect(entries.map(({ subject }: { subject: string }) => subject)).toContainEqual(`verify ${id} (test): is good`);
    expect(await scene.ayo("ticket", "show", id)).toMatch(/^verify test: passed, /m);
    expect(await scene.ayo("ticket", "show", ids.get("is never good") as string)).toMatch(
      /^verify test: failed with exit code 1, /m,
    );
  });

  test("is verified anew where the dispatcher was ended or killed meanwhile, and nothing goes on", async () => {
    const once = path.join(String(scene.env.HOME), "once");
    const id = await scene.ticket("Slow", [with_("once")]);
    const begun = async (): Promise<void> => {
      for (let left = 600; !existsSync(once); left--) {
        if (left === 0) throw new Error("its tests did not begin");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const ended = scene.work();
    await begun();
    await ended.end("SIGTERM");
    expect([await scene.living(), scene.status(id)]).toEqual([0, "in_progress"]);
    rmSync(once);
    const killed = scene.work();
    await begun();
    await killed.end("SIGKILL");
    expect(await scene.living()).toBeGreaterThan(0);
    await scene.cli("work", "--once");
    expect([scene.status(id), await scene.living()], scene.text(id)).toEqual(["closed", 0]);
    expect(scene.ends(id)).toEqual([expect.stringMatching(/^Run 1 of @coder .*: ok\./)]);
  });
});
