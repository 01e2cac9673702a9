import type { Mapping, RemoteItem } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import type { Agreed } from "../pair.ts";
import { isCut, mergeSides, newLines } from "../texts.ts";
import { agree, take } from "./agree.ts";
import { isSame } from "./pending.ts";

/** What merging texts needs to know. */
interface TextRules {
  readonly mapping: Mapping;
  readonly winner: "local" | "remote";
}

/** Takes over what a description has become, line by line. */
export function mergeDescription(draft: Draft, id: string, base: Agreed, item: RemoteItem, rules: TextRules): void {
  const remote = String(item.fields.description ?? "");
  if (isSame("description", base.r ?? null, remote, rules.mapping)) {
    agree(draft, id, "description", { l: base.l, r: remote });
    return;
  }
  const held = String(draft.fit("description", remote));
  if (isCut(remote, held)) takeCut(draft, id, base, item, held);
  else mergeBoth(draft, id, base, item, rules);
}

/** Of a text that is cut here nobody can say what an edit of it is of the whole: it is as it is there. */
function takeCut(draft: Draft, id: string, base: Agreed, item: RemoteItem, held: string): void {
  const local = String(draft.ticket(id)?.fields.description ?? "");
  const mine = local === base.l ? [] : newLines(local, String(base.l ?? ""));
  if (mine.length > 0) {
    const text = `the text of ${item.name} is longer than can be held here, so it is as it is there. Here it had`;
    draft.tell(id, `${text}:\n\n${quote(mine.join("\n"))}`, item.updatedAt);
  }
  take(draft, id, "description", held, item);
  agree(draft, id, "description", { l: held, r: item.fields.description });
}

function mergeBoth(draft: Draft, id: string, base: Agreed, item: RemoteItem, { mapping, winner }: TextRules): void {
  const local = String(draft.ticket(id)?.fields.description ?? "");
  const remote = String(item.fields.description ?? "");
  const merged = mergeSides({
    l: String(base.l ?? ""),
    r: String(base.r ?? ""),
    ...{ local, remote, keyOf: mapping.lineKey, winner },
  });
  if (merged.lost !== "") {
    const whose = winner === "remote" ? `those of ${item.name} stay. Here they were` : `ours stay. ${item.name} had`;
    draft.tell(
      id,
      `lines of the description were changed on both sides; ${whose}:\n\n${quote(merged.lost)}`,
      item.updatedAt,
    );
  }
  const text = merged.text === local ? local : String(draft.fit("description", merged.text));
  take(draft, id, "description", text, item);
  const isAlike = isSame("description", merged.text, remote, mapping);
  agree(draft, id, "description", { l: isAlike ? text : draft.fit("description", merged.remote), r: remote });
}

function quote(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}
