import { describe, expect, it } from 'vitest';
import { bestItems, historiesOf, learn, open } from '../learn/families/transformer/transformer.fixture.ts';
import { allUsers, type History, historyOf, lengthOf, selectSlices, userCount } from '../learn/histories/histories.ts';
import { uniforms } from '../learn/kernels/random.ts';
import { Vocabulary } from '../learn/model/vocabulary.ts';
import { unwatched } from '../learn/training/training.fixture.ts';
import { ease } from './baselines/ease.ts';
import { itemKnn } from './baselines/item-knn.ts';
import { markov } from './baselines/markov.ts';
import { popularity } from './baselines/popularity.ts';

const baselines = [popularity, markov, itemKnn, ease];
const itemCount = 60;
const seeds = [1, 2, 3];

type World = {
  readonly users: number;
  readonly steps: number;
  readonly secondsApart: number;
  /** The next item of a user, from the one before. */
  next(random: () => number, user: number, before: number | undefined): number;
};

/** Item n is drawn with a chance of about 1 / n, whatever came before. */
const popular = (random: () => number) => Math.min(itemCount - 1, Math.floor(itemCount ** random()) - 1);

const worlds: Readonly<Record<string, World>> = {
  'tiny, where only popularity tells': { users: 40, steps: 5, secondsApart: 3600, next: popular },
  'without an order, where users have tastes': {
    users: 150,
    steps: 6,
    secondsApart: 0,
    next: (random, user) => 10 * (user % 6) + Math.floor(10 * random()),
  },
  'without an order, where tastes and what is popular mix': {
    users: 150,
    steps: 8,
    secondsApart: 0,
    next: (random, user) => (random() < 0.4 ? popular(random) : 6 * (user % 10) + Math.floor(6 * random())),
  },
  'in order, where each item leads to another': {
    users: 150,
    steps: 6,
    secondsApart: 3600,
    next: (random, _, before) =>
      before === undefined || random() < 0.3 ? popular(random) : (7 * before + 3) % itemCount,
  },
};

/** Items by index as in a training: those with most interactions first. Among equals, their number says nothing. */
function simulate({ users, steps, secondsApart, next }: World, seed: number) {
  const random = uniforms(seed);
  const drawn = Array.from({ length: users }, () => [] as number[]);
  for (const [user, history] of drawn.entries()) {
    while (history.length < steps) history.push(next(random, user, history.at(-1)));
  }
  const counts = new Uint32Array(itemCount);
  for (const item of drawn.flatMap((history) => history.slice(0, -1))) counts[item] += 1;
  const shuffled = Float64Array.from({ length: itemCount }, random);
  const order = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || shuffled[a] - shuffled[b]);
  const items = drawn.map((history) => history.map((item) => order.indexOf(item)));
  const whole = historiesOf(items, secondsApart);
  const training = selectSlices(whole, allUsers(whole), (user) => [0, lengthOf(whole, user) - 1]);
  return { training, truths: items.map((history) => history.at(-1) ?? 0) };
}

const gainOf = (ranking: Uint32Array, truth: number) =>
  ranking.includes(truth) ? 1 / Math.log2(2 + ranking.indexOf(truth)) : 0;

/** NDCG@10 of each user's newest item, all items in the ranking. */
async function gains(world: World, seed: number) {
  const { training, truths } = simulate(world, seed);
  const items = Vocabulary.of(Array.from({ length: itemCount }, (_, item) => `i${item}`));
  const inputs = Array.from({ length: userCount(training) }, (_, user): History => historyOf(training, user));
  const model = await open(await learn(training, itemCount, { seed }), itemCount);
  const own = await Promise.all(inputs.map((input) => bestItems(model, input, 10)));
  const found = { model: own.map((ranking, user) => gainOf(ranking, truths[user])) };
  const theirs = baselines.map(async (baseline) => {
    const ranker = await baseline.fit({ training, items, seed, progress: unwatched });
    if ('skipped' in ranker) throw new Error(ranker.skipped);
    const rankings = await ranker.rank(
      inputs.map((input) => ({ input })),
      10,
    );
    return rankings.map((ranking, user) => gainOf(ranking, truths[user]));
  });
  return { ...found, baselines: await Promise.all(theirs) };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(Object.entries(worlds))('data %s', (_, world) => {
  it('is predicted no worse than by the best of popularity, transitions, neighbours and EASE', async () => {
    const all = await Promise.all(seeds.map((seed) => gains(world, seed)));
    const own = all.flatMap(({ model }) => model);
    for (const baseline of baselines.keys()) {
      const theirs = all.flatMap((each) => each.baselines[baseline] ?? []);
      const differences = own.map((gain, n) => gain - theirs[n]);
      const deviation = Math.sqrt(mean(differences.map((difference) => (difference - mean(differences)) ** 2)));
      // Two standard errors of the mean difference: what chance alone makes of equals once in forty times.
      expect(mean(differences)).toBeGreaterThan((-2 * deviation) / Math.sqrt(differences.length));
    }
  });
});
