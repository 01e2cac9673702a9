import fc from "fast-check";
import type { Mapping, Provider } from "../../../src/trackers/provider.ts";
import { TrackerError } from "../../../src/trackers/provider.ts";
import type { Fit, LocalTicket } from "../../../src/trackers/sync/localSide.ts";
import { type SyncReport, syncTracker } from "../../../src/trackers/sync/sync.ts";
import { sameText } from "../../../src/trackers/sync/texts.ts";
import { providerAt } from "./loopback.ts";
import { MemorySide } from "./memorySide.ts";
import type { LinearServer, Mishap } from "./server.ts";
import { type Issue, LinearWorld } from "./world.ts";

/** An edit by a person, on one side. */
export interface Edit {
  readonly side: "local" | "remote";
  readonly what: (typeof WHATS)[number];
  /** Which ticket, and which value. */
  readonly a: number;
  readonly b: number;
}
/** A sync in which things go wrong. */
export interface Run {
  readonly faults: readonly { readonly at: number; readonly mishap: Mishap }[];
  readonly between: readonly { readonly at: number; readonly edit: Edit }[];
  /** The process ends at this point. */
  readonly crash: number | undefined;
  /** What a person wants of a ticket, or of its item. */
  readonly wish: { readonly kind: "publish" | "take" | "unlink"; readonly a: number } | undefined;
}
/** What a random run does. */
export type Step = { readonly edit: Edit } | { readonly run: Run };

const WHATS = [
  "new",
  "title",
  "line",
  "replace",
  "status",
  "priority",
  "assignee",
  "label",
  "comment",
  "editComment",
  "parent",
  "dep",
  "away",
] as const;
const MISHAPS: readonly Mishap[] = ["dropBefore", "dropAfter", "500before", "500after", "429", "ratelimited", "errors"];
const COLUMNS = ["open", "in_progress", "in_review", "closed", "failed", "cancelled", "blocked"];
const LABELS = ["bug", "ui", "api", "unknown-there"];

const EDIT = fc.record({
  side: fc.constantFrom("local" as const, "remote" as const),
  what: fc.constantFrom(...WHATS),
  a: fc.nat(7),
  b: fc.nat(50),
});
const RUN = fc.record({
  faults: fc.array(fc.record({ at: fc.nat(24), mishap: fc.constantFrom(...MISHAPS) }), { maxLength: 4 }),
  between: fc.array(fc.record({ at: fc.nat(20), edit: EDIT }), { maxLength: 4 }),
  crash: fc.option(fc.nat(40), { nil: undefined, freq: 2 }),
  wish: fc.option(
    fc.record({ kind: fc.constantFrom("publish" as const, "take" as const, "unlink" as const), a: fc.nat(7) }),
    {
      nil: undefined,
      freq: 1,
    },
  ),
});
/** Random steps: some edits, then a run in which things go wrong, and so on. */
export const STEPS = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: EDIT.map((edit) => ({ edit })) },
      { weight: 1, arbitrary: RUN.map((run) => ({ run })) },
    ),
    { maxLength: most, size: "max" },
  );

/** The process ended. */
class Crash extends Error {}

/** What came of random steps. */
export interface Soaked {
  readonly edits: number;
  readonly faults: number;
  readonly crashes: number;
  readonly requests: number;
  /** Items twice, or of no ticket; tickets of no item. */
  readonly duplicates: string[];
  readonly differences: string[];
  readonly endless: string[];
  /** Values that are on no side, that nobody replaced knowingly, and of which nothing was said. */
  readonly lost: string[];
}

/** What a side that cannot hold everything makes of values: none of it may come to the tracker. */
const lossy: Fit = (field, value) => {
  if (typeof value !== "string") return value;
  if (field === "description") return value.replaceAll(/<?https:\/\/x\.io\/(\d*[02468])\b>?/g, "[link $1]");
  return (field === "title" || field === "note") && /^v\d+x$/.test(value) ? `${value}!` : value;
};

/** Does random steps against a server, lets both sides settle, and compares. */
export async function soak(server: LinearServer, steps: readonly Step[], isLossy = false): Promise<Soaked> {
  const scene = new Scene(server, isLossy ? lossy : undefined);
  try {
    for (const step of steps) {
      if ("edit" in step) scene.edit(step.edit);
      else await scene.run(step.run);
    }
    return await scene.settle();
  } finally {
    scene.close();
  }
}

class Scene {
  private readonly side = new MemorySide();
  private readonly world: LinearWorld;
  private readonly server: LinearServer;
  private readonly provider: Provider & { close: () => void };
  private readonly values: string[] = [];
  private readonly replaced = new Set<string>();
  private readonly said: string[] = [];
  private edits = 0;
  private faults = 0;
  private crashes = 0;
  private requests = 0;

  constructor(server: LinearServer, fit: Fit | undefined) {
    this.side.fit = fit;
    let ticks = 0;
    this.server = server;
    this.world = new LinearWorld(() => (ticks++ % 3 === 0 ? 0 : ticks % 7));
    server.replace(this.world);
    this.provider = providerAt(server);
    this.side.add("mya-0000");
    this.world.create({ title: "first" }, "user-mara");
  }

  close(): void {
    this.server.onRequest = () => undefined;
    this.provider.close();
  }

  private value(): string {
    const value = `v${this.values.length}x`;
    this.values.push(value);
    return value;
  }

  /** Somebody saw a text and took it away. */
  private gone(text: string): void {
    for (const [value] of text.matchAll(/v\d+x/g)) this.replaced.add(value);
  }

  edit(edit: Edit): void {
    if (edit.side === "local" ? this.editHere(edit) : this.editThere(edit)) this.edits++;
  }

  private editHere({ what, a, b }: Edit): boolean {
    const ids = [...this.side.tickets.keys()];
    const id = ids[a % ids.length] ?? "";
    const other = ids[b % ids.length] ?? "";
    const ticket = this.side.tickets.get(id) as LocalTicket;
    const edit = (change: Partial<LocalTicket> | undefined): boolean => {
      if (change !== undefined) this.side.edit(id, () => change);
      return change !== undefined;
    };
    const set = (fields: Partial<LocalTicket["fields"]>): boolean => edit({ fields: { ...ticket.fields, ...fields } });
    const rewrite = (): boolean =>
      set({ description: this.rewrite(String(ticket.fields.description), what, b, 2 * b + 1) });
    const acts: Record<Edit["what"], () => boolean> = {
      new: () => {
        if (ids.length > 8) return false;
        this.side.add(`mya-n${this.values.length}`, { fields: { title: this.value() } });
        return true;
      },
      title: () => {
        this.gone(String(ticket.fields.title));
        return set({ title: this.value() });
      },
      line: rewrite,
      replace: rewrite,
      status: () => set({ status: COLUMNS[b % COLUMNS.length] ?? "open" }),
      priority: () => set({ priority: b % 5 }),
      assignee: () => set({ assignee: [null, "@coder", "mara", "@nobody"][b % 4] ?? null }),
      parent: () => !this.isUnder(other, id) && set({ parent: other }),
      label: () => edit({ labels: toggled(ticket.labels, LABELS[b % LABELS.length] ?? "ui") }),
      dep: () =>
        (ticket.deps.includes(other) || !this.waitsFor(other, id)) && edit({ deps: toggled(ticket.deps, other) }),
      comment: () => edit({ notes: this.withNote(ticket.notes, b) }),
      editComment: () => edit(this.withEdit(ticket)),
      away: () => this.putAway(id, b),
    };
    return acts[what]();
  }

  /** Archives a ticket, or brings one back. */
  private putAway(id: string, b: number): boolean {
    const [back] = this.side.away.keys();
    if (back !== undefined && b % 3 > 0) this.side.put(back, "back");
    else if (this.side.tickets.size > 1) this.side.put(id, "away");
    else return false;
    return true;
  }

  private any(id: string): LocalTicket | undefined {
    return this.side.tickets.get(id) ?? this.side.away.get(id);
  }

  private withNote(notes: LocalTicket["notes"], b: number): LocalTicket["notes"] {
    const at = `2026-09-01T00:00:${String(b % 60).padStart(2, "0")}Z`;
    const last = notes.at(-1)?.at ?? "";
    return [...notes, { at: last > at ? last : at, by: "Jo", text: this.value(), isPublic: true }];
  }

  private withEdit({ notes }: LocalTicket): Partial<LocalTicket> | undefined {
    const own = notes.findIndex(({ isPublic, by }) => isPublic && by === "Jo");
    if (own < 0) return undefined;
    this.gone(notes[own]?.text ?? "");
    const text = this.value();
    return { notes: notes.map((note, at) => (at === own ? { ...note, text } : note)) };
  }

  private isUnder(id: string, above: string): boolean {
    for (
      let at: string | null = id, n = 0;
      at !== null && n < 50;
      at = (this.any(at)?.fields.parent ?? null) as string | null, n++
    ) {
      if (at === above) return true;
    }
    return false;
  }

  private waitsFor(id: string, target: string, depth = 0): boolean {
    if (id === target || depth > 30) return true;
    return (this.any(id)?.deps ?? []).some((dep) => this.waitsFor(dep, target, depth + 1));
  }

  /** Changes a line; what is written here is of a kind that can be held here. */
  private rewrite(text: string, what: Edit["what"], b: number, link: number): string {
    const lines = text === "" ? [] : text.split("\n");
    const at = b % (lines.length + 1);
    const line = `- ${this.value()} of https://x.io/${link}`;
    if (what === "line" || at === lines.length) return [...lines.slice(0, at), line, ...lines.slice(at)].join("\n");
    this.gone(lines[at] ?? "");
    return lines.map((old, n) => (n === at ? line : old)).join("\n");
  }

  private editThere({ what, a, b }: Edit): boolean {
    const issues = [...this.world.issues.values()];
    const issue = issues[a % issues.length] as Issue;
    const other = issues[b % issues.length] as Issue;
    const by = b % 2 === 0 ? "user-mara" : "user-bot";
    try {
      return this.editIssue(issue, other, what, b, by);
    } catch (error) {
      // The server refuses to people what it refuses to us: circles.
      if (error instanceof Error && error.name === "GraphQLError") return false;
      throw error;
    }
  }

  private editIssue(issue: Issue, other: Issue, what: Edit["what"], b: number, by: string): boolean {
    const { world } = this;
    const update = (input: Parameters<LinearWorld["update"]>[1]): boolean => {
      world.update(issue.id, input, by);
      return true;
    };
    const rewrite = (): boolean => update({ description: this.rewrite(issue.description, what, b, b) });
    const acts: Record<Edit["what"], () => boolean> = {
      new: () => world.issues.size <= 8 && world.create({ title: this.value() }, by) !== undefined,
      title: () => {
        this.gone(issue.title);
        return update({ title: this.value() });
      },
      line: rewrite,
      replace: rewrite,
      status: () => update({ stateId: world.states[b % world.states.length]?.id ?? "" }),
      priority: () => update({ priority: b % 5 }),
      assignee: () => update({ assigneeId: b % 3 === 0 ? null : (world.users[b % 3]?.id ?? null) }),
      parent: () => update({ parentId: other.id }),
      label: () => {
        const label = ["label-bug", "label-ui", "label-api"][b % 3] ?? "";
        return update(issue.labels.has(label) ? { removedLabelIds: [label] } : { addedLabelIds: [label] });
      },
      comment: () => world.comment({ issueId: issue.id, body: this.value() }, by) !== undefined,
      dep: () => {
        const there = [...world.relations.values()].find(
          (one) => one.issue === other.id && one.relatedIssue === issue.id,
        );
        if (there !== undefined) world.unrelate(there.id);
        else if (this.isBlocked(other.id, issue.id)) return false;
        else world.relate({ issueId: other.id, relatedIssueId: issue.id, type: "blocks" });
        return true;
      },
      editComment: () => {
        const comment = [...world.comments.values()].find((one) => one.issue === issue.id);
        if (comment === undefined) return false;
        this.gone(comment.body);
        return world.editComment(comment.id, this.value()) !== undefined;
      },
      away: () => false,
    };
    return acts[what]();
  }

  private isBlocked(id: string, target: string, depth = 0): boolean {
    if (id === target || depth > 30) return true;
    const blockers = [...this.world.relations.values()].filter(({ relatedIssue }) => relatedIssue === id);
    return blockers.some(({ issue }) => this.isBlocked(issue, target, depth + 1));
  }

  /** One sync; it may be refused, lose answers, or end in the middle. */
  async run({ faults, between, crash, wish }: Run, whole = false): Promise<SyncReport | undefined> {
    let request = 0;
    this.server.onRequest = ({ operation }) => {
      const at = request++;
      // Of a comment that is changed in the very moment in which ours arrives, nobody can know.
      const isUnseen = ({ what }: Edit): boolean => operation === "UpdateComment" && what === "editComment";
      for (const one of between) if (one.at === at && !isUnseen(one.edit)) this.edit(one.edit);
      const fault = faults.find((one) => one.at === at);
      if (fault !== undefined) this.faults++;
      return fault?.mishap;
    };
    let point = 0;
    const pass = (): void => {
      if (point++ === crash) throw new Crash();
    };
    this.side.onChange = pass;
    try {
      const report = await syncTracker(crashing(this.provider, pass), this.side, {
        winner: "remote",
        yes: true,
        ...{ overlap: 3, whole },
        ...this.wishes(wish),
      });
      this.said.push(...report.told.map(({ text }) => text));
      return report;
    } catch (error) {
      if (error instanceof Crash) this.crashes++;
      else if (!(error instanceof TrackerError)) throw error;
      return undefined;
    } finally {
      this.requests += request;
      this.side.onChange = () => undefined;
    }
  }

  private wishes(wish: Run["wish"]): Partial<Record<"publish" | "take" | "unlink", string[]>> {
    if (wish === undefined) return {};
    const ids = [...this.side.tickets.keys()];
    const id = ids[wish.a % ids.length] ?? "";
    return {
      [wish.kind]: [wish.kind === "take" ? (this.side.pairs.get(id)?.key ?? "") : id].filter((one) => one !== ""),
    };
  }

  /** Brings back what was put away, and links again what was unlinked. */
  async settle(): Promise<Soaked> {
    const quiet: Run = { faults: [], between: [], crash: undefined, wish: undefined };
    for (const id of this.side.away.keys()) this.side.put(id, "back");
    await this.run(quiet, true);
    const severed = [...this.side.pairs].filter(([, { state }]) => state === "severed");
    for (const [id, { key }] of severed) {
      const at = [...this.side.tickets.keys()].indexOf(id);
      await this.run({ ...quiet, wish: { kind: this.world.issues.has(key) ? "take" : "publish", a: at } });
    }
    for (let n = 0; n < 4; n++) await this.run(quiet, true);
    const commits = this.side.commits;
    const last = await this.run(quiet);
    const endless = (last?.writes ?? []).map(({ kind, id }) => `${kind} ${id}`);
    if (this.side.commits !== commits) endless.push("a commit");
    if (last === undefined) endless.push("no end");
    const { edits, faults, crashes, requests } = this;
    const mapping = await this.provider.describe();
    return {
      edits,
      faults,
      crashes,
      requests,
      endless,
      duplicates: this.duplicates(),
      differences: this.differences(mapping),
      lost: this.lost(),
    };
  }

  private duplicates(): string[] {
    const linked = [...this.side.pairs].filter(([, { state }]) => state === "linked");
    const keys = linked.map(([, { key }]) => key);
    const formers = linked.flatMap(([, { was }]) => was ?? []);
    const found = keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `two tickets of ${key}`);
    found.push(
      ...[...this.world.issues.keys()]
        .filter((key) => ![...keys, ...formers].includes(key))
        .map((key) => `item without ticket ${key}`),
    );
    const ids = new Set(linked.map(([id]) => id));
    found.push(...[...this.side.tickets.keys()].filter((id) => !ids.has(id)).map((id) => `ticket without item ${id}`));
    return found;
  }

  private readonly held = (field: "title" | "description" | "note", text: unknown): string =>
    String(this.side.fit === undefined ? text : this.side.fit(field, String(text)));

  private differences(mapping: Mapping): string[] {
    const found: string[] = [];
    const keyOf = (id: string): string => this.side.pairs.get(id)?.key ?? "";
    for (const [id, { key, apart }] of this.side.pairs) {
      const [ticket, issue] = [this.side.tickets.get(id), this.world.issues.get(key)];
      if (ticket === undefined || issue === undefined) continue;
      const held = this.held;
      const { fields } = ticket;
      const check = (what: string, here: unknown, there: unknown): void => {
        if (JSON.stringify(here) !== JSON.stringify(there))
          found.push(`${id} ${what}: ${JSON.stringify(here)} ≠ ${JSON.stringify(there)}`);
      };
      check("title", held("title", fields.title), held("title", issue.title));
      const [here, there] = [held("description", fields.description), held("description", issue.description)];
      if (!sameText(here, there, mapping.lineKey)) found.push(`${id} text: ${here}\n<>\n${there}`);
      check("came as it was held", /\[link|!$/.test(`${issue.description}${issue.title}`), false);
      check("status", mapping.toLocal("status", issue.state, fields.status) ?? fields.status, fields.status);
      check("priority", mapping.toLocal("priority", issue.priority, fields.priority), fields.priority);
      if (fields.assignee !== "@nobody")
        check("assignee", mapping.toLocal("assignee", issue.assignee, fields.assignee), fields.assignee);
      check("parent", fields.parent === null ? null : keyOf(String(fields.parent)), issue.parent);
      check(
        "labels",
        [...new Set(ticket.labels.flatMap((one) => mapping.labelToRemote(one) ?? []))].sort(),
        [...issue.labels].sort(),
      );
      const untaken = Object.values(apart ?? {});
      const blockers = [...this.world.relations.values()]
        .filter(({ id: relation, relatedIssue }) => relatedIssue === key && !untaken.includes(relation))
        .map((one) => one.issue);
      // Nor is one sent whose opposite is there, and stays there.
      const isUnsent = (dep: string): boolean =>
        !blockers.includes(keyOf(dep)) && this.world.relations.has(this.side.pairs.get(dep)?.apart?.[id] ?? "");
      check(
        "deps",
        ticket.deps
          .filter((dep) => !isUnsent(dep))
          .map(keyOf)
          .sort(),
        blockers.sort(),
      );
      const notes = ticket.notes.filter(({ isPublic }) => isPublic).map(({ text }) => held("note", text));
      const comments = [...this.world.comments.values()].filter((one) => one.issue === key).map(({ body }) => body);
      check("notes came as they were held", comments.join("").includes("!"), false);
      check("comments", notes.sort(), comments.map((body) => held("note", body)).sort());
    }
    return found;
  }

  private lost(): string[] {
    const tickets = [...this.side.tickets.values()];
    const formers = new Set([...this.side.pairs.values()].flatMap(({ was }) => was ?? []));
    const apart = [...this.world.issues.values(), ...this.world.comments.values()].filter((one) =>
      formers.has("issue" in one ? one.issue : one.id),
    );
    const all = JSON.stringify([tickets, this.said, apart]);
    const isHistory = /history has the text/.test(all);
    const there = new Set([...all.matchAll(/v\d+x/g)].map(([value]) => value));
    return isHistory ? [] : this.values.filter((value) => !there.has(value) && !this.replaced.has(value));
  }
}

const toggled = (list: readonly string[], one: string): readonly string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

function crashing<T extends object>(provider: T, pass: () => void): T {
  return new Proxy(provider, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        pass();
        const result: unknown = await value.apply(target, args);
        pass();
        return result;
      };
    },
  });
}
