/** So many digits tell the versions of a ticket apart. */
const DIGITS = 10;

/** The beginning of a ticket's version: enough to compare by, and random digits are what no list can squeeze. */
export function shortVersion(version: string): string {
  return version.slice(0, DIGITS);
}
