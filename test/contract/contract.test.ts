import { describe, expect, test } from 'vitest';
import { modelledErrors } from '../../src/contract/errors.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { serviceOperations } from '../../src/contract/operations.ts';
import { type ModelMember, type ServiceModel, serviceModels } from './service-model.ts';

/** The form in which the test compares the contract's schemas to the model's shapes. */
type Described =
  | {
      type: 'string';
      min?: number;
      max?: number;
      pattern?: string;
      enum?: readonly string[];
      sensitive?: true;
      json?: true;
    }
  | { type: 'number'; integer: boolean; timestamp: boolean; min?: number; max?: number }
  | { type: 'boolean' }
  | { type: 'list'; member: Described; min?: number; max?: number }
  | { type: 'map'; key: Described; value: Described; max?: number }
  | { type: 'structure'; required: readonly string[]; members: Record<string, Described> };

function describeShape(model: ServiceModel, name: string): Described {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`${model.service} has no shape ${name}`);
  const { min, max, pattern } = shape;
  const nested = (inner: string | undefined) => describeShape(model, inner ?? '');
  switch (shape.type) {
    case 'string':
      return {
        type: 'string',
        min,
        max,
        pattern,
        enum: shape.enum,
        sensitive: shape.sensitive || undefined,
        json: undefined,
      };
    case 'integer':
    case 'double':
    case 'float':
    case 'timestamp':
      return { type: 'number', integer: shape.type === 'integer', timestamp: shape.type === 'timestamp', min, max };
    case 'boolean':
      return { type: 'boolean' };
    case 'list':
      return { type: 'list', member: nested(shape.member), min, max };
    case 'map':
      return { type: 'map', key: nested(shape.key), value: nested(shape.value), max };
    case 'structure':
      return {
        type: 'structure',
        required: [...(shape.required ?? [])].sort(),
        members: Object.fromEntries(
          Object.entries(shape.members ?? {}).map(([member, of]) => [member, describeMember(model, of)]),
        ),
      };
    default:
      throw new Error(`${name} has an unknown type ${shape.type}`);
  }
}

function describeMember(model: ServiceModel, member: ModelMember): Described {
  if (typeof member === 'string') return describeShape(model, member);
  const described = describeShape(model, member.shape);
  return described.type === 'string' && member.jsonvalue ? { ...described, json: true } : described;
}

/** The keywords of the JSON Schemas that TypeBox builds. */
type Schema = {
  type: string;
  minLength?: number;
  maxLength?: number;
  modelPattern?: string;
  enum?: readonly string[];
  sensitive?: true;
  jsonText?: true;
  timestamp?: true;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  propertyNames?: Schema;
  additionalProperties?: Schema;
  maxProperties?: number;
  required?: readonly string[];
  properties?: Record<string, Schema>;
};

function describeSchema(schema: Schema): Described {
  switch (schema.type) {
    case 'string':
      return {
        type: 'string',
        min: schema.minLength,
        max: schema.maxLength,
        pattern: schema.modelPattern,
        enum: schema.enum,
        sensitive: schema.sensitive,
        json: schema.jsonText,
      };
    case 'number':
    case 'integer':
      return {
        type: 'number',
        integer: schema.type === 'integer',
        timestamp: schema.timestamp ?? false,
        min: schema.minimum,
        max: schema.maximum,
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      if (!schema.items) throw new Error('a list without a member');
      return { type: 'list', member: describeSchema(schema.items), min: schema.minItems, max: schema.maxItems };
    default:
      if (schema.propertyNames && schema.additionalProperties) {
        const [key, value] = [describeSchema(schema.propertyNames), describeSchema(schema.additionalProperties)];
        return { type: 'map', key, value, max: schema.maxProperties };
      }
      return {
        type: 'structure',
        required: [...(schema.required ?? [])].sort(),
        members: Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([member, of]) => [member, describeSchema(of)]),
        ),
      };
  }
}

const asSchema = (schema: object): Schema => JSON.parse(JSON.stringify(schema));
const contract: Record<string, Operation> = serviceOperations;

test('the contract has exactly the operations of the three services', () => {
  const expected = serviceModels.flatMap((model) => Object.keys(model.operations)).sort();
  expect(Object.keys(contract).sort()).toEqual(expected);
  expect(expected).toHaveLength(79);
});

describe.each(serviceModels)('$service', (model) => {
  test.each(Object.entries(model.operations))('%s', (name, expected) => {
    const operation = contract[name];
    if (!operation) throw new Error(`${name} is missing`);
    const nothing = { type: 'structure', required: [], members: {} };
    expect(operation.name).toBe(name);
    expect(operation.service).toBe(model.service);
    expect(`POST ${operation.path ?? '/'}`).toBe(expected.http);
    expect([...operation.errors].sort()).toEqual([...expected.errors].sort());
    expect(operation.idempotent ?? false).toBe(expected.idempotent ?? false);
    expect(describeSchema(asSchema(operation.input))).toEqual(
      expected.input ? describeShape(model, expected.input) : nothing,
    );
    expect(describeSchema(asSchema(operation.output))).toEqual(
      expected.output ? describeShape(model, expected.output) : nothing,
    );
  });

  test('exceptions and their statuses', () => {
    for (const [name, shape] of Object.entries(model.shapes).filter(([, { exception }]) => exception)) {
      const statuses: Record<string, Partial<Record<string, number>>> = modelledErrors;
      expect(statuses[name]?.[model.service], name).toBe(shape.httpStatusCode ?? 400);
    }
  });
});
