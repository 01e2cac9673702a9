/** What a failure is: whether another try may help, or a login. */
export interface Failure {
  readonly isTransient?: true;
  readonly isLogin?: true;
  readonly isSessionGone?: true;
}

/** A status of HTTP where programs say one: "API Error: 529 {…", "unexpected status 401", "last status: 429". */
const STATUS = /(?:error|status|http)(?: code)?[:=]?\s{0,3}\(?(\d{3})\b|^\s*(\d{3})\b/gi;
const LOGIN =
  /\b(?:unauthorized|authentication[_ ](?:failed|error|required)|auth_required|not logged in|log ?in again|please (?:run \/login|log ?in)|invalid (?:api key|x-api-key|bearer token|credentials)|(?:incorrect|missing|no) api key)\b/i;
const BUSY =
  /\b(?:overloaded(?:_error)?|rate[_ -]limit(?:ed|s|_error)?|too many requests|at capacity|high demand|service unavailable|bad gateway|gateway time-?out|internal server error)\b/i;
const UNREACHED =
  /\b(?:ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|socket hang up|fetch failed|connection (?:error|refused|reset|closed|lost)|unable to connect|network error|stream disconnected|error sending request|(?:request|connection) timed out)\b/i;
const GONE = /no conversation found with session|no rollout found for|(?:session|thread) (?:was )?not found/i;

/** What is known of a failure by its HTTP status, where there was one, and by its words. */
export function failureOf(why: string, status?: number): Failure {
  const words = why.slice(0, 4096);
  if (GONE.test(words)) return { isSessionGone: true };
  const statuses = status === undefined ? statusesIn(words) : [status];
  if (statuses.some((one) => one === 401 || one === 403)) return { isLogin: true };
  if (statuses.some((one) => one === 408 || one === 429 || (one >= 500 && one < 600))) return { isTransient: true };
  if (statuses.length > 0) return {};
  if (LOGIN.test(words)) return { isLogin: true };
  return BUSY.test(words) || UNREACHED.test(words) ? { isTransient: true } : {};
}

function statusesIn(words: string): number[] {
  return [...words.matchAll(STATUS)]
    .map(([, named, first]) => Number(named ?? first))
    .filter((one) => one >= 400 && one < 600);
}
