import { expect, test } from "vitest";
import { addVectors, similarity, type Vectors } from "../../../src/search/meaning/vectors.ts";

/** A vector that points where no other of these does. */
const axis = (at: number): Float32Array => Float32Array.from({ length: 4 }, (_, place) => (place === at ? 1 : 0));

test("what is added keeps its place when a key was added twice", () => {
  let vectors: Vectors | undefined;
  for (const keys of ["ab", "bc", "d"]) {
    const made = [...keys].map((key) => [axis("abcd".indexOf(key))]);
    vectors = addVectors(vectors, [...keys], made);
  }
  const { rows } = vectors as Vectors;
  expect([...rows.keys()]).toEqual(["a", "b", "c", "d"]);
  for (const [key, row] of rows) {
    expect(similarity(vectors as Vectors, row, axis("abcd".indexOf(key)))).toBeCloseTo(1, 5);
  }
});
