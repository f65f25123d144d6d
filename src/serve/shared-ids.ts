import { Vocabulary, type VocabularyParts } from '../learn/model/vocabulary.ts';

/** Ids of users or items, by the checksum of the file that they are in. */
export type IdsBySum = Readonly<Record<string, VocabularyParts>>;

type HeldIds = { readonly ids: Vocabulary; holders: number };

/** What a model holds of the ids that it may have in common with others. */
export type IdsLease = {
  /** Its share of their bytes: all holders together have each byte once. */
  readonly bytes: number;
  /** Those of a checksum. */
  find(sum: string): Vocabulary | undefined;
  /** Ending a lease again changes nothing. */
  end(): void;
};

/**
 * The ids of users and items that are held in shared memory: once for all models of the same ids and for all scoring
 * threads. Models of one dataset group that train on the same events have the same, and so have copies of a model.
 */
export class SharedIds {
  readonly #held = new Map<string, HeldIds>();

  /** Those of these checksums that are held. */
  known(sums: readonly string[]): IdsBySum {
    const found = sums.flatMap((sum) => {
      const held = this.#held.get(sum);
      return held ? [[sum, held.ids.parts] as const] : [];
    });
    return Object.fromEntries(found);
  }

  /** Holds the ids of a model for as long as the lease lasts. */
  lease(used: IdsBySum): IdsLease {
    const held = new Map(Object.entries(used).map(([sum, parts]) => [sum, this.#hold(sum, parts)]));
    let isOver = false;
    return {
      get bytes() {
        return [...held.values()].reduce((sum, { ids, holders }) => sum + ids.bytes / holders, 0);
      },
      find: (sum) => held.get(sum)?.ids,
      end: () => {
        if (isOver) return;
        isOver = true;
        for (const [sum, each] of held) this.#release(sum, each);
      },
    };
  }

  #hold(sum: string, { utf8, offsets, slots }: VocabularyParts): HeldIds {
    const held = this.#held.get(sum) ?? { ids: new Vocabulary(utf8, offsets, slots), holders: 0 };
    held.holders += 1;
    this.#held.set(sum, held);
    return held;
  }

  #release(sum: string, held: HeldIds): void {
    held.holders -= 1;
    if (held.holders === 0) this.#held.delete(sum);
  }
}
