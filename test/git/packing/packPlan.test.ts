import { expect, test } from "vitest";
import { buildCommit } from "../../../src/git/commits/commit.ts";
import { type GitObject, type ObjectType, readObjectSync, writeObject } from "../../../src/git/objects/objects.ts";
import { type Planned, planPack } from "../../../src/git/packing/packPlan.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";

test("versions of one second follow each other as they were made, and a side branch follows on its own", async () => {
  const repository = openRepository(gitRepo()) as Repository;
  const types = new Map<string, Planned["type"]>();
  const write = (type: ObjectType, bytes: Buffer): string => {
    const oid = writeObject(repository, type, bytes);
    types.set(oid, type);
    return oid;
  };
  const person = { name: "P", email: "p@example.invalid", time: 1_700_000_000, timezone: "+0000" };
  const meta = { author: person, committer: person, message: "m\n" };
  const commitOn = async (base: string | undefined, text: string): Promise<string> =>
    (
      await buildCommit(repository, base, new Map([[`f-${text.length}`, { bytes: Buffer.from(text) }]]), meta, {
        write,
      })
    ).oid;
  const line: string[] = [];
  for (let n = 0; n < 12; n++) line.unshift(await commitOn(line[0], "x".repeat(n)));
  const side = await commitOn(line[6], "side");

  const sorted = new Map([...types].sort(([one], [other]) => (one < other ? -1 : 1)));
  const plan = planPack(sorted, (oid) => readObjectSync(repository, oid) as GitObject);
  const order = plan.filter(({ type }) => type === "commit").map(({ oid }) => oid);
  expect(new Set(order)).toEqual(new Set([...line, side]));
  const parentOf = (oid: string): string | undefined => (oid === side ? line[6] : line[line.indexOf(oid) + 1]);
  // The two branches are one break, wherever it is.
  expect(order.slice(1).filter((oid, at) => parentOf(order[at] as string) !== oid)).toHaveLength(1);
});
