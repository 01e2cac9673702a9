import { expect, test } from "vitest";
import { keepView } from "../../../src/store/disk/keepView.ts";
import { isSameState } from "../../../src/store/disk/sameState.ts";
import { readFresh, readStore, viewLater } from "../../../src/store/disk/view.ts";
import { newOwnClaim, putOwnClaim } from "../../../src/store/open/ownClaims.ts";
import { openStore } from "../../../src/store/open/store.ts";
import { sharingTeam } from "../../helpers/team.ts";
import { testHost } from "../../helpers/tempStore.ts";

test("a store in which others hear of a claim, or do not, is in another state, though no file of it has changed", async () => {
  const { ann, ids } = await sharingTeam(["First"]);
  const store = openStore({}, testHost(ann.dir));
  const before = await readFresh(store);
  expect(before.isUnconfirmed("token")).toBe(false);
  const own = { id: ids[0] ?? "", actor: "@coder", token: "token", lease: 0 };
  putOwnClaim(store, newOwnClaim(store, own, "here"));
  expect(isSameState(before, await readFresh(store))).toBe(false);
  const later = await viewLater(store, before, before.now + 1);
  expect([later.state === before.state, later.isUnconfirmed("token")]).toEqual([false, true]);
  const still = await viewLater(store, later, before.now + 2);
  expect(still.state).toBe(later.state);

  // A process that stays sees it at once, too, though its clock stands still.
  const kept = openStore({}, { ...testHost(ann.dir), now: () => before.now });
  keepView(kept, { sameFor: 60_000 });
  expect((await readStore(kept)).isUnconfirmed("second")).toBe(false);
  putOwnClaim(kept, newOwnClaim(kept, { ...own, token: "second" }, "here"));
  expect((await readStore(kept)).isUnconfirmed("second")).toBe(true);
});
