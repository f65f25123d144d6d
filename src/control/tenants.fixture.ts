import { type OperationName, operations } from '../contract/operations.ts';
import { itemsSchema, recipeArn } from './control.fixture.ts';

type Shape = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
};

const texts = ['x1', '1', 'x'.repeat(20), 's3://data/rows.csv', 'films', itemsSchema(), recipeArn('aws-sims')];

const fits =
  ({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Shape) =>
  (text: string) =>
    text.length >= minLength && text.length <= maxLength && (pattern === undefined || new RegExp(pattern).test(text));

/** Optional members that name things below themselves. */
const namingBelow = new Set(['promotions', 'policyArns', 'policyExclusionList']);

/** A value of a shape, with what must be in it, what names things, and all that `named` has. */
export function made(shape: Shape, named: Readonly<Record<string, unknown>>): unknown {
  if (shape.enum) return shape.enum[0];
  if (shape.type === 'string') return texts.find(fits(shape));
  if (shape.type === 'integer' || shape.type === 'number') return shape.minimum ?? 1;
  if (shape.type === 'boolean') return true;
  if (shape.type === 'array') return [made(shape.items ?? {}, named)];
  const members = Object.entries(shape.properties ?? {});
  const wanted = members.filter(
    ([name]) => shape.required?.includes(name) || namingBelow.has(name) || Object.hasOwn(named, name),
  );
  return Object.fromEntries(wanted.map(([name, member]) => [name, named[name] ?? made(member, named)]));
}

/** What inputs are about beside resources, so that they get as far as to those. */
export const usualOf = (account: string) => ({
  ...{ userId: 'u', datasetType: 'Interactions', dataLocation: 's3://data/rows.csv', tagKey: 'key', tagValue: 'value' },
  ...{ roleArn: `arn:aws:iam::${account}:role/any`, recipeArn: recipeArn('aws-sims') },
  ...{ percentPromotedItems: 20, tagKeys: ['key'], performAutoTraining: false, expression: 'SAMPLECOUNT()' },
  jobInput: { s3DataSource: { path: 's3://data/lines.json' } },
  jobOutput: { s3DataDestination: { path: 's3://data/out/' } },
  filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
});

export const shapeOf = (name: OperationName): Shape => JSON.parse(JSON.stringify(operations[name].input));

/** The same ARN or id of something that nobody has. */
export const nobodys = (member: string, text: string) =>
  member === 'trackingId'
    ? '00000000-0000-4000-8000-000000000000'
    : `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;

/** Members of an input that name something of the account, wherever they stand. */
export function naming(shape: Shape, owned: Readonly<Record<string, string>>): string[] {
  const own = Object.entries(shape.properties ?? {});
  const below = own.flatMap(([, member]) => naming(member.items ?? member, owned));
  return [...new Set([...own.map(([name]) => name), ...below])].filter((name) => Object.hasOwn(owned, name));
}
