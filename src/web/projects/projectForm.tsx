import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { call, Problem, refusal } from "../data/api.ts";
import { draftName, useDraft } from "../page/drafts.ts";
import { toast } from "../page/toasts.tsx";
import { capital } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Writing } from "../writing/writing.tsx";
import type { FullProject } from "./projectPage.tsx";

/** What was typed anew, by field, and for which version of the project's file. */
interface Fields {
  readonly name?: string;
  readonly lead?: string;
  readonly due?: string;
  readonly color?: string;
  readonly description?: string;
  readonly version?: string | undefined;
}

/** What is being changed in a project; `fields` is undefined where nothing is. */
export interface Touched {
  readonly fields: Fields | undefined;
  put(fields: Fields | undefined): void;
}

const COLORS = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "gray"];

/** What is typed into a project's form: it is there again after a reload, until it is saved or discarded. */
export function useTouched({ slug, version }: Pick<FullProject, "slug" | "version">): Touched {
  const { text, put } = useDraft(draftName("project", slug));
  return {
    fields: fieldsIn(text),
    put: (fields) => put(fields === undefined ? "" : JSON.stringify({ version: version ?? undefined, ...fields })),
  };
}

function fieldsIn(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

interface Props {
  readonly project: FullProject;
  readonly touched: Touched;
  readonly read: () => Promise<void>;
}

/** What a project's file says, to be changed. */
export function ProjectForm({ project, touched, read }: Props): JSX.Element {
  const { version, ...fields } = touched.fields ?? {};
  const put = (change: Fields): void => touched.put({ ...touched.fields, ...change });
  const save = async (): Promise<void> => {
    try {
      const path = `/projects/${encodeURIComponent(project.slug)}`;
      await call(path, { method: "PATCH", body: fields, ...(version === undefined ? {} : { ifMatch: version }) });
      touched.put(undefined);
    } catch (error) {
      // What others wrote is shown above what was typed: who saves once more has seen it.
      if (error instanceof Problem && error.status === 412) touched.put({ ...fields, version: undefined });
      toast({ text: refusal(error), kind: "error" });
    }
    await read();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void save();
  };
  return (
    <form class="panel" aria-label={say.projects.edit} onSubmit={submit}>
      <Inputs project={project} fields={fields} put={put} />
      <Writing
        label={say.projects.description}
        rows={8}
        text={fields.description ?? project.description}
        put={(description) => put({ description })}
        send={() => void save()}
      />
      <div class="buttons">
        <button type="submit" class="main">
          {say.save}
        </button>
        <button type="button" onClick={() => touched.put(undefined)}>
          {say.discard}
        </button>
      </div>
    </form>
  );
}

/** Its name, who leads it, when it is due, its colour. */
function Inputs({
  project,
  fields,
  put,
}: {
  readonly project: FullProject;
  readonly fields: Fields;
  readonly put: (change: Fields) => void;
}): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const input = (name: "name" | "lead" | "due") => ({
    value: fields[name] ?? project[name] ?? "",
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => put({ [name]: event.currentTarget.value }),
  });
  const color = fields.color ?? project.color ?? "";
  return (
    <div class="toolbar">
      <label>
        {say.projects.name} <input ref={first} required dir="auto" {...input("name")} />
      </label>
      <label>
        {capital(say.projects.lead)} <input dir="auto" {...input("lead")} />
      </label>
      <label>
        {capital(say.fields.due)} <input type="date" {...input("due")} />
      </label>
      <label>
        {say.projects.color}{" "}
        <select value={color} onChange={(event) => put({ color: event.currentTarget.value })}>
          <option value="">{say.none}</option>
          {(color === "" || COLORS.includes(color) ? COLORS : [color, ...COLORS]).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
