import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { resourceAlreadyExists, resourceNotFound } from '../contract/errors.ts';
import type { Dispatch } from '../control/dispatch.ts';
import { httpServerFor, recorder } from './http-server.fixture.ts';

describe('AWS SDK clients', () => {
  let close = async () => {};
  afterEach(() => close());

  async function configuration(dispatch: Dispatch) {
    const app = httpServerFor({ dispatch });
    close = async () => await app.close();
    const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
    return {
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
    };
  }

  it('read outputs and empty answers', async () => {
    const output = { itemList: [{ itemId: 'i', score: 0.5 }], recommendationId: 'r' };
    const settings = await configuration(recorder(output).dispatch);
    const answer = await new PersonalizeRuntime(settings).getRecommendations({
      campaignArn: 'arn:aws:personalize:eu-west-1:000000000000:campaign/c',
      userId: 'u',
    });
    expect(answer).toMatchObject(output);
    await new PersonalizeEvents(settings).putEvents({
      trackingId: 't',
      sessionId: 's',
      eventList: [{ eventType: 'e', sentAt: new Date() }],
    });
    await new Personalize(settings).deleteSchema({ schemaArn: 'arn:aws:personalize:eu-west-1:000000000000:schema/s' });
  });

  it('read errors of both protocols, with the status of the service', async () => {
    const notFound = await configuration(() => Promise.reject(resourceNotFound('arn:x')));
    const campaignArn = 'arn:aws:personalize:eu-west-1:000000000000:campaign/c';
    const message = 'Resource Arn arn:x does not exist.';
    await expect(new PersonalizeRuntime(notFound).getRecommendations({ campaignArn })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message,
      $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/./) },
    });
    await expect(new Personalize(notFound).describeCampaign({ campaignArn })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message,
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/./) },
    });
    await close();
    const exists = await configuration(() => Promise.reject(resourceAlreadyExists('arn:x')));
    await expect(new Personalize(exists).createDatasetGroup({ name: 'a' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
  });
});
