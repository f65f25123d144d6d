import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { metadataOf } from '../features/features.fixture.ts';
import { learnFeatures } from '../features/learn-features.ts';
import { emptyHistories, type Histories } from '../histories/histories.ts';
import { uniforms } from '../kernels/random.ts';
import type { Effect, ItemExplanation } from '../model/explanation.ts';
import { maskOf } from '../model/item-mask.ts';
import type { UserModel } from '../model/item-model.ts';
import { byIds } from '../model/model-by-ids.ts';
import { Vocabulary } from '../model/vocabulary.ts';
import { resolveParameters } from '../recipes/parameters.ts';
import type { LearnedModel, LearningTask } from '../recipes/recipe.ts';
import { userPersonalization } from '../recipes/user-personalization.ts';
import { userPersonalizationV2 } from '../recipes/user-personalization-v2.ts';
import { unwatched } from '../training/training.fixture.ts';
import { openCollaborative } from './collaborative/model.ts';
import { configurationFor } from './transformer/encoder/architecture.ts';
import { learnTransformer } from './transformer/learn.ts';
import { openTransformer } from './transformer/model.ts';

/** The last items nobody had; what the metadata says is which of three kinds an item is of. */
const [users, items, warm] = [80, 30, 27];
const kindOf = (item: number) => `kind${item % 3}`;
const devices = { name: 'DEVICE', kind: 'categorical', values: ['tv', 'phone'] } as const;

const histories: Histories = madeUp();
const task: Omit<LearningTask, 'parameters'> = {
  histories,
  itemCount: items,
  seed: 1,
  forUsers: true,
  progress: unwatched,
};
const content = (learned: LearnedModel) => ({
  learned,
  items: Vocabulary.of(Array.from({ length: items }, (_, item) => `i${item}`)),
  users: Vocabulary.of(Array.from({ length: users }, (_, user) => `u${user}`)),
});

function madeUp(): Histories {
  const random = uniforms(5);
  const each = 12;
  const made = emptyHistories(users, users * each, [devices]);
  for (let user = 0, at = 0; user < users; user++) {
    for (let n = 0; n < each; n++, at++) {
      const drawn = Math.floor(warm * random() ** 2);
      made.items[at] = random() < 0.7 ? drawn - (drawn % 3) + (user % 3) : drawn;
      made.timestamps[at] = 1_600_000_000 + 3600 * at;
      made.codes[0]?.set([1 + Math.floor(2 * random())], at);
    }
    made.offsets[user + 1] = at;
  }
  return made;
}

async function collaborative(): Promise<UserModel> {
  const parameters = resolveParameters(userPersonalization, {});
  return openCollaborative(content(await userPersonalization.learn({ ...task, parameters })));
}

/** With every part in play, whatever the training found best for so little data. */
async function transformer(): Promise<UserModel> {
  const rows = Array.from({ length: items }, (_, item) => [kindOf(item), item % 7]);
  const itemFeatures = await learnFeatures(metadataOf(['categorical', 'numeric'], rows));
  const userFeatures = await learnFeatures(
    metadataOf(
      ['categorical'],
      Array.from({ length: users }, (_, user) => [`fond of ${user % 3}`]),
    ),
  );
  const learned = await learnTransformer(
    { ...task, itemFeatures, userFeatures, parameters: resolveParameters(userPersonalizationV2, {}) },
    (...data) => {
      const { architecture, optimiserSettings } = configurationFor(...data);
      return { architecture, optimiserSettings: { ...optimiserSettings, epochs: 4 } };
    },
  );
  const weights = {
    encoder_weight: 0.8,
    transitions_weight: 0.3,
    companions_weight: 0.2,
    neighbours_weight: 0.4,
    popularity_weight: 0.7,
  };
  return openTransformer(content({ ...learned, constants: { ...learned.constants, ...weights } }));
}

const sumOf = (parts: Effect['parts']) => Object.values(parts).reduce((sum, part) => sum + part, 0);

type Scored = Extract<ItemExplanation, { kind: 'scored' }>;
const scored = (item: ItemExplanation | undefined): Scored => {
  if (item?.kind !== 'scored') throw new Error(`${item?.itemId} has no score.`);
  return item;
};

const watchedItems = fc.array(fc.nat(warm - 1), { maxLength: 12 });

/** A user unknown to the model, who did this, an hour apart. */
const newcomer = (watched: readonly number[]) => ({
  userId: 'newcomer',
  streamed: {
    user: {
      userId: 'newcomer',
      recent: {
        items: watched.map((item) => `i${item}`),
        timestamps: Float64Array.from(watched, (_, n) => 1_700_000_000 + 3600 * n),
        columns: new Map([['DEVICE', watched.map((item) => (item % 2 ? 'tv' : 'phone'))]]),
      },
    },
  },
});

const all = Array.from({ length: items }, (_, item) => ({ id: `i${item}` }));

describe.each([
  ['collaborative', collaborative, ['factors', 'popularity', 'base']],
  [
    'transformer',
    transformer,
    ['encoder', 'metadata', 'popularity', 'transitions', 'companions', 'neighbours', 'base'],
  ],
] as const)('what a %s model says of its list', (_, openModel, names) => {
  let model: UserModel;
  let asked: ReturnType<typeof byIds>;
  beforeAll(async () => {
    model = await openModel();
    asked = byIds(model);
  });

  it('has the list’s scores, in its order, as sums of parts', async () => {
    await fc.assert(
      fc.asyncProperty(watchedItems, fc.uniqueArray(fc.nat(items - 1), { minLength: 1 }), async (watched, some) => {
        const request = newcomer(watched);
        const eligible = maskOf(items, some);
        const list = await asked.recommend({ ...request, count: items, eligible });
        const listed = list.items.map((id) => ({ id }));
        const explanation = await asked.explain({ ...request, items: listed, eligible });
        expect(explanation.items.map((item) => (item.kind === 'scored' ? item.score : null))).toEqual(list.scores);
        expect(explanation.history).toEqual(list.history);
        const logits = explanation.items.filter((item) => item.kind === 'scored').map(({ logit }) => logit);
        expect(logits).toEqual(logits.toSorted((a, b) => b - a));
        for (const item of explanation.items.filter((each) => each.kind === 'scored')) {
          expect(sumOf(item.parts)).toBeCloseTo(item.logit, 4);
          expect(Math.exp(item.logit - (explanation.logSum ?? 0))).toBeCloseTo(item.score, 6);
          expect(item.parts.base).toBe(scored(explanation.items[0]).parts.base);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('says of each item of the history what the model answers without it', async () => {
    await fc.assert(
      fc.asyncProperty(watchedItems, async (watched) => {
        const explained = scored((await asked.explain({ ...newcomer(watched), items: all })).items[2]);
        for (const { cause, change, parts, lift, scoreWithout } of explained.effects) {
          if (cause.kind !== 'item') throw new Error('Nothing else is known of a newcomer.');
          expect(cause.interactions).toBe(watched.filter((item) => `i${item}` === cause.itemId).length);
          const newest = watched.findLastIndex((item) => `i${item}` === cause.itemId);
          expect(cause.newestAt).toBe(1_700_000_000 + 3600 * newest);
          expect(sumOf(parts)).toBeCloseTo(change, 4);
          const request = withoutItem(watched, cause.itemId);
          const without = scored((await asked.explain({ ...request, items: all })).items[2]);
          expect(explained.logit - without.logit).toBeCloseTo(change, 5);
          expect(without.score).toBeCloseTo(scoreWithout, 6);
          if (scoreWithout > 1e-3) expect(Math.log(explained.score / scoreWithout)).toBeCloseTo(lift, 3);
        }
        const unnamed = [...new Set(watched)].filter(
          (item) => !explained.effects.some(({ cause }) => cause.kind === 'item' && cause.itemId === `i${item}`),
        );
        for (const item of unnamed) {
          const request = withoutItem(watched, `i${item}`);
          const without = scored((await asked.explain({ ...request, items: all })).items[2]);
          expect(without.logit).toBeCloseTo(explained.logit, 4);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('names every part that the model has', async () => {
    const explanation = await asked.explain({ ...newcomer([0, 3, 6, 9]), items: all });
    expect(Object.keys(scored(explanation.items[1]).parts).sort()).toEqual([...names].sort());
    const parts = names.map((name) =>
      explanation.items.map((item) => (item.kind === 'scored' ? (item.parts[name] ?? 0) : 0)),
    );
    for (const values of parts) expect(values.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });

  it('scores what exploration brings as an item that nobody has had', async () => {
    const request = newcomer([0, 3, 6]);
    const described = { id: 'later', metadata: new Map([['column0', kindOf(0)]]) };
    const extraItems = { vectors: model.vectorsOf([described, { id: 'i1' }]), rows: Uint32Array.of(0, 1) };
    const { extraScores } = await asked.recommend({ ...request, count: 1, extraItems });
    const explanation = await asked.explain({
      ...request,
      items: [{ id: 'i0' }, { ...described, isExplored: true }, { id: 'i1', isExplored: true }],
    });
    const [, later, known] = explanation.items.map(scored);
    expect([later?.logit, known?.logit]).toEqual([...(extraScores?.logits ?? [])]);
    for (const { logit, parts } of explanation.items.map(scored)) expect(sumOf(parts)).toBeCloseTo(logit, 4);
    expect(later?.parts.popularity).toBe(0);
  });

  it('scores what exploration brings where a filter leaves none of the model’s items', async () => {
    const described = { id: 'later', metadata: new Map([['column0', kindOf(0)]]) };
    const explanation = await asked.explain({
      ...newcomer([0, 3, 6]),
      eligible: maskOf(items, []),
      items: [
        { ...described, isExplored: true },
        { id: 'i1', isExplored: true },
      ],
    });
    const explained = explanation.items.map(scored);
    expect(explained.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
    for (const { logit, logSum, score, effects } of explained) {
      expect(score).toBeCloseTo(Math.exp(logit - logSum), 6);
      for (const { lift, scoreWithout } of effects) expect(score / scoreWithout).toBeCloseTo(Math.exp(lift), 3);
    }
  });
});

function withoutItem(watched: readonly number[], id: string) {
  const request = newcomer(watched);
  const { items: ids, timestamps, columns } = request.streamed.user.recent;
  const kept = [...ids.keys()].filter((n) => ids[n] !== id);
  const recent = {
    items: kept.map((n) => ids[n] ?? ''),
    timestamps: Float64Array.from(kept, (n) => timestamps[n]),
    columns: new Map([...columns].map(([name, values]) => [name, kept.map((n) => values[n] ?? '')])),
  };
  return { userId: 'newcomer', streamed: { user: { userId: 'newcomer', recent } } };
}

describe('a transformer that knows metadata and context', () => {
  let asked: ReturnType<typeof byIds>;
  beforeAll(async () => {
    asked = byIds(await transformer());
  });

  it('says what the user’s metadata and the context did', async () => {
    const explain = async (context: Record<string, string>) =>
      (await asked.explain({ userId: 'u4', context, items: all })).items.map(scored);
    const withContext = await explain({ DEVICE: 'tv' });
    const without = await explain({});
    const effectOf = (item: Scored | undefined, kind: string) =>
      item?.effects.find(({ cause }) => cause.kind === kind)?.change ?? 0;
    withContext.forEach((item, n) => {
      expect(effectOf(item, 'context')).toBeCloseTo(item.logit - (without[n]?.logit ?? 0), 4);
    });
    expect(withContext.some((item) => effectOf(item, 'context') !== 0)).toBe(true);
    expect(withContext.some((item) => effectOf(item, 'user') !== 0)).toBe(true);
    expect(without.every((item) => effectOf(item, 'context') === 0)).toBe(true);
  });

  it('tells by an item’s metadata what it would score if nobody had had it', async () => {
    const metadata = (item: number) =>
      new Map([
        ['column0', kindOf(item)],
        ['column1', String(item % 7)],
      ]);
    const explain = async (list: Parameters<typeof asked.explain>[0]['items']) =>
      (await asked.explain({ ...newcomer([0, 3]), items: list })).items.map(scored);
    const [plain] = await explain([{ id: 'i3' }]);
    const [told, cold, later] = await explain([
      { id: 'i3', metadata: metadata(3) },
      { id: `i${warm}` },
      { id: 'later', metadata: metadata(3), isExplored: true },
    ]);
    expect(plain?.parts.metadata).toBeUndefined();
    expect(told?.logit).toBe(plain?.logit);
    expect(told?.parts.metadata).not.toBe(0);
    expect(told?.parts.metadata).toBeCloseTo(later?.parts.metadata ?? 0, 5);
    expect((told?.parts.metadata ?? 0) + (told?.parts.encoder ?? 0)).toBeCloseTo(plain?.parts.encoder ?? 0, 5);
    // Nothing else is known of what nobody has had.
    expect(cold?.parts.encoder).toBe(0);
    expect(later?.parts.encoder).toBe(0);
  });
});
