// Versions of releases: three numbers, e.g. 1.4.0, or with a name behind them, e.g. 1.4.0-beta.1.
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** The version that `wanted` (patch, minor, major, or a version) makes of the current one. Throws where it is no step on. */
export function nextVersion(current, wanted) {
  const numbers = partsOf(current).numbers;
  if (wanted === "major") return `${numbers[0] + 1}.0.0`;
  if (wanted === "minor") return `${numbers[0]}.${numbers[1] + 1}.0`;
  if (wanted === "patch") return isNamed(current) ? numbers.join(".") : `${numbers[0]}.${numbers[1]}.${numbers[2] + 1}`;
  if (isOlder(wanted, current)) throw new Error(`${wanted} is older than ${current}, the version in package.json`);
  return wanted;
}

function partsOf(version) {
  const match = VERSION.exec(version);
  if (match === null) throw new Error(`'${version}' is no version: say patch, minor, major, or one such as 1.4.0`);
  return { numbers: match.slice(1, 4).map(Number), name: match[4] ?? "" };
}

function isNamed(version) {
  return partsOf(version).name !== "";
}

/** A version with a name comes before the one without; two names are not compared: their tags tell them apart. */
function isOlder(one, other) {
  const [left, right] = [partsOf(one), partsOf(other)];
  const at = left.numbers.findIndex((number, n) => number !== right.numbers[n]);
  if (at >= 0) return left.numbers[at] < right.numbers[at];
  return left.name !== "" && right.name === "";
}
