import type { VERBS, VerbName } from "../../actions/verbs.ts";
import type { LoadCommand } from "./command.ts";

type Verbs = typeof VERBS;

/** The words that call a verb: `ticket close`, `undo`. */
export type VerbLine = {
  [N in VerbName]: Verbs[N] extends { readonly cli: "ticket" }
    ? `ticket ${N}`
    : Verbs[N] extends { readonly cli: "ayo" }
      ? N
      : never;
}[VerbName];

/**
 * The verbs whose command is written by hand, each loaded when it is called: for flags or answers that differ from what
 * defaultCommand.ts makes of an action, or because it must start without the table of verbs, which costs half a
 * millisecond.
 */
export const FACES: { readonly [L in VerbLine]?: LoadCommand } = {
  "ticket create": () => import("../commands/create.ts").then((m) => m.create),
  "ticket list": () => import("../commands/list.ts").then((m) => m.list),
  "ticket ready": () => import("../commands/ready.ts").then((m) => m.ready),
  "ticket blocked": () => import("../commands/blocked.ts").then((m) => m.blocked),
  "ticket closed": () => import("../commands/closed.ts").then((m) => m.closed),
  "ticket search": () => import("../commands/search.ts").then((m) => m.search),
  "ticket show": () => import("../commands/show.ts").then((m) => m.show),
  "ticket claim": () => import("../commands/claim.ts").then((m) => m.claim),
  "ticket release": () => import("../commands/release.ts").then((m) => m.release),
  "ticket renew": () => import("../commands/renew.ts").then((m) => m.renew),
  "ticket start": () => import("../commands/start.ts").then((m) => m.start),
  "ticket close": () => import("../commands/close.ts").then((m) => m.close),
  "ticket confirm": () => import("../commands/confirm.ts").then((m) => m.confirm),
  "ticket check": () => import("../commands/criteria.ts").then((m) => m.check),
  "ticket uncheck": () => import("../commands/criteria.ts").then((m) => m.uncheck),
  "ticket ask": () => import("../commands/questions.ts").then((m) => m.ask),
  "ticket answer": () => import("../commands/questions.ts").then((m) => m.answer),
  "ticket status": () => import("../commands/status.ts").then((m) => m.status),
  "ticket assign": () => import("../commands/assign.ts").then((m) => m.assign),
  "ticket follow": () => import("../commands/follow.ts").then((m) => m.follow),
  "ticket unfollow": () => import("../commands/follow.ts").then((m) => m.unfollow),
  "ticket note": () => import("../commands/note.ts").then((m) => m.note),
  "ticket update": () => import("../commands/update.ts").then((m) => m.update),
  "ticket edit": () => import("../commands/edit.ts").then((m) => m.edit),
  "ticket dep add": () => import("../commands/dep.ts").then((m) => m.depAdd),
  "ticket dep remove": () => import("../commands/dep.ts").then((m) => m.depRemove),
  "ticket dep tree": () => import("../commands/depTree.ts").then((m) => m.depTree),
  "ticket dep cycle": () => import("../commands/depTree.ts").then((m) => m.depCycle),
  "ticket link": () => import("../commands/link.ts").then((m) => m.link),
  "ticket unlink": () => import("../commands/link.ts").then((m) => m.unlink),
  "ticket duplicate": () => import("../commands/link.ts").then((m) => m.duplicate),
  "ticket duplicates": () => import("../commands/duplicates.ts").then((m) => m.duplicates),
  "ticket graph": () => import("../commands/graph.ts").then((m) => m.graph),
  "ticket history": () => import("../commands/history.ts").then((m) => m.history),
  "ticket stats": () => import("../commands/stats.ts").then((m) => m.stats),
  "ticket batch": () => import("../commands/batch.ts").then((m) => m.batch),
  "ticket commits": () => import("../commands/commits.ts").then((m) => m.commits),
  "ticket archive": () => import("../commands/archive.ts").then((m) => m.archive),
  "ticket delete": () => import("../commands/delete.ts").then((m) => m.deleteTickets),
  init: () => import("../commands/init.ts").then((m) => m.init),
  board: () => import("../commands/board.ts").then((m) => m.board),
  import: () => import("../commands/import.ts").then((m) => m.importTickets),
  export: () => import("../commands/export.ts").then((m) => m.exportTickets),
  recap: () => import("../commands/recap.ts").then((m) => m.recap),
  inbox: () => import("../commands/inbox.ts").then((m) => m.inbox),
  "inbox done": () => import("../commands/inbox.ts").then((m) => m.inboxDone),
  "inbox snooze": () => import("../commands/inbox.ts").then((m) => m.inboxSnooze),
  undo: () => import("../commands/undo.ts").then((m) => m.undo),
  redo: () => import("../commands/undo.ts").then((m) => m.redo),
  doctor: () => import("../commands/doctor.ts").then((m) => m.doctor),
  config: () => import("../commands/config.ts").then((m) => m.config),
  sync: () => import("../commands/sync.ts").then((m) => m.sync),
  "sync status": () => import("../commands/sync.ts").then((m) => m.syncStatus),
  allow: () => import("../commands/allow.ts").then((m) => m.allow),
  "hooks list": () => import("../commands/eventHooks.ts").then((m) => m.hooksList),
  "hooks allow": () => import("../commands/eventHooks.ts").then((m) => m.hooksAllow),
  "hooks deny": () => import("../commands/eventHooks.ts").then((m) => m.hooksDeny),
  "hooks run": () => import("../commands/eventHooks.ts").then((m) => m.hooksRun),
  "hooks install": () => import("../commands/gitHooks.ts").then((m) => m.hooksInstall),
  "hooks uninstall": () => import("../commands/gitHooks.ts").then((m) => m.hooksUninstall),
  "hooks check-message": () => import("../commands/gitHooks.ts").then((m) => m.checkMessage),
  "hooks log": () => import("../commands/eventHooks.ts").then((m) => m.hooksLog),
  "agents add": () => import("../commands/agents.ts").then((m) => m.agentsAdd),
  "agents init": () => import("../commands/agents.ts").then((m) => m.agentsInit),
  "agents join": () => import("../commands/agentNames.ts").then((m) => m.agentsJoin),
  "agents leave": () => import("../commands/agentNames.ts").then((m) => m.agentsLeave),
  "agents whoami": () => import("../commands/agentNames.ts").then((m) => m.agentsWhoami),
  "agents prime": () => import("../commands/agents.ts").then((m) => m.agentsPrime),
};
