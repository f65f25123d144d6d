/**
 * The three services of Amazon Personalize, the one for keys, and `admin`: what the people who run a server ask it.
 */
export type Service = 'personalize' | 'personalize-events' | 'personalize-runtime' | 'kms' | 'admin';

type ServiceFacts = {
  /** What `X-Amz-Target` has before the operation; undefined where operations have paths. */
  readonly target?: string;
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
  admin: { ...personalize, actionPrefix: 'openpersonalize', eventSource: 'openpersonalize' },
};
