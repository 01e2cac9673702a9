/**
 * Every way ayo can refuse, with the exit status of the command line and the HTTP status of the server.
 * 1 = refused, 2 = bad usage or input, 3 = store busy, 70 = our bug; templates/guide/scripts.md tells users.
 */
export const ERROR_CODES = {
  ambiguous_id: [1, 409],
  bad_config: [2, 422],
  bad_input: [2, 400],
  bad_pipeline: [1, 422],
  bad_sync_file: [1, 422],
  bad_ticket: [1, 422],
  bad_usage: [2, 400],
  blocked: [1, 409],
  claimed: [1, 409],
  conflict: [1, 412],
  criteria_open: [1, 409],
  cycle: [1, 409],
  delegation_refused: [1, 409],
  disk_full: [1, 507],
  duplicate: [1, 409],
  git_busy: [3, 503],
  git_unsupported: [1, 501],
  internal: [70, 500],
  lost_claim: [1, 409],
  needs_confirmation: [2, 400],
  needs_person: [1, 403],
  no_editor: [1, 400],
  no_store: [1, 404],
  not_found: [1, 404],
  not_you: [1, 403],
  open_children: [1, 409],
  output_invalid: [1, 422],
  pipeline_refused: [1, 409],
  project_archived: [1, 409],
  remote_refused: [1, 409],
  review_required: [1, 409],
  self_review: [1, 403],
  store_busy: [3, 503],
  store_not_owned: [1, 403],
  store_not_writable: [1, 403],
  transition_refused: [1, 409],
  unpatchable: [1, 422],
  unreachable: [1, 502],
  verify_required: [1, 409],
  wip_limit: [1, 409],
} as const satisfies Record<string, readonly [exit: number, http: number]>;

/** One of the names in {@link ERROR_CODES}; stable, for scripts. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an {@link AyoError} carries besides its message. */
export interface ErrorDetails {
  /** One runnable command line that helps, as argv; never one with --force or --yes. */
  readonly try?: readonly string[];
  /** Facts a program can use, e.g. the candidates of an ambiguous id. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error of ayo: a fact (`message`) with a stable `code`, and where it helps a next step and data. */
export class AyoError extends Error {
  override readonly name = "AyoError";
  readonly code: ErrorCode;
  readonly try: readonly string[] | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.try = details.try;
    this.data = details.data;
  }
}

/** What a system says of a path that is not as it should be: a file where a folder is needed, closed, a loop of links. */
const ODD_PATHS = ["EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR", "EEXIST", "ELOOP", "ENAMETOOLONG", "ENOTEMPTY"];

/** The error for a path that the system refused, where no room of ayo knew better; undefined for what is a bug of ours. */
export function refusedBySystem(error: unknown): AyoError | undefined {
  const { code = "", path, syscall } = (error ?? {}) as { code?: string; path?: unknown; syscall?: string };
  if (typeof path !== "string" || syscall === undefined || !ODD_PATHS.includes(code)) return undefined;
  const message = `${path} cannot be used (${syscall}: ${code}): it is closed to this process, or not what ayo needs there`;
  return new AyoError("store_not_writable", message, { try: ["ayo", "doctor"], cause: error, data: { path } });
}

/** A word as a shell would need it. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
