import type { Draft } from "../draft.ts";
import { newPair, sorted } from "../pair.ts";
import type { Write } from "../plan.ts";
import type { Known } from "./outcome.ts";

/** Puts down what will be sent, so that whoever comes after a crash knows what may have been done. */
export function journal(draft: Draft, writes: readonly Write[], known: Known): void {
  for (const write of writes) {
    const { id } = write;
    if (write.kind === "create") {
      const old = draft.pair(id);
      draft.setPair(id, { ...(old ?? newPair(write.key, "creating")), fields: write.fields, labels: write.labels });
    } else if (write.kind === "update") {
      draft.editPair(id, () => ({ pending: { seen: known.get(write.key)?.updatedAt ?? "", fields: write.fields } }));
    } else if (write.kind === "comment") {
      const { note, comment, l } = write;
      draft.editPair(id, ({ notes }) => ({ notes: { ...notes, [note]: { comment, l, ours: true } } }));
    } else if (write.kind === "editComment") {
      const { note, l } = write;
      draft.editPair(id, ({ notes }) => {
        const old = notes[note];
        return old === undefined ? {} : { notes: { ...notes, [note]: { ...old, sent: l } } };
      });
    } else if (write.kind === "relate") {
      const { dep, relation } = write;
      draft.editPair(id, ({ relating, made }) => {
        return relating[dep] === undefined ? { relating: { ...relating, [dep]: relation }, made: made + 1 } : {};
      });
    }
  }
}

/** Whether a write still is put down as it was before it was sent: nobody has settled it meanwhile. */
export function isJournalled(draft: Draft, write: Write): boolean {
  const pair = draft.pair(write.id);
  if (pair === undefined) return false;
  switch (write.kind) {
    case "create":
      return pair.state === "creating" && pair.key === write.key;
    case "update":
      return JSON.stringify(sorted(pair.pending?.fields)) === JSON.stringify(sorted(write.fields));
    case "comment": {
      const note = pair.notes[write.note];
      return note?.comment === write.comment && note.r === undefined;
    }
    case "editComment":
      return pair.notes[write.note]?.sent === write.l;
    case "relate":
      return pair.relating[write.dep] === write.relation;
    case "unrelate":
      return pair.deps[write.dep] !== undefined;
  }
}
