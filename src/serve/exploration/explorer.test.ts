import { expect, it } from 'vitest';
import { uniforms } from '../../learn/kernels/random.ts';
import type { Model } from '../../learn/model/model.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import { Explorer } from './explorer.ts';
import { setPosterior } from './posterior.ts';

/** A model whose items have these logits, of which a filter has left some or none. New items have the logit 0. */
function modelWith(logits: readonly number[]): Model {
  const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  const elsewhere = () => Promise.reject(new Error('Nobody asks.'));
  return {
    bytes: 0,
    items: Vocabulary.of([]),
    recommend: async ({ extraItems }) => ({
      items: logits.map((_, n) => `i${n}`),
      scores: logits.map((logit) => Math.exp(logit - logSum)),
      extraScores: { logits: new Float32Array(extraItems?.rows.length ?? 0), logSum },
    }),
    rank: elsewhere,
    explain: elsewhere,
    vectorsOf: (items) => new Float32Array(items.length),
  };
}

/** The scores of the items that exploration brings beside these. */
async function exploredBeside(logits: readonly number[]): Promise<unknown[]> {
  const posterior = { means: new Float32Array(2), deviations: new Float32Array(2) };
  for (const candidate of [0, 1]) setPosterior(posterior, candidate, 1000, 1);
  const explorer = new Explorer(modelWith(logits), posterior, uniforms(3));
  explorer.add([
    { id: 'new', createdAt: 0 },
    { id: 'newer', createdAt: 0 },
  ]);
  const answer = await explorer.recommend({ count: 20 }, { rate: 1, withChoices: false });
  expect(answer.items).toEqual(expect.arrayContaining(['new', 'newer']));
  return answer.explored?.map((position) => answer.scores?.[position]) ?? [];
}

it('scores what it brings by its share beside the model’s items, however few a filter has left', async () => {
  expect(await exploredBeside([])).toEqual([0.5, 0.5]);
  expect(await exploredBeside([-20])).toEqual([0.5, 0.5]);
  expect(await exploredBeside([0, 0])).toEqual([0.25, 0.25]);
});
