import type { OperationName } from '../contract/operations.ts';
import { validate } from '../contract/validate.ts';
import type { Dispatch } from '../control/dispatch.ts';
import type { HandlersOf } from '../control/handler.ts';
import { authenticateBy } from './authentication.ts';
import { decodeInput } from './decoding.ts';
import { createHttpServer, type HttpServerParts } from './http-server.ts';
import { createMetrics } from './metrics.ts';
import type { Steps } from './pipeline.ts';
import { authenticateS3 } from './s3/s3-authentication.ts';

type Given = Partial<Omit<HttpServerParts, 'steps'> & Steps> & {
  readonly account?: string;
  readonly token?: string;
};

/** An HTTP server in front of a control plane that the test makes up; steps that it does not give are the real ones. */
export function httpServerFor({ account = '000000000000', token = 'secret', ...given }: Given) {
  return createHttpServer({
    steps: {
      authenticate: authenticateBy({ account, token }),
      decode: decodeInput,
      validate,
      limit: () => {},
      dispatch: dispatchTo({}),
      ...given,
    },
    metrics: createMetrics({
      runningJobs: () => [],
      loadedDeployments: () => [],
      views: () => [],
      liveHistories: () => [],
      candidates: () => [],
    }),
    s3: { buckets: undefined, folderAccount: account, hostNames: [], authenticate: authenticateS3({ account }) },
    allowedHosts: [],
    version: '0.0.0',
    log: { error: () => {} },
    ...given,
  });
}

/** Dispatches to these handlers alone. */
export const dispatchTo =
  (handlers: Partial<HandlersOf<OperationName>>): Dispatch =>
  async (name, input, caller) => {
    const handler = handlers[name];
    if (!handler) throw new Error(`${name} is not dispatched in this test.`);
    return await handler(input, caller);
  };

/** Answers every operation with `output`, and remembers what it was asked. */
export function recorder(output: unknown = {}) {
  const asked: unknown[][] = [];
  const dispatch: Dispatch = (...call) => {
    asked.push(call);
    // The test makes the output up.
    return Promise.resolve(output as never);
  };
  return { asked, dispatch };
}

const scope = 'AKIDEXAMPLE/20261121/eu-west-1/personalize/aws4_request';

/** A signature as SDKs send it, true in form. */
export const signed = {
  authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20261121T000000Z',
};

/** The head of a call of ListRecipes, of the control plane. */
export const listRecipes = {
  ...signed,
  'x-amz-target': 'AmazonPersonalize.ListRecipes',
  'content-type': 'application/x-amz-json-1.1',
};

/** The head of a call of the other two services. */
export const json = { ...signed, 'content-type': 'application/json' };
