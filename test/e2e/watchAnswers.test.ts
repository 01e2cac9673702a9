import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";
import { startWatch } from "../helpers/watchProcess.ts";

test("a watcher writes and tells a default answer when its time comes, without anybody else's doing", async () => {
  const project = await tempStore();
  await project.ayo("config", "questions.defaults", "on");
  const id = await project.ayo("ticket", "create", "Open a port");
  await project.ayo("ticket", "ask", id, "Which port?", "--option", "80", "--default", "80", "--after", "10m");
  const watch = await startWatch(project.dir);
  // A person may make it sooner than a command lets anybody.
  const until = new Date(Date.now() + 3_000).toISOString().replace(/\.\d+Z$/, "Z");
  project.write(id, project.text(id).replace(/^answer-by: .*$/m, `answer-by: ${until}`));
  const edited = await watch.until("updated", id);
  expect(edited.changes).toMatchObject({ answerBy: { to: until } });
  const answered = await watch.until("answered", id);
  expect(answered).toMatchObject({ actor: "ayo", cause: { byDefault: true }, changes: { question: { to: null } } });
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
  await watch.until("ready", id);
  expect(project.text(id)).toMatch(/^Answer: 80 \(default; nobody answered in .*\)$/m);
  await watch.end();
  project.judge();
});
