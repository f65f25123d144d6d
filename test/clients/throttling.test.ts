import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

let server: ServerProcess;
beforeAll(async () => {
  // One request, and the next in a quarter of an hour.
  server = await startServerProcess({ options: ['--rate-limit', 'GetRecommendations=0.001'] });
});
afterAll(() => server?.[Symbol.asyncDispose]());

test('the AWS SDK sees requests beyond the limit as throttled, and tries again', async () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const runtime = new PersonalizeRuntime({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 2 });
  const campaign = (name: string) => `arn:aws:personalize:eu-west-1:000000000000:campaign/${name}`;
  const ask = async (name: string) => await runtime.getRecommendations({ campaignArn: campaign(name), userId: 'u' });
  const notFound = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404, attempts: 1 } };
  await expect(ask('a')).rejects.toMatchObject(notFound);
  await expect(ask('a')).rejects.toMatchObject({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400, attempts: 2 },
  });
  await expect(ask('b')).rejects.toMatchObject(notFound);
  const ranking = { campaignArn: campaign('a'), userId: 'u', inputList: ['i'] };
  await expect(runtime.getPersonalizedRanking(ranking)).rejects.toMatchObject(notFound);
});
