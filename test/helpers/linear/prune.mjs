// Cuts Linear's schema down to what src/trackers/linear/operations.ts asks for. Its input is the whole schema as SDL, as
// rebuilt from the types of @linear/sdk: node test/helpers/linear/prune.mjs linear.graphql
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isScalarType,
  parse,
  specifiedScalarTypes,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";

/** Filters are large and recursive: the keys that are kept of them. All other inputs are kept whole. */
const KEPT = {
  IssueFilter: ["id", "updatedAt", "createdAt", "team", "and", "or", "archivedAt"],
  CommentFilter: ["id", "updatedAt", "createdAt", "issue", "and", "or"],
  TeamFilter: ["id", "key", "name"],
  IssueLabelFilter: ["id", "name", "team", "and", "or"],
  NullableIssueFilter: ["id", "team", "updatedAt"],
  WorkflowStateFilter: ["id", "type", "name", "team"],
  NullableTeamFilter: ["id", "key", "null"],
};

const here = import.meta.dirname;
const schema = buildSchema(readFileSync(process.argv[2] ?? "linear.graphql", "utf8"));
const source = readFileSync(path.join(here, "../../../src/trackers/linear/operations.ts"), "utf8");
const parts = [...source.matchAll(/= `([^`]*)`;/g)].map(([, text]) => text.replaceAll(/^\$\{\w+\}$/gm, ""));
const document = parse(parts.join("\n"));
const faults = validate(schema, document);
if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));

const fields = new Map();
const named = new Set();
const types = new TypeInfo(schema);
const take = (type) => type && named.add(getNamedType(type).name);
visit(
  document,
  visitWithTypeInfo(types, {
    Field() {
      const parent = types.getParentType();
      const field = types.getFieldDef();
      if (!fields.has(parent.name)) fields.set(parent.name, new Set());
      fields.get(parent.name).add(field.name);
    },
    VariableDefinition: () => void take(types.getInputType()),
    Argument: () => void take(types.getArgument()?.type),
    ObjectField: () => void take(types.getInputType()),
  }),
);

const inputFields = (type) =>
  Object.values(type.getFields()).filter(({ name }) => (KEPT[type.name] ?? [name]).includes(name));
for (const name of named) {
  const type = schema.getType(name);
  if (isInputObjectType(type)) for (const field of inputFields(type)) named.add(getNamedType(field.type).name);
}

const out = [];
for (const [name, wanted] of fields) {
  const lines = [...wanted].map((fieldName) => {
    const field = schema.getType(name).getFields()[fieldName];
    const args = field.args.filter(({ type }) => {
      const inner = getNamedType(type);
      return isScalarType(inner) || isEnumType(inner) || named.has(inner.name);
    });
    for (const type of [field.type, ...args.map((arg) => arg.type)]) named.add(getNamedType(type).name);
    const list = args.map((arg) => `${arg.name}: ${arg.type}`).join(", ");
    return `  ${fieldName}${list === "" ? "" : `(${list})`}: ${field.type}`;
  });
  out.push(`type ${name} {\n${lines.join("\n")}\n}`);
}
const builtIn = new Set(specifiedScalarTypes.map(({ name }) => name));
for (const name of named) {
  const type = schema.getType(name);
  if (isInputObjectType(type)) {
    out.push(
      `input ${name} {\n${inputFields(type)
        .map((field) => `  ${field.name}: ${field.type}`)
        .join("\n")}\n}`,
    );
  } else if (isEnumType(type)) {
    out.push(
      `enum ${name} {\n${type
        .getValues()
        .map((value) => `  ${value.name}`)
        .join("\n")}\n}`,
    );
  } else if (isScalarType(type) && !builtIn.has(name)) out.push(`scalar ${name}`);
}
const text = `${out.join("\n\n")}\n`;
const left = validate(buildSchema(text), document);
if (left.length > 0) throw new Error(left.map(({ message }) => message).join("\n"));
writeFileSync(path.join(here, "linear.subset.graphql"), text);
