import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noHistory } from '../histories/histories.ts';
import { uniforms } from '../kernels/random.ts';
import { VectorRanker } from '../kernels/vector-ranker.ts';
import { isEligible, maskWhere } from './item-mask.ts';
import { subjectOf } from './item-model.ts';
import { KnownUsers } from './known-users.ts';
import { LogitModel } from './logit-model.ts';
import { byIds } from './model-by-ids.ts';
import { Vocabulary } from './vocabulary.ts';

/** Puts what its user did last first. It knows that 14 had the item a, and 50 the item b. */
function openModel(): LogitModel {
  const items = Vocabulary.of(['a', 'b', 'c', 'd']);
  const itemVectors = new Float32Array(4 * items.size);
  return new LogitModel({
    items,
    users: new KnownUsers({
      users: Vocabulary.of(['14', '50']),
      historyOf: (user) => ({ ...noHistory, items: Uint32Array.of(user), timestamps: Float64Array.of(1) }),
      indexOf: (id) => items.indexOf(id),
    }),
    warmItems: 4,
    rankedItems: 4,
    bytes: 0,
    itemVectors,
    coldLogit: 0,
    ranker: new VectorRanker(itemVectors, 4),
    vectorsOf: (queries) => queries.map(() => new Float32Array(4)),
    vectorPart: 'factors',
    beginParts: ({ history }, rows) => ({
      base: 0,
      values: new Map([['popularity', Float32Array.from(rows, (row) => 1 + history.items.lastIndexOf(row))]]),
    }),
    begin({ history }, logits) {
      logits.fill(0);
      for (const [n, item] of history.items.entries()) logits[item] = 1 + n;
    },
  });
}

const recentOf = (userId: string, ...items: string[]) => ({
  userId,
  recent: { items, timestamps: Float64Array.from(items, (_, n) => 10 + n), columns: new Map<string, string[]>() },
});

describe.each([
  ['recommendations', (query: object) => byIds(openModel()).recommend({ count: 1, ...query })],
  ['a ranking', (query: object) => byIds(openModel()).rank({ userId: '', items: ['a', 'b', 'c', 'd'], ...query })],
])('%s', (_, ask) => {
  const answer = async (query: object) => {
    const ranking = await ask(query);
    return { first: ranking.items[0], ...ranking.history };
  };

  it('are those of a user whom the model knows, though a session has her id', async () => {
    const streamed = { session: recentOf('50', 'c') };
    expect(await answer({ userId: '14', streamed })).toEqual({ first: 'a', userId: '14', kept: 1, recent: 0 });
    expect(await answer({ userId: '50', streamed: { user: recentOf('50', 'c') } })).toEqual({
      first: 'c',
      userId: '50',
      kept: 1,
      recent: 1,
      newestEventAt: 10,
    });
  });

  it('follow the session where the model knows no user of the id', async () => {
    expect(await answer({ userId: 'visit', streamed: { session: recentOf('50', 'c', 'd') } })).toEqual({
      first: 'd',
      userId: '50',
      kept: 1,
      recent: 2,
      newestEventAt: 11,
    });
    expect(await answer({ userId: 'visit', streamed: { session: recentOf('visit', 'c') } })).toEqual({
      first: 'c',
      userId: 'visit',
      kept: 0,
      recent: 1,
      newestEventAt: 10,
    });
    expect(await answer({ userId: 'visit' })).toMatchObject({ userId: 'visit', kept: 0, recent: 0 });
  });
});

describe('a mask', () => {
  const size = { items: 3000, ranked: 2500, width: 4 };
  const random = uniforms(1);
  const items = Vocabulary.of(Array.from({ length: size.items }, (_, item) => `i${item}`));
  const itemVectors = Float32Array.from({ length: size.items * size.width }, () => random() - 0.5);
  const begins = Float32Array.from({ length: size.items }, random);
  const model = new LogitModel({
    items,
    users: new KnownUsers({ historyOf: () => noHistory, indexOf: () => -1 }),
    warmItems: size.ranked,
    rankedItems: size.ranked,
    bytes: 0,
    itemVectors,
    coldLogit: 0,
    ranker: new VectorRanker(itemVectors, size.width),
    vectorsOf: (users) => users.map(() => Float32Array.of(1, -1, 2, 0.5)),
    begin: (_, logits) => logits.set(begins),
    vectorPart: 'factors',
    beginParts: (_, rows) => ({
      base: 0,
      values: new Map([['popularity', Float32Array.from(rows, (row) => begins[row])]]),
    }),
  });
  const { user } = subjectOf(noHistory);

  it('of few items or of many leaves the order as it is, items without a score last', async () => {
    const all = await model.recommend({ user, count: size.items });
    expect(all.items).toHaveLength(size.items);
    expect(all.logits?.values).toHaveLength(size.ranked);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 0.001, 0.2, 0.5, 0.9, 1), fc.nat(), async (share, seed) => {
        const uniform = uniforms(seed);
        const eligible = maskWhere(size.items, () => uniform() < share);
        const expected = all.items.filter((item) => isEligible(eligible, item));
        // Together with others that have none, or another.
        const [masked, whole, few] = await Promise.all([
          model.recommend({ user, count: size.items, eligible }),
          model.recommend({ user, count: 30 }),
          model.recommend({ user, count: 30, eligible, orderOnly: true }),
        ]);
        expect(masked.items).toEqual(expected);
        expect(whole.items).toEqual(all.items.subarray(0, 30));
        expect(few).toEqual({ items: expected.subarray(0, 30) });
      }),
      { numRuns: 30 },
    );
  });

  it('of a ranking is its list: equal logits keep its order, and scores are shares of it', async () => {
    const ranked = await byIds(model).rank({ items: ['i2999', 'i7', 'nobody', 'i9', 'i7'] });
    expect(ranked.items.slice(2)).toEqual(['i2999', 'nobody']);
    expect(ranked.scores?.slice(2)).toEqual([null, null]);
    expect(Number(ranked.scores?.[0]) + Number(ranked.scores?.[1])).toBeCloseTo(1, 6);
    const { items: best } = await byIds(openModel()).rank({ items: ['d', 'b', 'c'] });
    expect(best).toEqual(['d', 'b', 'c']);
  });
});
