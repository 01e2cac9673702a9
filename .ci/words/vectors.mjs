// Vectors of words from the words around them: positive pointwise mutual information, and its largest singular vectors
// (Levy, Goldberg and Dagan 2015). Always the same for the same segments: nothing here is left to chance but by a seed.

const WINDOW = 5;
/** Rarer words have no vector. */
const LEAST = 8;
const MOST_WORDS = 40_000;
/** Words more frequent than this are left out of some places (Mikolov et al. 2013). */
const SUBSAMPLE = 1e-4;
/** Contexts count by this power of how often they are. */
const SMOOTHING = 0.75;
/** Pairs seen less are chance. */
const LEAST_PAIR = 1;
const OVERSAMPLE = 20;
const POWER_ROUNDS = 3;

/** Numbers in [0, 1), always the same ones (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The frequent words of all segments, the most frequent first, and the segments as numbers of them, ended by -1. */
function numbered(segments) {
  const counts = new Map();
  for (const words of segments) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].filter(([, count]) => count >= LEAST);
  words.sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1)).splice(MOST_WORDS);
  const numbers = new Map(words.map(([word], number) => [word, number]));
  const total = words.reduce((sum, [, count]) => sum + count, 0);
  const next = random(1);
  const kept = words.map(([, count]) => Math.sqrt((SUBSAMPLE * total) / count));
  const stream = [];
  for (const segment of segments) {
    for (const word of segment) {
      const number = numbers.get(word);
      if (number !== undefined && next() < kept[number]) stream.push(number);
    }
    stream.push(-1);
  }
  return { words, stream: Int32Array.from(stream) };
}

/** How often each pair stands near each other, nearer counting more: a hash table of the lower number, then the higher. */
class Pairs {
  #keys = new Float64Array(2 ** 22).fill(-1);
  #values = new Float64Array(2 ** 22);
  size = 0;

  add(key, value) {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key % 4_294_967_291, 0x9e3779b1) >>> 0) & mask;
    while (this.#keys[slot] !== -1 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    if (this.#keys[slot] === -1) this.size++;
    this.#keys[slot] = key;
    this.#values[slot] += value;
    if (this.size * 2 > this.#keys.length) this.#grow();
  }

  #grow() {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(keys.length * 2).fill(-1);
    this.#values = new Float64Array(keys.length * 2);
    this.size = 0;
    for (let slot = 0; slot < keys.length; slot++) if (keys[slot] !== -1) this.add(keys[slot], values[slot]);
  }

  *entries() {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if (this.#keys[slot] !== -1) yield [this.#keys[slot], this.#values[slot]];
    }
  }
}

function countPairs(stream, size) {
  const pairs = new Pairs();
  for (let at = 0; at < stream.length; at++) {
    if (stream[at] < 0) continue;
    for (let distance = 1; distance <= WINDOW && stream[at + distance] >= 0; distance++) {
      const [low, high] = [Math.min(stream[at], stream[at + distance]), Math.max(stream[at], stream[at + distance])];
      if (low !== high) pairs.add(low * size + high, 1 / distance);
    }
  }
  return pairs;
}

/** The positive part of how much more often two words meet than by chance, as a sparse matrix: rows, columns, values. */
function informationOf(pairs, size) {
  const sums = new Float64Array(size);
  for (const [key, count] of pairs.entries()) {
    sums[Math.floor(key / size)] += count;
    sums[key % size] += count;
  }
  const total = sums.reduce((sum, one) => sum + one, 0);
  const smooth = sums.map((sum) => sum ** SMOOTHING);
  const smoothTotal = smooth.reduce((sum, one) => sum + one, 0);
  const cells = [];
  for (const [key, count] of pairs.entries()) {
    if (count < LEAST_PAIR) continue;
    const [low, high] = [Math.floor(key / size), key % size];
    for (const [row, column] of [
      [low, high],
      [high, low],
    ]) {
      const value = Math.log(((count / total) * total * smoothTotal) / (sums[row] * smooth[column]));
      if (value > 0) cells.push([row, column, value]);
    }
  }
  cells.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
  return {
    size,
    rows: Int32Array.from(cells, ([row]) => row),
    columns: Int32Array.from(cells, ([, column]) => column),
    values: Float32Array.from(cells, ([, , value]) => value),
  };
}

/** The matrix, or what it is turned over, times a matrix of so many columns. */
function times({ size, rows, columns, values }, right, width, isTurned) {
  const product = new Float64Array(size * width);
  for (let cell = 0; cell < values.length; cell++) {
    const to = (isTurned ? columns[cell] : rows[cell]) * width;
    const from = (isTurned ? rows[cell] : columns[cell]) * width;
    const value = values[cell];
    for (let at = 0; at < width; at++) product[to + at] += value * right[from + at];
  }
  return product;
}

function dot(left, right) {
  let sum = 0;
  for (let row = 0; row < left.length; row++) sum += left[row] * right[row];
  return sum;
}

/** Takes out of a vector what it has of others, in place. */
function removeFrom(vector, others) {
  for (const other of others) {
    const share = dot(vector, other);
    for (let row = 0; row < vector.length; row++) vector[row] -= share * other[row];
  }
}

/** Makes the columns of a matrix orthonormal (Gram and Schmidt, twice). */
function orthonormal(matrix, size, width) {
  const columns = Array.from({ length: width }, (_, at) =>
    Float64Array.from({ length: size }, (_, row) => matrix[row * width + at]),
  );
  const made = new Float64Array(size * width);
  for (const [at, column] of columns.entries()) {
    removeFrom(column, columns.slice(0, at));
    removeFrom(column, columns.slice(0, at));
    const length = Math.sqrt(dot(column, column)) || 1;
    for (let row = 0; row < size; row++) {
      column[row] /= length;
      made[row * width + at] = column[row];
    }
  }
  return made;
}

/** Eigenvalues and eigenvectors of a small symmetric matrix (Jacobi), the largest first. */
function eigen(matrix, width) {
  const own = matrix.slice();
  const vectors = Float64Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < width; p++) for (let q = p + 1; q < width; q++) rotate(own, vectors, width, p, q);
  }
  const order = Array.from({ length: width }, (_, at) => at).sort((l, r) => own[r * width + r] - own[l * width + l]);
  return order.map((at) => ({
    value: own[at * width + at],
    vector: Float64Array.from({ length: width }, (_, row) => vectors[row * width + at]),
  }));
}

function rotate(own, vectors, width, p, q) {
  const between = own[p * width + q];
  if (Math.abs(between) < 1e-12) return;
  const theta = (own[q * width + q] - own[p * width + p]) / (2 * between);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cos = 1 / Math.sqrt(t * t + 1);
  const sin = t * cos;
  const turn = (matrix, left, right) => {
    const [a, b] = [matrix[left], matrix[right]];
    matrix[left] = cos * a - sin * b;
    matrix[right] = sin * a + cos * b;
  };
  for (let at = 0; at < width; at++) turn(own, at * width + p, at * width + q);
  for (let at = 0; at < width; at++) turn(own, p * width + at, q * width + at);
  for (let at = 0; at < width; at++) turn(vectors, at * width + p, at * width + q);
}

/** The left singular vectors times the roots of their values (Halko, Martinsson and Tropp 2011). */
function reduced(matrix, dimensions) {
  const { size } = matrix;
  const width = dimensions + OVERSAMPLE;
  const next = random(2);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let basis = Float64Array.from({ length: size * width }, normal);
  basis = orthonormal(times(matrix, basis, width, false), size, width);
  for (let round = 0; round < POWER_ROUNDS; round++) {
    const turned = orthonormal(times(matrix, basis, width, true), size, width);
    basis = orthonormal(times(matrix, turned, width, false), size, width);
  }
  // The small matrix turned over, times itself, has the squares of the values.
  const small = times(matrix, basis, width, true);
  const squares = new Float64Array(width * width);
  for (let row = 0; row < size; row++) {
    for (let p = 0; p < width; p++) {
      for (let q = 0; q < width; q++) squares[p * width + q] += small[row * width + p] * small[row * width + q];
    }
  }
  const found = eigen(squares, width).slice(0, dimensions);
  return (row) =>
    Float64Array.from(found, ({ value, vector }) => {
      let sum = 0;
      for (let at = 0; at < width; at++) sum += basis[row * width + at] * vector[at];
      return sum * Math.max(0, value) ** 0.25;
    });
}

/** The words of the segments, the most frequent first, each with how often it is there and its vector. */
export function wordVectors(segments, dimensions) {
  const { words, stream } = numbered(segments);
  const matrix = informationOf(countPairs(stream, words.length), words.length);
  const vectorOf = reduced(matrix, dimensions);
  return words.map(([word, count], row) => ({ word, count, vector: vectorOf(row) }));
}
