import { expect, test } from 'vitest';
import { calledName, type Operation } from '../../src/contract/operation.ts';
import { keyOperations } from '../../src/contract/operations.ts';
import { validate } from '../../src/contract/validate.ts';
import { asSchema, type Described, describeSchema, describeShape } from './described.ts';
import { keyModel } from './service-model.ts';

const operations: readonly Operation[] = Object.values(keyOperations);

test('the contract has the operations of keys that the model lists', () => {
  expect(operations.map(calledName).sort()).toEqual(Object.keys(keyModel.operations).sort());
});

/** The service is stricter than its model. */
const stricter: Readonly<Record<string, object>> = { PendingWindowInDays: { min: 7, max: 30 } };

function stricterThan(described: Described): Described {
  if (described.type !== 'structure') return described;
  const members = Object.entries(described.members).map(([name, of]) => [name, { ...of, ...stricter[name] }]);
  return { ...described, members: Object.fromEntries(members) };
}

test.each(operations.map((operation) => [calledName(operation), operation] as const))('%s', (name, operation) => {
  const { input, output, errors = [] } = keyModel.operations[name] ?? {};
  const nothing: Described = { type: 'structure', required: [], members: {} };
  expect(describeSchema(asSchema(operation.input))).toEqual(
    stricterThan(input === undefined ? nothing : describeShape(keyModel, input)),
  );
  // Answers have no members of kinds of keys that are not here.
  const whole = stricterThan(output === undefined ? nothing : describeShape(keyModel, output));
  expect(within(describeSchema(asSchema(operation.output)), whole)).toEqual(true);
  expect([...operation.errors].filter((error: string) => !errors.includes(error))).toEqual([]);
});

/** Whether a shape is a part of another: the same, but for members that are left out. */
function within(part: Described, whole: Described): boolean {
  if (part.type === 'structure' && whole.type === 'structure') {
    return Object.entries(part.members).every(([name, of]) => {
      const same = whole.members[name];
      return same !== undefined && within(of, same);
    });
  }
  if (part.type === 'list' && whole.type === 'list') return within(part.member, whole.member);
  return JSON.stringify(part) === JSON.stringify(whole);
}

test('what breaks a constraint is a ValidationException in the words of AWS', () => {
  expect(() => validate('Encrypt', { KeyId: '', Plaintext: 'YQ==' })).toThrow(
    expect.objectContaining({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value '' at 'KeyId' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 1',
    }),
  );
  expect(() => validate('Encrypt', { KeyId: 'a', Plaintext: 'no base64' })).toThrow(
    expect.objectContaining({ code: 'ValidationException' }),
  );
});
