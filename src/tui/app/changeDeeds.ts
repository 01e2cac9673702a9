import type { Deed } from "../keys/bindings.ts";
import { picker } from "../overlays/picker.ts";
import { prompt } from "../overlays/prompt.ts";
import type { App } from "./app.ts";
import { moveRows, placeOf, targets } from "./cursor.ts";
import { pickDeeds, withSome } from "./pickDeeds.ts";

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
    { name: "answer", keys: ["r"], about: "answer its question", group: "Change", run: answer },
    { name: "title", keys: ["T"], about: "another title", group: "Change", run: retitle },
    ...pickDeeds(),
    ...moving(),
    { name: "create", keys: ["c"], about: "make a ticket by its title", group: "Change", run: create },
    {
      name: "create-in-editor",
      keys: ["C"],
      about: "make a ticket in $EDITOR",
      group: "Change",
      run: (app) => app.edit(["ticket", "create", "New ticket", "--edit"]),
    },
    {
      name: "edit",
      keys: ["e"],
      about: "edit it in $EDITOR",
      group: "Change",
      run: (app) => withOne(app, (id) => app.edit(["ticket", "edit", id])),
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
    {
      name: "browse",
      keys: ["o"],
      about: "open it on the board in the browser",
      group: "Look",
      run: (app) =>
        withOne(app, async (id) => {
          app.say("ayo serve …");
          app.say(`opened ${await app.outside.browse(id)}`, "good");
        }),
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
          if (text !== undefined && text !== "") void app.do(words(ids, text));
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
        const id = placeOf(app.ui).row?.id ?? "";
        if (id !== "" && !app.ui.marks.delete(id)) app.ui.marks.add(id);
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

function moving(): Deed[] {
  const move = (name: string, keys: readonly string[], about: string, step: 1 | -1): Deed => ({
    name,
    keys,
    about,
    group: "Change",
    run: (app) =>
      withSome(app, (ids) =>
        // From where it stands once what was asked for before is done.
        app.do(() => {
          const columns = app.ui.data?.view.board.columns ?? [];
          const status = app.ui.data?.view.byId.get(ids[0] ?? "")?.status;
          const to = columns[columns.findIndex(({ id }) => id === status) + step];
          return to === undefined ? undefined : ["ticket", "update", ...ids, "--status", to.id];
        }),
      ),
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
        if (title !== undefined && title.trim() !== "")
          void app.do(["ticket", "create", title.trim()], { makes: true });
      },
      redraw: () => app.redraw(),
    }),
  );
}

/** A question that names its answers is answered by one of them, or by words of one's own. */
function answer(app: App): Promise<void> | void {
  return withOne(app, (id) => {
    const fields = app.ui.data?.view.byId.get(id)?.fields;
    const give = (text: string | undefined): void => {
      if (text !== undefined && text.trim() !== "") void app.do(["ticket", "answer", id, text]);
    };
    const options = fields?.answerOptions ?? [];
    if (options.length === 0) return app.open(prompt({ label: "Answer:", onDone: give, redraw: () => app.redraw() }));
    const choices = options.map((text) => ({ value: text, text }));
    app.open(
      picker({ title: fields?.question ?? "Answer", choices, isFree: true, onDone: (values) => give(values?.[0]) }),
    );
  });
}

/** Refused where somebody else has given it another title since this one was seen. */
function retitle(app: App): Promise<void> | void {
  return withOne(app, (id) => {
    const ticket = app.ui.data?.view.byId.get(id);
    if (ticket === undefined) return;
    const { title } = ticket;
    const onDone = (text: string | undefined): void => {
      if (text === undefined || text.trim() === "" || text === title) return;
      void app.do(() => {
        const now = app.ui.data?.view.byId.get(id);
        if (now?.title === title) return ["ticket", "update", id, "--title", text, "--if-match", now.version];
        app.say(
          `nothing was changed: somebody has named it '${now?.title ?? "nothing, it is gone"}' meanwhile`,
          "error",
        );
        return undefined;
      });
    };
    app.open(prompt({ label: "Title:", text: title, onDone, redraw: () => app.redraw() }));
  });
}

function withOne(app: App, use: (id: string) => unknown): Promise<void> | void {
  const id = placeOf(app.ui).row?.id ?? "";
  if (id === "") return app.say("no ticket here", "error");
  const done = use(id);
  return done instanceof Promise ? done.then(() => undefined) : undefined;
}
