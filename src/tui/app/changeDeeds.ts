import type { Deed } from "../keys/bindings.ts";
import { type Choice, picker } from "../overlays/picker.ts";
import { prompt } from "../overlays/prompt.ts";
import type { App } from "./app.ts";
import { moveRows, placeOf, targets } from "./cursor.ts";

/** Keys that change tickets: each is an `ayo` command, whose answer is told in the last line. */
export function changeDeeds(): readonly Deed[] {
  return [
    ...marking(),
    verb("start", "s", "start", (ids) => ["ticket", "start", ...ids]),
    verb("close", "x", "close", (ids) => ["ticket", "close", ...ids]),
    verb("submit", "S", "hand in for review", (ids) => ["ticket", "submit", ...ids]),
    verb("approve", "A", "approve", (ids) => ["ticket", "approve", ...ids]),
    verb("reopen", "O", "reopen", (ids) => ["ticket", "reopen", ...ids]),
    asking("reject", "X", "send back, with why", "Why?", (ids, text) => ["ticket", "reject", ...ids, "-m", text]),
    asking("block", "B", "block, with why", "What blocks it?", (ids, text) => ["ticket", "block", ...ids, "-m", text]),
    asking("note", "n", "add a note", "Note", (ids, text) => ["ticket", "note", ids[0] ?? "", text], true),
    asking(
      "answer",
      "r",
      "answer its question",
      "Answer",
      (ids, text) => ["ticket", "answer", ids[0] ?? "", text],
      true,
    ),
    asking(
      "title",
      "T",
      "another title",
      "Title",
      (ids, text) => ["ticket", "update", ids[0] ?? "", "--title", text],
      true,
    ),
    asking("due", "D", "when it is due", "Due (friday, 2d, 2026-12-01; nothing: never)", (ids, text) => [
      "ticket",
      "update",
      ...ids,
      "--due",
      text,
    ]),
    ...picking(),
    ...moving(),
    { name: "create", keys: ["c"], about: "make a ticket by its title", group: "Change", run: create },
    {
      name: "create-in-editor",
      keys: ["C"],
      about: "make a ticket in $EDITOR",
      group: "Change",
      run: (app) => app.away(() => app.outside.runHere(["ticket", "create", "New ticket", "--edit"])),
    },
    {
      name: "edit",
      keys: ["e"],
      about: "edit it in $EDITOR",
      group: "Change",
      run: (app) => withOne(app, (id) => app.away(() => app.outside.runHere(["ticket", "edit", id]))),
    },
    { name: "undo", keys: ["u"], about: "take back the last change", group: "Change", run: (app) => app.do(["undo"]) },
    { name: "redo", keys: ["ctrl+r"], about: "bring it back", group: "Change", run: (app) => app.do(["redo"]) },
    {
      name: "copy",
      keys: ["y"],
      about: "copy the id",
      group: "Look",
      run: (app) => withOne(app, (id) => app.copy(id)),
    },
    { name: "command", keys: [":"], about: "any ayo command", group: "Look", run: (app) => app.askCommand() },
    { name: "help", keys: ["?"], about: "these keys", group: "Look", run: (app) => app.help() },
  ];
}

type Words = (ids: readonly string[]) => readonly string[];

function verb(name: string, key: string, about: string, words: Words): Deed {
  return { name, keys: [key], about, group: "Change", run: (app) => withSome(app, (ids) => app.do(words(ids))) };
}

function asking(
  name: string,
  key: string,
  about: string,
  label: string,
  words: (ids: readonly string[], text: string) => readonly string[],
  isOne = false,
): Deed {
  const run = (app: App): void => {
    const ids = isOne ? [placeOf(app.ui).row?.id ?? ""].filter(Boolean) : targets(app.ui);
    if (ids.length === 0) return;
    app.open(
      prompt({
        label: `${label}:`,
        onDone: (text) => {
          if (text !== undefined && (text !== "" || name === "due")) void app.do(words(ids, text));
        },
        redraw: () => app.redraw(),
      }),
    );
  };
  return { name, keys: [key], about, group: "Change", run };
}

function marking(): Deed[] {
  return [
    {
      name: "mark",
      keys: ["space"],
      about: "mark it; commands then mean all that are marked",
      group: "Mark",
      run: (app) => {
        withOne(app, (id) => void (app.ui.marks.delete(id) || app.ui.marks.add(id)));
        moveRows(app.ui, 1);
        app.moved();
      },
    },
    {
      name: "mark-all",
      keys: ["*"],
      about: "mark all of this column or list",
      group: "Mark",
      run: ({ ui }) => {
        const rows = ui.lanes[placeOf(ui).lane]?.rows ?? [];
        const ids = rows.map(({ id }) => id).filter((id) => id !== "");
        const isAll = ids.every((id) => ui.marks.has(id));
        for (const id of ids) isAll ? ui.marks.delete(id) : ui.marks.add(id);
      },
    },
  ];
}

function picking(): Deed[] {
  const pick = (
    name: string,
    key: string,
    about: string,
    choices: (app: App) => readonly Choice[],
    words: (ids: readonly string[], value: string) => readonly string[],
    isFree = false,
  ): Deed => ({
    name,
    keys: [key],
    about,
    group: "Change",
    run: (app) =>
      withSome(app, (ids) =>
        app.open(
          picker({
            title: about,
            choices: choices(app),
            isFree,
            onDone: (values) => {
              const value = values?.[0];
              if (value !== undefined) void app.do(words(ids, value));
            },
          }),
        ),
      ),
  });
  const columns = (app: App): Choice[] =>
    (app.ui.data?.view.board.columns ?? []).map(({ id, name, category }) => ({
      value: id,
      text: name,
      about: category,
    }));
  return [
    pick("move", "m", "move to a column", columns, (ids, status) => ["ticket", "update", ...ids, "--status", status]),
    pick(
      "priority",
      "p",
      "priority",
      () =>
        ["critical", "high", "normal", "low", "some day"].map((about, at) => ({
          value: String(at),
          text: `P${at}`,
          about,
        })),
      (ids, value) => ["ticket", "update", ...ids, "-p", value],
    ),
    pick(
      "assign",
      "a",
      "who should do it",
      (app) => namesIn(app),
      (ids, value) => ["ticket", "update", ...ids, "-a", value === "nobody" ? "" : value],
      true,
    ),
    pick(
      "tag",
      "t",
      "add a tag",
      (app) => valuesIn(app, ({ tags = [] }) => tags),
      (ids, value) => ["ticket", "update", ...ids, "-T", value],
      true,
    ),
    pick(
      "untag",
      "-",
      "take a tag away",
      (app) => valuesIn(app, ({ tags = [] }) => tags),
      (ids, value) => ["ticket", "update", ...ids, "--remove-tag", value],
    ),
    pick(
      "project",
      "P",
      "project",
      (app) => valuesIn(app, ({ project }) => (project === undefined ? [] : [project])),
      (ids, value) => ["ticket", "update", ...ids, "--project", value],
      true,
    ),
    pick("waits-for", "w", "wait for another ticket", ticketsIn, (ids, value) => [
      "ticket",
      "update",
      ...ids,
      "--add-dep",
      value,
    ]),
    pick("parent", "U", "make it a part of a ticket", ticketsIn, (ids, value) => [
      "ticket",
      "update",
      ...ids,
      "--parent",
      value,
    ]),
  ];
}

type Fields = NonNullable<App["ui"]["data"]>["view"]["tickets"][number]["fields"];

function valuesIn({ ui }: App, of: (fields: Fields) => readonly string[]): Choice[] {
  const counts = new Map<string, number>();
  for (const { fields } of ui.data?.view.tickets ?? []) {
    for (const value of of(fields)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .map(([value, count]) => ({ value, text: value, about: String(count) }));
}

function namesIn(app: App): Choice[] {
  return [
    { value: "nobody", text: "nobody" },
    ...valuesIn(app, ({ assignee = [], claimedBy }) => [...assignee, ...(claimedBy === undefined ? [] : [claimedBy])]),
  ];
}

function ticketsIn({ ui }: App): Choice[] {
  return (ui.data?.view.tickets ?? []).map(({ id, title, status }) => ({
    value: id,
    text: id,
    about: `${title} (${status})`,
  }));
}

function moving(): Deed[] {
  const move = (name: string, keys: readonly string[], about: string, step: 1 | -1): Deed => ({
    name,
    keys,
    about,
    group: "Change",
    run: (app) =>
      withSome(app, (ids) => {
        const columns = app.ui.data?.view.board.columns ?? [];
        const status = app.ui.data?.view.byId.get(placeOf(app.ui).row?.id ?? "")?.status;
        const to = columns[columns.findIndex(({ id }) => id === status) + step];
        return to === undefined ? undefined : app.do(["ticket", "update", ...ids, "--status", to.id]);
      }),
  });
  return [
    move("move-right", ["L", "shift+right"], "move it a column to the right", 1),
    move("move-left", ["H", "shift+left"], "move it a column to the left", -1),
  ];
}

function create(app: App): void {
  app.open(
    prompt({
      label: "New ticket:",
      onDone: (title) => {
        if (title !== undefined && title.trim() !== "") void app.do(["ticket", "create", title.trim()]);
      },
      redraw: () => app.redraw(),
    }),
  );
}

function withSome(app: App, use: (ids: string[]) => unknown): Promise<void> | void {
  const ids = targets(app.ui);
  if (ids.length === 0) return app.say("no ticket here", "error");
  const done = use(ids);
  return done instanceof Promise ? done.then(() => undefined) : undefined;
}

function withOne(app: App, use: (id: string) => unknown): Promise<void> | void {
  const id = placeOf(app.ui).row?.id ?? "";
  if (id === "") return app.say("no ticket here", "error");
  const done = use(id);
  return done instanceof Promise ? done.then(() => undefined) : undefined;
}
