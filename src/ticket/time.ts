const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const DURATION = /^(\d{1,9})([smhdw])$/i;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;
const OWN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Milliseconds of `45s`, `10m`, `2h`, `30d` or `1w`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count = "", unit = ""] = DURATION.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return factor === undefined ? undefined : Number(count) * factor;
}

/** A duration in milliseconds as its two largest units: `2h 5m`, `3d`, `0s`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(Math.abs(milliseconds) / 1000) * 1000;
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"]) {
    const size = UNITS[unit] ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
  }
  return `${milliseconds < 0 && parts.length > 0 ? "-" : ""}${parts.slice(0, 2).join(" ") || "0s"}`;
}

/** Milliseconds since 1970 as ISO seconds in UTC: `2026-11-21T03:38:00Z`. */
export function formatTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -5)}Z`;
}

/** The same to the millisecond, where there is a fraction of the second: `2026-11-21T03:38:00.250Z`. */
export function formatMoment(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? formatTime(milliseconds) : new Date(milliseconds).toISOString();
}

/** Milliseconds since 1970 of an ISO date (midnight) or date-time, UTC where it names no zone; undefined otherwise. */
export function parseTime(text: string): number | undefined {
  // What ayo writes is read by what reads it fastest: lists ask it of thousands.
  const own = OWN.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(own) && Number(text.slice(8, 10)) < 29) return own;
  const match = ISO.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", , sign, zoneHour, zoneMinute] =
    match;
  const numbers = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbers;
  const isClock = (h < 24 && mi < 60 && s <= 60) || (h === 24 && mi === 0 && s === 0);
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || !isClock) return undefined;
  const offset = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60_000 * (sign === "-" ? -1 : 1);
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  date.setUTCHours(h, mi, s, Number(fraction.padEnd(3, "0").slice(0, 3)));
  return date.getTime() - offset;
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** Whether it looks as what has thousandths of a second: 2026-12-01T02:42:48.005Z. */
function isFine(text: string): boolean {
  return text.length === 24 && text[10] === "T" && text[19] === "." && text[23] === "Z";
}

/** Orders times as tickets write them, with or without a fraction of the second; what cannot be read comes last. */
export function compareTime(left: string, right: string): number {
  if (left === right) return 0;
  // ISO times of one shape order as text, much faster than parsing both.
  if (left.length === right.length && (left.length === 20 || (isFine(left) && isFine(right))))
    return left < right ? -1 : 1;
  const [l, r] = [parseTime(left), parseTime(right)];
  if (l === undefined || r === undefined) return Number(l === undefined) - Number(r === undefined);
  return l - r;
}
