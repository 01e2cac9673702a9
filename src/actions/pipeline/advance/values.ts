import type { Draft } from "../../../store/change/draft.ts";
import { readArchived } from "../../../store/disk/archive/archive.ts";
import { archiveOf } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { checkOutputNow } from "../../../store/outputs/checkOutput.ts";
import { readOutputNow } from "../../../store/outputs/outputFile.ts";
import { Missing, pathsIn, type Values } from "../../../ticket/pipeline/fillTemplate.ts";
import { type PipelineStep, readRunInput } from "../../../ticket/pipeline/pipeline.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { readDescription } from "../../../ticket/text/body.ts";
import { FIELDS, type FieldName, type Ticket } from "../../../ticket/ticket.ts";
import type { MadeSteps } from "./madeSteps.ts";

/** A run and its tickets, as a change has them. */
export interface RunNow {
  readonly store: Store;
  readonly draft: Draft;
  readonly run: Ticket;
  readonly name: string;
  readonly made: MadeSteps;
  /** Somebody had the run go on: what steps made, and somebody deleted, is made anew. */
  readonly again?: boolean;
}

/** What the paths of a step's texts lead into. */
export async function valuesFor(now: RunNow, step: PipelineStep, steps: readonly PipelineStep[]): Promise<Values> {
  const { run, name, made } = now;
  const { ticket: id, event, name: eventName, actor, set = {} } = readRunInput(run.fields.pipelineInput);
  const paths = textsOf(step).flatMap(pathsIn);
  const wants = (root: string): Wants => ({
    output: paths.some((path) => path.startsWith(`${root}.output`)),
    description: paths.some((path) => path.startsWith(`${root}.description`)),
  });
  const ofSteps = steps
    .filter(({ id: other }) => step.deps.includes(other) || paths.some((path) => path.split(".")[0] === other))
    .map((other) => [other.id, stepValues(now, other, made.get(other.id) ?? [], wants(other.id))] as const);
  return {
    ...Object.fromEntries(ofSteps),
    ticket: await ticketOfRun(now, id, wants("ticket")),
    event:
      event === undefined
        ? new Missing("no event began this run")
        : { id: event, name: eventName ?? "", actor: actor ?? "" },
    run: { id: run.id, title: run.title },
    pipeline: { name },
    set,
  };
}

/** What of a ticket is more to read. */
interface Wants {
  readonly output: boolean;
  readonly description: boolean;
}

function textsOf({ each, does }: PipelineStep): string[] {
  const own = does.verb === "create" ? Object.values(does.values).flat() : Object.values(does);
  return [...own, ...(each === undefined ? [] : [`{{${each}}}`])];
}

async function ticketOfRun(now: RunNow, id: string | undefined, wants: Wants): Promise<unknown> {
  if (id === undefined) return new Missing("this run has no ticket: 'ayo pipeline run' takes one with --ticket");
  const { store, draft } = now;
  const archived = (await archiveOf(store, draft.view)).find(id);
  const ticket = draft.view.byId.get(id) ?? (archived && (await readArchived(store, archived.path)));
  return ticket === undefined ? { id } : ticketValues(now, ticket, wants);
}

function stepValues(now: RunNow, step: PipelineStep, tickets: readonly Ticket[], wants: Wants): unknown {
  if (step.does.verb !== "create") return {};
  const [first] = tickets;
  if (step.each === undefined) {
    return first === undefined
      ? new Missing(`step ${step.id} has no ticket any more`)
      : ticketValues(now, first, wants);
  }
  const values = tickets.map((ticket) => ticketValues(now, ticket, wants));
  const missing = values.find(({ output }) => output instanceof Missing)?.output;
  const outputs = wants.output ? { outputs: missing ?? values.map(({ output }) => output) } : {};
  return { ids: tickets.map(({ id }) => id), titles: tickets.map(({ title }) => title), ...outputs };
}

/** A ticket under the keys of its front matter, and what is derived of them. */
export function ticketValues({ store, draft }: RunNow, ticket: Ticket, wants: Wants): Values {
  const { id, title, status, fields } = ticket;
  const names = Object.keys(FIELDS) as FieldName[];
  const own = names.flatMap((name) => (fields[name] === undefined ? [] : [[FIELDS[name].key, fields[name]] as const]));
  const empty = {
    type: "",
    assignee: "",
    tags: [],
    deps: [],
    links: [],
    parent: "",
    project: "",
    role: "",
    priority: 2,
  };
  return {
    ...empty,
    ...ticket.extra,
    ...Object.fromEntries(own),
    id,
    title,
    status,
    category: categoryOf(draft.view.board, status) ?? "",
    ...(wants.description ? { description: readDescription(draft.read(ticket)) } : {}),
    ...(wants.output ? { output: outputOf(store, draft, ticket) } : {}),
  };
}

/** What nobody has verified is used by nobody. */
function outputOf({ dir }: Store, { files }: Draft, ticket: Ticket): unknown {
  const output = readOutputNow(dir, ticket, files, checkOutputNow);
  if (output === undefined) return new Missing(`${ticket.id} has handed in no output`);
  return output.state === "valid"
    ? output.value
    : new Missing(`the output of ${ticket.id} is unverified: ${output.why}`);
}
