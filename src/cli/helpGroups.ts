const words = (text: string): readonly string[] => text.split(", ");

/** Every command under its heading, in the order of the help; a test holds that none is missing. */
export const VERBS_BY_GROUP: readonly (readonly [heading: string, names: readonly string[]])[] = [
  [
    "Find",
    words("ticket list, ticket ready, ticket blocked, ticket closed, ticket search, ticket show, ticket query, board"),
  ],
  [
    "Make and change",
    words(
      "ticket create, ticket update, ticket edit, ticket note, ticket attach, ticket detach, ticket attachment, ticket assign, ticket rank, ticket delegate, ticket follow, ticket unfollow, ticket check, ticket uncheck, ticket batch, ticket delete",
    ),
  ],
  [
    "Work",
    words(
      "ticket start, ticket claim, ticket renew, ticket release, ticket close, ticket reopen, ticket block, ticket unblock, ticket cancel, ticket fail, ticket status",
    ),
  ],
  [
    "Review and questions",
    words(
      "inbox, inbox done, inbox snooze, ticket verify, ticket submit, ticket approve, ticket reject, ticket confirm, ticket accept, ticket ask, ticket answer",
    ),
  ],
  [
    "Dependencies and links",
    words(
      "ticket dep add, ticket dep remove, ticket dep tree, ticket dep cycle, ticket tree, ticket graph, ticket link, ticket unlink, ticket duplicate, ticket duplicates",
    ),
  ],
  [
    "Projects",
    words(
      "project list, project show, project create, project edit, project complete, project archive, project reopen",
    ),
  ],
  ["Pipelines", words("pipeline list, pipeline show, pipeline check, pipeline run, pipeline cancel")],
  ["Trackers", words("tracker add, tracker status, tracker map, tracker pull, tracker publish, tracker unlink")],
  ["History", words("ticket history, ticket commits, ticket diff, ticket landed, ticket stats, recap, undo, redo")],
  ["Store", words("init, sync, sync status, config, doctor, ticket archive, prune, import, export, allow")],
  [
    "Agents and programs",
    words(
      "work, run list, run show, run log, run stop, run retry, agents add, agents init, agents join, agents leave, agents whoami, agents prime, serve, tui, mcp, watch, merge-file, capabilities",
    ),
  ],
  [
    "Hooks",
    words(
      "hooks list, hooks allow, hooks deny, hooks run, hooks log, hooks install, hooks uninstall, hooks check-message",
    ),
  ],
  ["Help", words("help, version, completion")],
];

/** The heading of a command that has none: one of another build. */
export const OTHER = "More";
