import path from "node:path";
import { isFinished } from "../../store/disk/view.ts";
import { listStoreFolder, Unread } from "../../store/files/storeFile.ts";
import { MAX_SCHEMA, readSchema, schemaNames, schemaPath, textOf } from "../../store/outputs/schemaFile.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/** Schemas that nothing can be held to, that are there twice for some file systems, or that are named and not there. */
export function schemas(examination: Examination): TicketFinding[] {
  const { dir } = examination.store;
  const folder = listStoreFolder(path.join(dir, "schemas"));
  if (folder instanceof Unread) {
    const message = `${folder.message}${folder.advice}, so that no schema can be read: put the folder itself here`;
    return [bad("schemas", message)];
  }
  const names = schemaNames(dir);
  return [...names.flatMap((name) => unusable(dir, name)), ...twins(names), ...missing(examination)];
}

function bad(file: string, message: string, id?: string): TicketFinding {
  const about = id === undefined ? {} : { id };
  return { finding: { code: "bad_schema", severity: "warning", path: file, ...about, message } };
}

function unusable(dir: string, name: string): TicketFinding[] {
  const schema = readSchema(dir, name);
  if (typeof schema !== "string") return [];
  const file = schemaPath(name);
  const text = textOf(dir, file, MAX_SCHEMA);
  const todo = text instanceof Unread ? text.advice || ": put the file itself here" : "";
  return [bad(file, `${schema.replace(`${file}: `, "")}; no output can be held to it${todo}`)];
}

function twins(names: readonly string[]): TicketFinding[] {
  const first = new Map<string, string>();
  return names.flatMap((name) => {
    const other = first.get(name.toLowerCase());
    if (other === undefined) {
      first.set(name.toLowerCase(), name);
      return [];
    }
    const fact = `differs only in case from ${schemaPath(other)}`;
    return [bad(schemaPath(name), `${fact}: file systems of other people hold one of both; give one another name`)];
  });
}

/** Work that could not be handed in. */
function missing({ store, view, tickets }: Examination): TicketFinding[] {
  const known = new Map<string, ReturnType<typeof readSchema>>();
  return tickets.flatMap(({ id, path: file, status, fields: { outputSchema: name } }) => {
    if (name === undefined || isFinished(view.board, status)) return [];
    if (!known.has(name)) known.set(name, readSchema(store.dir, name));
    const schema = known.get(name);
    if (typeof schema === "object") return [];
    // A file that cannot be used is told once, whoever names it.
    if (schema?.startsWith(schemaPath(name))) return [];
    const why = schema ?? `schema ${name} of its output is not there: put ${schemaPath(name)} there`;
    return [bad(file, `${why}; 'ayo ticket update ${id} --output-schema' gives it another`, id)];
  });
}
