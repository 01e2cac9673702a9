import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { runScript } from "../../helpers/runScript.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { dispatchScene } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 90_000 });

/** The project on a disk of its own, which its agent fills before it ends, and which has room again after the first trouble. */
const SCRIPT = `
  set -e
  mkdir "$1" && mount -t tmpfs -o size=24m tmpfs "$1"
  cp -a "$2/." "$1"; cd "$1/shop"
  export HOME=$1/../home AYO_HOME=$1/../home/ayo AYO_RETRY_MS=50 AYO_STOP_MS=500
  mkdir -p "$HOME"
  cat > .tickets/agents.yml <<'YML'
agents:
  '@coder': {adapter: command, command: [sh, -c, 'cat >/dev/null; echo work > work.txt; dd if=/dev/zero of="$TICKETS_DIR/../fill" bs=64k 2>/dev/null; dd if=/dev/zero of="$TICKETS_DIR/../fill2" bs=1 count=100000 2>/dev/null; exit 0']}
YML
  ayo allow @coder > /dev/null
  id=$(ayo ticket create "Fill" -a @coder -q 2> /dev/null)
  ayo work > ../../said 2>&1 & work=$!
  for n in $(seq 300); do grep -q "tried again" ../../said && break; sleep 0.1; done
  df --output=avail "$1" | tail -1 > ../../avail
  cp ".tickets/$id.md" ../../meanwhile.md
  rm -f fill fill2
  for n in $(seq 300); do grep -q "ended" ../../said && break; sleep 0.1; done
  kill $work; wait $work || true
  cp ".tickets/$id.md" ../../after.md
  cat "../shop.work/$id/work.txt"
  ayo doctor
  git -C .tickets fsck --strict 2>&1
  git -C .tickets status --porcelain
`;

test("a store's disk that is full as a run ends: it is told, nothing is half-written, and it ends once there is room", async () => {
  const scene = await dispatchScene();
  const around = tempDir();
  const { stdout, stderr } = runScript(SCRIPT, [path.join(around, "disk"), path.dirname(scene.dir)]);
  const read = (name: string): string => readFileSync(path.join(around, name), "utf8");
  const said = read("said");
  expect(stderr, said).toBe("");
  expect(said).toMatch(/trouble: .*(?:no space|disk is full|full).*; it is tried again/i);
  expect(read("meanwhile.md")).toMatch(/^status: in_progress$/m);
  expect(said).toContain("ended: ok");
  expect(read("after.md")).toMatch(/^status: closed$/m);
  expect(read("after.md").match(/^Run 1 of @coder/gm)).toHaveLength(1);
  expect(stdout.trim().split("\n")).toEqual(["work", "Nothing is wrong"]);
});
