/** Many short texts in one: ten thousand strings cost more to make than a query that looks at some of them. */
export class Texts {
  readonly joined: string;
  /** Where each ends in `joined`. */
  readonly ends: Uint32Array;

  constructor(joined: string, ends: Uint32Array) {
    this.joined = joined;
    this.ends = ends;
  }

  get count(): number {
    return this.ends.length;
  }

  at(number: number): string {
    return this.joined.slice(this.startOf(number), this.ends[number]);
  }

  lengthAt(number: number): number {
    return (this.ends[number] as number) - this.startOf(number);
  }

  /** Whether the text of a number is this one; of a number that there is not, it is none. */
  is(number: number, text: string): boolean {
    const isThere = number < this.ends.length && this.lengthAt(number) === text.length;
    return isThere && this.joined.startsWith(text, this.startOf(number));
  }

  /** The first of sorted texts that is not before `text`. */
  lowerBound(text: string): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The numbers of the sorted texts that begin with `start`: from, and after. */
  beginning(start: string): readonly [from: number, to: number] {
    return [this.lowerBound(start), this.lowerBound(`${start}\uffff`)];
  }

  /** Where `text` is among sorted ones, or -1. */
  find(text: string): number {
    const at = this.lowerBound(text);
    return this.is(at, text) ? at : -1;
  }

  /** Where it begins in `joined`. */
  startOf(number: number): number {
    return number === 0 ? 0 : (this.ends[number - 1] as number);
  }
}

/** Puts texts together. */
export function joinTexts(texts: readonly string[]): Texts {
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (let number = 0; number < texts.length; number++) {
    end += (texts[number] as string).length;
    ends[number] = end;
  }
  return new Texts(texts.join(""), ends);
}
