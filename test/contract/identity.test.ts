import { describe, expect, test } from 'vitest';
import { modelledErrors } from '../../src/contract/errors.ts';
import { calledName } from '../../src/contract/operation.ts';
import { identityOperations } from '../../src/contract/operations.ts';
import { type ModelShape, readModel, type ServiceModel } from './service-model.ts';

/** What a schema of the contract says of a value. */
type Schema = {
  readonly type?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly modelPattern?: string;
  readonly enum?: readonly string[];
  readonly timestamp?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
};

/** Limits and required members that are the server's own, where the model has none. */
const ownLimits = new Set([
  'AssumeRole.policy',
  'AssumeRole.policyArns',
  'AssumeRoleWithWebIdentity.policyArns',
  'SimulatePrincipalPolicy.actionNames',
  'SimulatePrincipalPolicy.resourceArns',
  'SimulatePrincipalPolicy.contextEntries',
]);

const models: readonly ServiceModel[] = [readModel('iam'), readModel('sts')];
const operations = Object.values(identityOperations).map((operation) => ({ called: calledName(operation), operation }));
const asSchema = (schema: object): Schema => JSON.parse(JSON.stringify(schema));

/** The contract keeps a token of an issuer apart from temporary credentials that have ended. */
const modelName = (error: string) => error.replace('ExpiredIdentityToken', 'ExpiredToken');

/** CloudTrail's name of a member. */
const contractName = (member: string) => member.charAt(0).toLowerCase() + member.slice(1);

describe.each(operations)('$called', ({ called, operation }) => {
  const model = models.find(({ service }) => service === operation.service);
  const expected = model?.operations[called];
  const shapeOf = (name: string | undefined): ModelShape => model?.shapes[name ?? ''] ?? { type: 'structure' };

  test('takes what the service model says', () => {
    if (!expected) throw new Error(`The model has no ${called}.`);
    compare(asSchema(operation.input), shapeOf(expected.input), called);
  });

  test('answers nothing that the service model does not know', () => {
    contains(asSchema(operation.output), shapeOf(expected?.output), called);
  });

  test('fails with exceptions of the service model alone', () => {
    expect(operation.errors.map(modelName).filter((error) => !expected?.errors.includes(error))).toEqual([]);
    const statuses: Record<string, Partial<Record<string, number>>> = modelledErrors;
    for (const error of operation.errors) {
      expect(statuses[error]?.[operation.service], error).toBe(shapeOf(modelName(error)).httpStatusCode);
    }
  });

  /** The same members with the same constraints: what is not available is there to be refused. */
  function compare(schema: Schema, shape: ModelShape, path: string): void {
    const facts = { pattern: schema.modelPattern, enum: schema.enum, ...limitsOf(schema) };
    const wanted = { pattern: shape.pattern, enum: shape.enum, min: shape.min, max: shape.max };
    if (ownLimits.has(path)) wanted.max = facts.max;
    // Members that are there to be refused need no values.
    if (schema.type === 'string' && schema.enum === undefined) wanted.enum = undefined;
    expect(facts, path).toEqual(wanted);
    if (shape.type === 'list') compare(schema.items ?? {}, shapeOf(shape.member), path);
    if (shape.type !== 'structure') return;
    const members = Object.entries(shape.members ?? {}).map(([name, of]) => [contractName(name), String(of)] as const);
    expect(Object.keys(schema.properties ?? {}).sort(), path).toEqual(members.map(([name]) => name).sort());
    const required = (shape.required ?? []).map(contractName).sort();
    if (!ownLimits.has(path)) expect([...(schema.required ?? [])].sort(), path).toEqual(required);
    for (const [name, of] of members) compare(schema.properties?.[name] ?? {}, shapeOf(of), `${path}.${name}`);
  }

  /** Members that the model has too, of the same type. */
  function contains(schema: Schema, shape: ModelShape, path: string): void {
    expect(typeOf(schema), path).toBe(shape.type);
    if (schema.items) contains(schema.items, shapeOf(shape.member), path);
    if (schema.additionalProperties) contains(schema.additionalProperties, shapeOf(shape.value), path);
    const members = new Map(Object.entries(shape.members ?? {}).map(([name, of]) => [contractName(name), String(of)]));
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      const of = members.get(name);
      expect(of, `${path}.${name}`).toBeDefined();
      contains(member, shapeOf(of), `${path}.${name}`);
    }
  }
});

function limitsOf({ type, ...schema }: Schema) {
  if (type === 'array') return { min: schema.minItems, max: schema.maxItems };
  if (type === 'string') return { min: schema.minLength, max: schema.maxLength };
  return { min: schema.minimum, max: schema.maximum };
}

function typeOf({ type, timestamp, items, additionalProperties }: Schema): ModelShape['type'] {
  if (timestamp) return 'timestamp';
  if (items) return 'list';
  if (additionalProperties) return 'map';
  if (type === 'object') return 'structure';
  return type === 'integer' || type === 'boolean' ? type : 'string';
}
