import type { NearestSketches } from '../../kernels/nearest-sketches.ts';
import { Sketcher, sketchBytes } from '../../kernels/sketch.ts';
import { topK } from '../../kernels/top-k.ts';
import type { TextProfile } from '../../model/text-profile.ts';
import { termOf, weightOf } from './profile.ts';

/** Profiles by row, as they lie in memory: terms from `starts` to `ends`, codes of `width` numbers a row. */
export type ProfileArrays = {
  readonly terms: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly codes: Int8Array;
  readonly width: number;
};

/** Rows and their cosines with a profile, greatest first, ties by lower row. */
export type NearestRows = { readonly rows: Uint32Array; readonly cosines: Float32Array };

/** Rows with the nearest sketches that are compared exactly: at least so many, and so many for each that is wanted. */
const compared = { least: 2560, perRow: 25 };

/** Rows whose terms are fetched at once, and terms in a line of the processor's cache. */
const fetched = { rows: 32, every: 16 };

/** The cosines of a profile with those of rows. */
export class ProfileCosines {
  /** The weights of the terms of the profile by number; all others are 0. */
  readonly #weights: Uint8Array;
  #cosines = new Float32Array();

  /** @param termCount how many terms the training knows */
  constructor(termCount: number) {
    this.#weights = new Uint8Array(termCount);
  }

  get bytes(): number {
    return this.#weights.byteLength + this.#cosines.byteLength;
  }

  /** What it gives is overwritten by the next call. */
  of(profile: TextProfile, arrays: ProfileArrays, rows: Uint32Array): Float32Array {
    if (rows.length > this.#cosines.length) this.#cosines = new Float32Array(rows.length);
    const cosines = this.#cosines.subarray(0, rows.length).fill(0);
    if (arrays.width > 0) writeOfCodes(profile, arrays, rows, cosines);
    else this.#writeOfTerms(profile, arrays, rows, cosines);
    return cosines;
  }

  #writeOfTerms({ terms }: TextProfile, arrays: ProfileArrays, rows: Uint32Array, cosines: Float32Array): void {
    let length = 0;
    for (const packed of terms) {
      this.#weights[termOf(packed)] = weightOf(packed);
      length += weightOf(packed) ** 2;
    }
    for (let begin = 0; begin < rows.length; begin += fetched.rows) {
      const end = Math.min(begin + fetched.rows, rows.length);
      if (fetchTerms(arrays, rows, begin, end) === 0) continue;
      for (let n = begin; n < end; n++) cosines[n] = cosineOfTerms(this.#weights, length, arrays, rows[n]);
    }
    for (const packed of terms) this.#weights[termOf(packed)] = 0;
  }
}

/**
 * Brings the terms of rows `begin` to `end` into the processor's cache, by reading one of each line: the waits for
 * memory, which take longer than the sums, overlap so. Returns 0 if no row has a term.
 */
function fetchTerms({ terms, starts, ends }: ProfileArrays, rows: Uint32Array, begin: number, end: number): number {
  let seen = 0;
  for (let n = begin; n < end; n++) {
    const last = ends[rows[n]];
    for (let at = starts[rows[n]]; at < last; at += fetched.every) seen |= terms[at];
  }
  return seen;
}

/** Sums of integers: with at most 64 terms they stay below 64 · 255². */
function cosineOfTerms(
  weights: Uint8Array,
  length: number,
  { terms, starts, ends }: ProfileArrays,
  row: number,
): number {
  const end = ends[row];
  let [sum, squares] = [0, 0];
  for (let at = starts[row]; at < end; at++) {
    const weight = weightOf(terms[at]);
    sum = (sum + Math.imul(weights[termOf(terms[at])], weight)) | 0;
    squares = (squares + Math.imul(weight, weight)) | 0;
  }
  return sum > 0 ? sum / Math.sqrt(squares * length) : 0;
}

function writeOfCodes(
  { codes }: TextProfile,
  { codes: all, width }: ProfileArrays,
  rows: Uint32Array,
  cosines: Float32Array,
): void {
  const length = codes.reduce((sum, code) => sum + code * code, 0);
  for (let n = 0; n < rows.length; n++) {
    let [sum, squares] = [0, 0];
    for (let of = 0, at = rows[n] * width; of < width; of++, at++) {
      const code = all[at];
      sum = (sum + Math.imul(codes[of], code)) | 0;
      squares = (squares + Math.imul(code, code)) | 0;
    }
    cosines[n] = squares > 0 && length > 0 ? sum / Math.sqrt(squares * length) : 0;
  }
}

/** Writes sketches of profiles. */
export class ProfileSketcher {
  readonly #sketcher: Sketcher;

  /** @param width of codes; 0 where profiles are terms */
  constructor(width: number) {
    this.#sketcher = new Sketcher(width);
  }

  write({ terms, codes }: TextProfile, sketch: Uint8Array): void {
    for (const packed of terms) this.#sketcher.addSparse(termOf(packed), weightOf(packed));
    if (codes.length > 0) this.#sketcher.addDense(codes);
    this.#sketcher.write(sketch);
  }
}

/** Finds the rows whose profiles are most like another one. */
export class NearestProfiles {
  readonly #sketches: NearestSketches;
  readonly #sketcher: ProfileSketcher;
  readonly #cosines: ProfileCosines;
  readonly #sketch = new Uint8Array(sketchBytes);

  constructor(sketches: NearestSketches, { width, termCount }: { readonly width: number; readonly termCount: number }) {
    this.#sketches = sketches;
    this.#sketcher = new ProfileSketcher(width);
    this.#cosines = new ProfileCosines(termCount);
  }

  get bytes(): number {
    return this.#sketches.bytes + this.#cosines.bytes;
  }

  /**
   * A scan of all sketches leaves some thousand rows, which are compared exactly.
   *
   * @param eligible a bit a row (bits.ts): rows whose bit is 0 are left out; none are unless given
   */
  find(profile: TextProfile, arrays: ProfileArrays, limit: number, eligible?: Uint32Array): NearestRows {
    this.#sketcher.write(profile, this.#sketch);
    const wanted = Math.max(compared.least, compared.perRow * limit);
    const rows = this.#sketches.nearest(this.#sketch, wanted, eligible);
    const cosines = this.#cosines.of(profile, arrays, rows);
    const order = topK(cosines, limit);
    return { rows: order.map((n) => rows[n]), cosines: Float32Array.from(order, (n) => cosines[n]) };
  }
}

/** The profile of a row; what it holds is that of the arrays. */
export const profileAt = ({ terms, starts, ends, codes, width }: ProfileArrays, row: number): TextProfile => ({
  terms: terms.subarray(starts[row], ends[row]),
  codes: codes.subarray(row * width, (row + 1) * width),
});

/** The same in memory of its own, to be sent to a thread. */
export const copyOf = ({ terms, codes }: TextProfile): TextProfile => ({ terms: terms.slice(), codes: codes.slice() });
