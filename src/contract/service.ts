/**
 * The three services of Amazon Personalize, the one for keys, the two that say who calls and who may do what, and
 * `admin`: what the people who run a server ask it.
 */
export type Service = 'personalize' | 'personalize-events' | 'personalize-runtime' | 'kms' | 'iam' | 'sts' | 'admin';

type QueryFacts = {
  /** The `Version` that requests have. */
  readonly version: string;
  /** Of the elements of an answer. */
  readonly namespace: string;
};

type ServiceFacts = {
  /** What `X-Amz-Target` has before the operation; undefined where operations have paths or actions. */
  readonly target?: string;
  /** Of a service that speaks the query protocol, which has its operations by `Action`. */
  readonly query?: QueryFacts;
  /** What actions in policies begin with. */
  readonly actionPrefix: string;
  /** Who has answered, in the audit trail. */
  readonly eventSource: string;
  /** The error for an input that breaks a constraint. */
  readonly invalid: 'InvalidInputException' | 'ValidationException';
  /** Calls are about data rather than about resources: there are many. */
  readonly isData?: true;
};

const personalize = {
  actionPrefix: 'personalize',
  eventSource: 'personalize.amazonaws.com',
  invalid: 'InvalidInputException',
} as const;

/** How the services differ. */
export const services: Readonly<Record<Service, ServiceFacts>> = {
  personalize: { ...personalize, target: 'AmazonPersonalize' },
  'personalize-events': { ...personalize, isData: true },
  'personalize-runtime': { ...personalize, isData: true },
  kms: {
    target: 'TrentService',
    actionPrefix: 'kms',
    eventSource: 'kms.amazonaws.com',
    invalid: 'ValidationException',
  },
  iam: {
    query: { version: '2010-05-08', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
    actionPrefix: 'iam',
    eventSource: 'iam.amazonaws.com',
    invalid: 'ValidationException',
  },
  sts: {
    query: { version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
    actionPrefix: 'sts',
    eventSource: 'sts.amazonaws.com',
    invalid: 'ValidationException',
  },
  admin: { ...personalize, actionPrefix: 'openpersonalize', eventSource: 'openpersonalize' },
};
