import { contextOf } from './context.ts';
import { decide } from './decision.ts';
import type { PlainDocument } from './evaluate.reference.ts';
import { readPolicy } from './policy.ts';
import { PolicySet } from './policy-set.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A document of these statements, which allow everything where they do not say what they are about. */
export const documentOf = (...statements: readonly Fields[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      ...('NotAction' in statement ? {} : { Action: '*' }),
      ...('NotResource' in statement ? {} : { Resource: '*' }),
      ...statement,
    })),
  });

export const setOf = (...documents: readonly string[]): PolicySet =>
  new PolicySet(
    documents.map((document, index) => ({ name: `policy ${index + 1}`, policy: readPolicy(document, 'inline') })),
  );

/** Documents as the plain evaluator has them. */
export const plainSetOf = (documents: readonly PlainDocument[]): PolicySet =>
  setOf(...documents.map((document) => JSON.stringify(document)));

type Asked = {
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
};

/** The request of a test, which says what matters to it. */
export const requestFor = ({ action = 'personalize:DescribeCampaign', resource = films, context = {} }: Asked) => ({
  action,
  resource,
  context: contextOf(context),
});

export const films = 'arn:aws:personalize:eu-west-1:123456789012:campaign/films';

/** Whether a statement applies to a request, with everything else about both in order. */
export const applies = (statement: Fields, asked: Asked = {}): boolean =>
  decide({ identity: setOf(documentOf(statement)) }, requestFor(asked)).allowed;
