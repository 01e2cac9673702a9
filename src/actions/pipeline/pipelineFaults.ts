import { AyoError } from "../../error.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Effect } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { readTemplate } from "../../store/open/template.ts";
import { readSchema } from "../../store/outputs/schemaFile.ts";
import {
  type PipelineFile,
  pipelineFiles,
  placed,
  soundPipeline,
  understood,
} from "../../store/pipelines/pipelineFile.ts";
import { pathsIn } from "../../ticket/pipeline/fillTemplate.ts";
import type { Pipeline, PipelineStep } from "../../ticket/pipeline/pipeline.ts";
import { columnFor } from "../../ticket/rules/columns.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { checkDate, checkPriority, checkType } from "../input/checkInput.ts";
import { queryTest } from "../query/filter.ts";

/** The pipeline of a file that has no fault, in itself or in this store. @throws bad_pipeline */
export async function soundHere(store: Store, file: PipelineFile): Promise<Pipeline> {
  const pipeline = await soundPipeline(file);
  const problems = await faultsOf(store, await readStore(store), file);
  const [first] = problems;
  if (first === undefined) return pipeline;
  throw new AyoError("bad_pipeline", placed(first), { data: { problems } });
}

/** Things that take effect, where a pipeline that names what the store does not have is broken: nobody can allow it. */
export async function withFaults(store: Store, effects: readonly Effect[]): Promise<Effect[]> {
  const files = new Map(pipelineFiles(store.dir).map((file) => [file.path, file]));
  const view = await readStore(store);
  return Promise.all(
    effects.map(async (effect) => {
      const file = effect.kind === "pipeline" && effect.state !== "broken" ? files.get(effect.name) : undefined;
      const [first] = file === undefined ? [] : await faultsOf(store, view, file);
      if (first === undefined) return effect;
      const { bytes: _bytes, sha256: _sha256, ...rest } = effect;
      return { ...rest, state: "broken" as const, problem: { code: "bad_pipeline", message: placed(first) } };
    }),
  );
}

/** Everything that is wrong with a file: in itself, and with what it names in the store. */
export async function faultsOf(store: Store, view: View, file: PipelineFile): Promise<readonly Problem[]> {
  const { pipeline, problems } = await understood(file);
  if (pipeline === undefined) return problems;
  const fault = (line: number, message: string): Problem => ({ path: file.path, line, code: "bad_pipeline", message });
  const filter = await filterFault(store, view, pipeline);
  const steps = pipeline.steps.flatMap((step) =>
    namesNowhere(store, view, step).map((what) => fault(step.line, `step ${step.id}: ${what}`)),
  );
  return [...(filter === undefined ? [] : [fault(1, `where: ${filter}`)]), ...steps];
}

async function filterFault(store: Store, view: View, { on }: Pipeline): Promise<string | undefined> {
  if (on?.where === undefined) return undefined;
  try {
    await queryTest({ store, view, tickets: view.tickets }, on.where);
    return undefined;
  } catch (error) {
    if (error instanceof AyoError) return error.message;
    throw error;
  }
}

/** What a step names by a fixed word and the store does not have. */
function namesNowhere(store: Store, { board }: View, { does }: PipelineStep): string[] {
  const fixed = (text: unknown): string | undefined =>
    typeof text === "string" && text.trim() !== "" && pathsIn(text).length === 0 ? text.trim() : undefined;
  if (does.verb === "move") {
    const to = fixed(does.to);
    return to === undefined || columnFor(board, to) !== undefined ? [] : [`the board has no column '${to}'`];
  }
  if (does.verb !== "create") return [];
  const { values } = does;
  const [schema, type, template] = [values["output-schema"], values.type, values.template].map(fixed);
  const [priority, due] = [values.priority, values.due].map(fixed);
  return [
    ...(schema === undefined ? [] : schemaFault(store, schema)),
    ...(type === undefined ? [] : refusal(() => checkType(board, type))),
    ...(priority === undefined ? [] : refusal(() => checkPriority(priority))),
    ...(due === undefined ? [] : refusal(() => checkDate("due", due, store.host.now()))),
    ...(template === undefined || readTemplate(store, template).text !== undefined
      ? []
      : [`there is no template '${template}'`]),
  ];
}

function schemaFault({ dir }: Store, name: string): string[] {
  const found = readSchema(dir, name);
  if (found === undefined) return [`there is no schema '${name}': put schemas/${name}.json there`];
  return typeof found === "string" ? [found] : [];
}

function refusal(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof AyoError) return [error.message];
    throw error;
  }
}
