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
const compared = { least: 2048, perRow: 20 };

/** The cosines of a profile with those of rows. */
export class ProfileCosines {
  /** The weights of the terms of the profile by number; all others are 0. */
  readonly #weights: Float32Array;

  /** @param termCount how many terms the training knows */
  constructor(termCount: number) {
    this.#weights = new Float32Array(termCount);
  }

  get bytes(): number {
    return this.#weights.byteLength;
  }

  of(profile: TextProfile, arrays: ProfileArrays, rows: Uint32Array): Float32Array {
    return arrays.width > 0 ? ofCodes(profile, arrays, rows) : this.#ofTerms(profile, arrays, rows);
  }

  #ofTerms({ terms }: TextProfile, { terms: all, starts, ends }: ProfileArrays, rows: Uint32Array): Float32Array {
    const weights = this.#weights;
    let length = 0;
    for (const packed of terms) {
      weights[termOf(packed)] = weightOf(packed);
      length += weightOf(packed) ** 2;
    }
    const cosines = new Float32Array(rows.length);
    for (let n = 0; n < rows.length; n++) {
      let [sum, squares] = [0, 0];
      for (let at = starts[rows[n]]; at < ends[rows[n]]; at++) {
        const weight = weightOf(all[at]);
        sum += weights[termOf(all[at])] * weight;
        squares += weight * weight;
      }
      cosines[n] = sum > 0 ? sum / Math.sqrt(squares * length) : 0;
    }
    for (const packed of terms) weights[termOf(packed)] = 0;
    return cosines;
  }
}

function ofCodes({ codes }: TextProfile, { codes: all, width }: ProfileArrays, rows: Uint32Array): Float32Array {
  const length = codes.reduce((sum, code) => sum + code * code, 0);
  const cosines = new Float32Array(rows.length);
  for (let n = 0; n < rows.length; n++) {
    let [sum, squares] = [0, 0];
    for (let of = 0, at = rows[n] * width; of < width; of++, at++) {
      const code = all[at];
      sum += codes[of] * code;
      squares += code * code;
    }
    cosines[n] = squares > 0 && length > 0 ? sum / Math.sqrt(squares * length) : 0;
  }
  return cosines;
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
