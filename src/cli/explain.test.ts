import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { showExplanation } from './explain.ts';

const asked = { endpoint: 'http://127.0.0.1:1', home: '/nowhere', campaign: 'arn', user: 'u', results: 5, json: false };

test.each([
  [{ filterValues: { MAX: '20' } }, '--filter-values needs --filter.'],
  [{ promotionValues: { MAX: '20' }, promote: 30 }, '--promotion-values needs --promotion-filter.'],
  [{ promotionFilter: 'arn' }, '--promotion-filter needs --promote.'],
  [{ campaign: undefined }, 'Give --campaign or --recommender.'],
  [{ recommender: 'arn' }, 'Give --campaign or --recommender.'],
])('%j would change nothing, and says what is missing', async (options, sentence) => {
  await expect(showExplanation({ ...asked, ...options }, new PassThrough())).rejects.toThrow(sentence);
});
