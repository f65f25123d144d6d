import { createListener, type ListenerParts } from './listener.ts';

/** A listener in front of a control plane that the test makes up. */
export function listenerFor(parts: Partial<ListenerParts>) {
  return createListener({
    dispatch: () => Promise.reject(new Error('nothing is dispatched in this test')),
    inspectEvents: () => Promise.reject(new Error('nothing is inspected in this test')),
    inspectImports: () => Promise.reject(new Error('nothing is inspected in this test')),
    snapshots: {
      token: 'secret',
      take: () => Promise.reject(new Error('nothing is copied in this test')),
      workFolder: '',
    },
    limitRate: () => {},
    measured: { runningJobs: () => [], loadedDeployments: () => [], liveHistories: () => [], candidates: () => [] },
    account: '000000000000',
    allowedHosts: [],
    version: '0.0.0',
    log: { error: () => {} },
    ...parts,
  });
}

const scope = 'AKIDEXAMPLE/20261121/eu-west-1/personalize/aws4_request';

/** A signature as SDKs send it, true in form. */
export const signed = {
  authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20261121T000000Z',
};
