import { describe, expect, it } from 'vitest';
import { noHistory } from '../histories/histories.ts';
import { VectorRanker } from '../kernels/vector-ranker.ts';
import { LogitModel } from './logit-model.ts';
import { Vocabulary } from './vocabulary.ts';

/** Puts what its user did last first. It knows that 14 had the item a, and 50 the item b. */
function openModel(): LogitModel {
  const items = Vocabulary.of(['a', 'b', 'c', 'd']);
  const itemVectors = new Float32Array(4 * items.size);
  return new LogitModel({
    ...{ items, users: Vocabulary.of(['14', '50']), interacted: 4, scored: 4, bytes: 0, itemVectors, cold: 0 },
    ranker: new VectorRanker(itemVectors, 4),
    historyOf: (user) => ({ ...noHistory, items: Uint32Array.of(user), timestamps: Float64Array.of(1) }),
    vectorsOf: (queries) => queries.map(() => new Float32Array(4)),
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
  ['recommendations', (query: object) => openModel().recommend({ count: 1, ...query })],
  ['a ranking', (query: object) => openModel().rank({ userId: '', items: ['a', 'b', 'c', 'd'], ...query })],
])('%s', (_, ask) => {
  const answer = async (query: object) => {
    const { items, history } = await ask(query);
    return { first: items[0], ...history };
  };

  it('are those of a user whom the model knows, though a session has her id', async () => {
    const streamed = { session: recentOf('50', 'c') };
    expect(await answer({ userId: '14', streamed })).toEqual({ first: 'a', userId: '14', kept: 1, recent: 0 });
    expect(await answer({ userId: '50', streamed: { user: recentOf('50', 'c') } })).toEqual({
      ...{ first: 'c', userId: '50', kept: 1, recent: 1, newestEventAt: 10 },
    });
  });

  it('follow the session where the model knows no user of the id', async () => {
    expect(await answer({ userId: 'visit', streamed: { session: recentOf('50', 'c', 'd') } })).toEqual({
      ...{ first: 'd', userId: '50', kept: 1, recent: 2, newestEventAt: 11 },
    });
    expect(await answer({ userId: 'visit', streamed: { session: recentOf('visit', 'c') } })).toEqual({
      ...{ first: 'c', userId: 'visit', kept: 0, recent: 1, newestEventAt: 10 },
    });
    expect(await answer({ userId: 'visit' })).toMatchObject({ userId: 'visit', kept: 0, recent: 0 });
  });
});
