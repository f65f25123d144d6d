import { GrowingIds } from '../../../data/views/live/growing-ids.ts';
import { NearestSketches } from '../../kernels/nearest-sketches.ts';
import { sketchBytes } from '../../kernels/sketch.ts';
import { maskWhere } from '../../model/item-mask.ts';
import type { RankingInfluence } from '../../model/model.ts';
import type { TextProfile } from '../../model/text-profile.ts';
import { boostOf, type Candidate } from './influence.ts';
import { mostTerms } from './profile.ts';
import { copyOf, NearestProfiles, type ProfileArrays, ProfileSketcher, profileAt } from './profiles.ts';

const firstRoom = 64;
/** Of so many items each is asked whether it is allowed; of more only the most similar ones, up to so many. */
const mostAsked = 4096;
const mostLooked = 1024;

/** What similar live items are looked for. */
export type LiveCandidatesQuery = {
  readonly profile: TextProfile;
  readonly count: number;
  readonly influence: RankingInfluence | undefined;
  allows(id: string): boolean;
};

type Space = { readonly width: number; readonly termCount: number };

/** Items that are new or have changed since the training, by their profiles. */
export class LiveItems {
  readonly #space: Space;
  readonly #sketcher: ProfileSketcher;
  readonly #ids = new GrowingIds();
  #rows: Rows;

  constructor(space: Space) {
    this.#space = space;
    this.#sketcher = new ProfileSketcher(space.width);
    this.#rows = roomFor(firstRoom, space, new Uint8Array());
  }

  get size(): number {
    return this.#ids.size;
  }

  get bytes(): number {
    const { terms, codes, sketches, nearest, room } = this.#rows;
    return this.#ids.bytes + terms.byteLength + codes.byteLength + sketches.byteLength + nearest.bytes + 9 * room;
  }

  has(id: string): boolean {
    return this.#ids.find(id) >= 0;
  }

  /** Undefined for an item that has not changed. */
  profileOf(id: string): TextProfile | undefined {
    const row = this.#ids.find(id);
    return row < 0 ? undefined : copyOf(profileAt(this.#rows, row));
  }

  put(id: string, { terms, codes }: TextProfile, freshness: number): void {
    const row = this.#ids.add(id);
    if (row >= this.#rows.room) this.#grow();
    const rows = this.#rows;
    rows.terms.set(terms, rows.starts[row]);
    rows.ends[row] = rows.starts[row] + terms.length;
    rows.codes.set(codes, row * rows.width);
    rows.freshness[row] = freshness;
    const sketch = rows.sketches.subarray(row * sketchBytes, (row + 1) * sketchBytes);
    this.#sketcher.write({ terms, codes }, sketch);
    rows.searched.set(row, sketch);
  }

  /** The first ones to come that are allowed, as many as there are up to `count`. */
  first(count: number, allows: (id: string) => boolean): readonly string[] {
    const found: string[] = [];
    for (let row = 0; row < this.size && found.length < count; row++) {
      const id = this.#ids.id(row);
      if (allows(id)) found.push(id);
    }
    return found;
  }

  /** The most similar ones that are allowed, as if none of them had interactions when popularity was counted. */
  nearest({ profile, count, influence, allows }: LiveCandidatesQuery): readonly Candidate<string>[] {
    const { nearest, freshness } = this.#rows;
    const eligible = this.size <= mostAsked ? this.#allowed(allows) : undefined;
    for (let looked = count; ; looked *= 4) {
      const { rows, cosines } = nearest.find(profile, this.#rows, looked, eligible);
      const found = Array.from(rows, (row, n) => ({
        item: this.#ids.id(row),
        cosine: cosines[n],
        boost: boostOf({ popularity: 0, freshness: freshness[row] }, influence),
      })).filter(({ item }) => eligible !== undefined || allows(item));
      if (found.length >= count || rows.length < looked || looked >= mostLooked) return found.slice(0, count);
    }
  }

  /** A bit a row. */
  #allowed(allows: LiveCandidatesQuery['allows']): Uint32Array {
    return maskWhere(this.size, (row) => allows(this.#ids.id(row))).words;
  }

  #grow(): void {
    const before = this.#rows;
    const rows = roomFor(2 * before.room, this.#space, before.sketches);
    rows.terms.set(before.terms);
    rows.ends.set(before.ends);
    rows.codes.set(before.codes);
    rows.freshness.set(before.freshness);
    this.#rows = rows;
  }
}

type Rows = ReturnType<typeof roomFor>;

/** @param sketches of the first rows */
function roomFor(room: number, space: Space, sketches: Uint8Array) {
  const { width } = space;
  const termsOfRow = width > 0 ? 0 : mostTerms;
  const starts = Uint32Array.from({ length: room }, (_, row) => row * termsOfRow);
  const arrays = {
    terms: new Uint32Array(room * termsOfRow),
    starts,
    ends: starts.slice(),
    codes: new Int8Array(room * width),
    width,
  } satisfies ProfileArrays;
  const copied = new Uint8Array(room * sketchBytes);
  copied.set(sketches);
  const searched = new NearestSketches(sketches, room);
  const nearest = new NearestProfiles(searched, space);
  return { ...arrays, room, sketches: copied, searched, nearest, freshness: new Uint8Array(room) };
}
