import { expect, test } from "vitest";
import { claimTickets } from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { tempStore, testHost, writeTickets } from "../../helpers/tempStore.ts";

const MINUTE = 60_000;

test("a claim that runs out while another is taken back is taken back, too, before anybody takes the ticket", async () => {
  const project = await tempStore();
  writeTickets(project, { "t-1": "One", "t-2": "Two" });
  await project.ayo("ticket", "claim", "t-1", "--as", "@one", "--lease", "10m");
  await project.ayo("ticket", "claim", "t-2", "--as", "@two", "--lease", "20m");
  const tip = () => git(project.repo, "rev-parse", "HEAD");
  const [first, start] = [tip(), Date.now()];
  // The first lease is over; once it has been taken back so is the second.
  const now = () => start + (tip() === first ? 15 : 25) * MINUTE;
  const store = { ...project.open(), host: testHost(project.dir, { now }) };
  expect((await claimTickets(store, { ids: ["t-2"], as: "@three" })).tickets).toMatchObject([
    { claim: { by: "@three" } },
  ]);
  const events = git(
    project.repo,
    "log",
    "--reverse",
    "--format=%(trailers:key=Event,valueonly,separator=%x20) %s",
    `${first}..HEAD`,
  );
  expect(events.split("\n")).toEqual([
    "lease_expired lease of @one ran out on t-1: One",
    "lease_expired lease of @two ran out on t-2: Two",
    "claimed claim t-2: Two",
  ]);
});
