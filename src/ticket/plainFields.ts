import { FIELDS, type FieldName, type FieldRow, type Fields, type PlainField } from "./ticket.ts";

type Rows = typeof FIELDS;

/** A field without rules: its row in FIELDS is all there is about it. */
export type PlainName = { [N in FieldName]: Rows[N] extends { readonly plain: PlainField } ? N : never }[FieldName];

type FilteredBy<How> = {
  [N in PlainName]: Rows[N]["plain"] extends { readonly filter: How } ? N : never;
}[PlainName];

/** A plain field that queries can ask for. */
export type FilterField = FilteredBy<"key" | "flag">;

/** A plain field that lists have a flag for. */
export type FlagField = FilteredBy<"flag">;

/** The word by which queries ask for a plain field. */
export type FieldFilterKey = Rows[FilterField]["key"];

/** The plain fields of a ticket that are set. */
export type PlainValues = Pick<Fields, PlainName>;

const ROWS: Readonly<Record<FieldName, FieldRow>> = FIELDS;
const NAMES = Object.keys(FIELDS) as FieldName[];

const plainWith = <N extends PlainName>(test: (row: PlainField) => unknown): readonly N[] =>
  NAMES.filter((name): name is N => {
    const row = ROWS[name];
    return "plain" in row && Boolean(test(row.plain));
  });

/** Every plain field, in the order of FIELDS. */
export const PLAIN_FIELDS = plainWith<PlainName>(() => true);

/** Those that queries can ask for. */
export const FILTER_FIELDS = plainWith<FilterField>(({ filter }) => filter);

/** Those that lists have a flag for. */
export const FLAG_FIELDS = plainWith<FlagField>(({ filter }) => filter === "flag");

/** Those that the board's page of a ticket has an input for. */
export const BOARD_FIELDS = plainWith<PlainName>(({ board }) => board);

/** Those whose words are searched. */
export const SEARCH_FIELDS = plainWith<PlainName>(({ search }) => search);

/** Fields that the common shape of a ticket's JSON has no place for: they are in it where they are set. */
export const JSON_FIELDS: readonly FieldName[] = NAMES.filter((name) => {
  const row = ROWS[name];
  return "plain" in row || row.json === true;
});

/** What a field is called in a sentence: `external ref`. */
export function labelOf(name: FieldName): string {
  return FIELDS[name].key.replaceAll("-", " ");
}
