import fc from 'fast-check';
import type { PlainRequester } from './evaluate.reference.ts';
import type { AwsRequester, Requester } from './requester.ts';

/** That of the resource. */
export const account = '123456789012';
const other = '999999999999';
const root = (of: string) => [of, `arn:aws:iam::${of}:root`];
const user = (of: string) => `arn:aws:iam::${of}:user/ann`;
const role = (of: string) => `arn:aws:iam::${of}:role/app`;
const session = (of: string) => `arn:aws:sts::${of}:assumed-role/app/1`;
const service = 'personalize.amazonaws.com';
const provider = `arn:aws:iam::${account}:oidc-provider/issuer.example`;

/** Who asks, also as the plain evaluator has it. */
export type Asking<Asker extends Requester = Requester> = {
  readonly requester: Asker;
  readonly plain: { readonly requester: PlainRequester; readonly isForeign: boolean };
};

const asAws = (of: string, arn: string, roleArn?: string): Asking<AwsRequester> => ({
  requester: { kind: 'aws', account: of, arn, ...(roleArn !== undefined && { roleArn }) },
  plain: {
    requester: { kind: 'AWS', itself: arn, account: root(of), ...(roleArn !== undefined && { role: roleArn }) },
    isForeign: of !== account,
  },
});

const ofAws = [account, other].flatMap((of) => [
  asAws(of, `arn:aws:iam::${of}:root`),
  asAws(of, user(of)),
  asAws(of, session(of), role(of)),
]);

/** Users, sessions of roles, and roots of accounts. */
export const awsAskings = fc.constantFrom(...ofAws);

export const askings = fc.constantFrom<Asking>(
  ...ofAws,
  {
    requester: { kind: 'service', name: service },
    plain: { requester: { kind: 'Service', itself: service }, isForeign: false },
  },
  {
    requester: { kind: 'federated', provider },
    plain: { requester: { kind: 'Federated', itself: provider }, isForeign: false },
  },
);

/** What policies of resources name them by. */
export const names = {
  AWS: [account, other].flatMap((of) => [...root(of), user(of), role(of), session(of)]).concat('*'),
  Service: [service, 'ec2.amazonaws.com'],
  Federated: [provider],
};
