import { describe, expect, test } from 'vitest';
import { modelledErrors } from '../../src/contract/errors.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { serviceOperations } from '../../src/contract/operations.ts';
import { asSchema, describeSchema, describeShape } from './described.ts';
import { serviceModels } from './service-model.ts';

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
