import { writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "../git.ts";
import { type DispatchScene, dispatchScene } from "./dispatchScene.ts";

/** What the project's tests say: the work is good, and nothing bad is there; files by their names play what goes wrong. */
const TEST = `
[ -f hang ] && sleep 300
[ -f once ] && [ ! -f "$HOME/once" ] && { touch "$HOME/once"; sleep 300; }
[ -f fork ] && { setsid sleep 300 & (sleep 300 &) }
[ -f tell ] && { cat .env; echo "HIDDEN=$HIDDEN_TOKEN GIVEN=$GIVEN_KEY"; printf 'bell \\007 and \\033[31mred\\n'; exit 1; }
[ -f change ] && { echo more >> readme.txt; echo new > new.snap; }
[ -f die ] && kill -9 $$
[ -f move ] && git update-ref "refs/heads/ayo/work/$AYO_TICKET" "$(git commit-tree HEAD^{tree} -m other)"
[ ! -f bad ] && grep -q good work.txt
`;

/** A project whose tests ayo runs before any ticket of its store is closed; agents' scripts play what they do. */
export async function verifyScene(cleanUp: (remove: () => void) => void, config = ""): Promise<DispatchScene> {
  const scene = await dispatchScene({
    agents: { "@coder": "max: 40, limits: {tries: 3}", "@cheat": "max: 40, limits: {tries: 1}" },
    top: "base: main\ncopy: [.env]\nverify:\n  test: {run: . ./t.sh, protect: [t.sh, 'conf/**'], time: 8s}\n",
    files: { "config.yml": `close: {verify: required}\n${config}` },
    cleanUp,
  });
  const files = { "t.sh": TEST, "work.txt": "so so\n", ".gitignore": ".env\n.tickets/\nnode_modules/\n" };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(scene.dir, name), text);
  writeFileSync(path.join(scene.dir, ".env"), "SHOP_PASSWORD=correct-horse-battery\n");
  git(scene.dir, "add", ".");
  git(scene.dir, "commit", "--quiet", "-m", "tests");
  return scene;
}
