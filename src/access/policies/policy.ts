import { type Json, readDocument } from './document.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { type Elements, readStatement, type Statement } from './statement.ts';

/** What a document is for: this says which elements it has, and how long it may be. */
export type PolicySort = 'managed' | 'inline' | 'session' | 'boundary' | 'trust' | 'resource';

/** The most characters besides white space, as IAM and S3 count them. */
export const policySizes: Readonly<Record<PolicySort, number>> = {
  managed: 6_144,
  inline: 10_240,
  session: 2_048,
  boundary: 6_144,
  trust: 8_192,
  resource: 20_480,
};

/** A policy document that has been read and compiled: reading costs more than many evaluations. */
export type Policy = {
  readonly statements: readonly Statement[];
  /** It may ask for tags of resources, which have to be looked up. */
  readonly readsResourceTags: boolean;
};

const versions = ['2008-10-17', '2012-10-17'];

/**
 * Reads a policy document. One without a Version is of 2008-10-17, which has no variables.
 *
 * @throws MalformedPolicyError with the place
 */
export function readPolicy(text: string, sort: PolicySort): Policy {
  const { Version: version = '2008-10-17', Id: id, Statement: given, ...more } = readDocument(text);
  if (text.replaceAll(/\s/g, '').length > policySizes[sort]) {
    throw new MalformedPolicyError('', `Cannot exceed quota for PolicySize: ${policySizes[sort]}`);
  }
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) {
    throw new MalformedPolicyError('', `Syntax errors in policy. A document has no element ${unknown}.`);
  }
  if (typeof version !== 'string' || !versions.includes(version)) {
    throw new MalformedPolicyError('Version', `Syntax errors in policy. It must be ${versions.join(' or ')}.`);
  }
  const elements = { ...elementsOf(sort), variables: version === '2012-10-17' };
  if (id !== undefined && (!elements.principals || typeof id !== 'string')) {
    throw new MalformedPolicyError(
      'Id',
      'Syntax errors in policy. Only policies of resources have an Id, which is a text.',
    );
  }
  const statements = readStatements(given, elements);
  return { statements, readsResourceTags: JSON.stringify(given).toLowerCase().includes('aws:resourcetag/') };
}

const elementsOf = (sort: PolicySort) => ({
  principals: sort === 'trust' || sort === 'resource',
  resources: sort !== 'trust',
});

function readStatements(given: Json | undefined, elements: Elements): Statement[] {
  if (typeof given !== 'object' || given === null) {
    throw new MalformedPolicyError('Statement', 'Syntax errors in policy. It must be a statement or a list of them.');
  }
  const isList = isArray(given);
  const list = isList ? given : [given];
  if (list.length === 0) throw new MalformedPolicyError('Statement', 'Syntax errors in policy. There is no statement.');
  const statements = list.map((one, index) =>
    readStatement(isList ? `Statement[${index}]` : 'Statement', index, one, elements),
  );
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  if (new Set(sids).size < sids.length) {
    throw new MalformedPolicyError('Statement', 'Statement IDs (SID) in a single policy must be unique.');
  }
  return statements;
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
