import { describe, expect, it } from 'vitest';
import { eligibleCount } from '../learn/model/item-mask.ts';
import { unwatched } from '../learn/training/training.fixture.ts';
import type { Ranker } from './candidate-model.ts';
import { eventsOf } from './evaluation.fixture.ts';
import { measure } from './measure.ts';
import { givenSplit } from './protocols/given-split.ts';
import { nextClick } from './protocols/next-click.ts';
import { prepareTrial } from './trial.ts';

/** Answers every query with the same list, and remembers what it was asked. */
function fixedRanker(list: readonly number[]) {
  const asked: { readonly items: number; readonly eligible: number | undefined }[] = [];
  const ranker: Ranker = {
    async rank(queries, count) {
      for (const { input, eligible } of queries) {
        asked.push({ items: input.items.length, eligible: eligible && eligibleCount(eligible) });
      }
      return queries.map(() => Uint32Array.from(list.slice(0, count)));
    },
  };
  return { ranker, asked };
}

// Training counts: a 4, b 3, c 2, d 1, e 1; indexes in that order.
const given = ['a b c', 'a b d', 'a b', 'a c', 'e'];

describe('measure', () => {
  it('takes the means over the queries at each length', async () => {
    const trial = prepareTrial(eventsOf(given, ['', '', 'c', 'b d', '']), givenSplit, 0);
    const { ranker } = fixedRanker([0, 2, 1, 3]);
    const { queries, metrics } = await measure(ranker, trial, trial.queries.user ?? [], [2, 3], unwatched);
    expect(queries).toBe(2);
    // The first finds c at rank 2; the second finds b at rank 3 and d at rank 4, within 3 one of the two.
    expect(metrics['hr@2']).toBe(0.5);
    expect(metrics['hr@3']).toBe(1);
    expect(metrics['recall@3']).toBe((1 + 1 / 2) / 2);
    expect(metrics['mrr@3']).toBeCloseTo((1 / 2 + 1 / 3) / 2, 12);
    const discount = (rank: number) => 1 / Math.log2(1 + rank);
    expect(metrics['ndcg@2']).toBeCloseTo(discount(2) / 2, 12);
    expect(metrics['ndcg@3']).toBeCloseTo((discount(2) + discount(3) / (discount(1) + discount(2))) / 2, 12);
    expect(metrics['coverage@2']).toBe(2 / 5);
    expect(metrics['coverage@3']).toBe(3 / 5);
    // Of 5 users 4 have a, 2 have c, 3 have b.
    expect(metrics['novelty@2']).toBeCloseTo((Math.log2(5 / 4) + Math.log2(5 / 2)) / 2, 12);
    expect(metrics['novelty@3']).toBeCloseTo((Math.log2(5 / 4) + Math.log2(5 / 2) + Math.log2(5 / 3)) / 3, 12);
  });

  it('counts an item that cannot be ranked as not found', async () => {
    const trial = prepareTrial(eventsOf(given, ['new', '', '', 'new2 b', '']), givenSplit, 0);
    const { ranker } = fixedRanker([1]);
    const { metrics } = await measure(ranker, trial, trial.queries.user ?? [], [1], unwatched);
    expect(metrics['hr@1']).toBe(0.5);
    expect(metrics['recall@1']).toBe(0.25);
  });

  it('divides by popularity of what is to be found and by length of the input', async () => {
    const trial = prepareTrial(eventsOf([...given, 'a b c d e'], ['', '', 'e', 'e', 'a', 'a']), givenSplit, 0);
    const { ranker } = fixedRanker([0]);
    const { segments } = await measure(ranker, trial, trial.queries.user ?? [], [1], unwatched);
    const of = (name: string) => ({ queries: segments[name]?.queries, hits: segments[name]?.metrics['hr@1'] });
    // The head of 5 items is one item, a. Only a has 5 interactions.
    expect(of('head items')).toEqual({ queries: 2, hits: 1 });
    expect(of('tail items')).toEqual({ queries: 2, hits: 0 });
    expect(of('cold items')).toEqual({ queries: 2, hits: 0 });
    expect(of('cold users')).toEqual({ queries: 3, hits: 1 / 3 });
    expect(of('warm users')).toEqual({ queries: 1, hits: 1 });
  });

  it('excludes what the user had, unless the protocol keeps it', async () => {
    const events = eventsOf(['a b', 'b c'], ['b c', '']);
    const askedBy = async (protocol: typeof givenSplit) => {
      const trial = prepareTrial(events, protocol, 0);
      const { ranker, asked } = fixedRanker([0]);
      await measure(ranker, trial, trial.queries.user ?? trial.queries.event ?? [], [1], unwatched);
      return asked;
    };
    expect(await askedBy(givenSplit)).toEqual([{ items: 2, eligible: 1 }]);
    expect(await askedBy(nextClick)).toEqual([
      { items: 2, eligible: undefined },
      { items: 3, eligible: undefined },
    ]);
  });
});
