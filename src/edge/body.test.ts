import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { operations } from '../contract/operations.ts';
import { decodeJson, HeldBytes, mostValues, readBody } from './body.ts';
import { bodyLimit, largestBody, largestInput } from './body-limits.ts';

// Nobody lists 10,000 texts of 1,000 characters as the hyperparameters to try, and base64 needs no escapes.
const beyondReason = ['CreateSolution', 'SimulatePrincipalPolicy', 'Decrypt', 'GenerateDataKey', 'GenerateRandom'];
const withinReason = Object.entries(operations).filter(([name]) => !beyondReason.includes(name));

test.each(withinReason)(
  'the largest input of %s that the contract allows is within the limits of a body',
  (_, { input }) => {
    const { bytes, values } = largestInput(input);
    expect(bytes).toBeLessThan(largestBody);
    expect(values).toBeLessThan(mostValues);
  },
);

test('text within strings counts as no value', () => {
  const text = '[{,'.repeat(30_000);
  expect(decodeJson(Buffer.from(JSON.stringify({ text, escaped: '"[,\\' })))).toEqual({ text, escaped: '"[,\\' });
});

test('the limit of a body is that of the operation', () => {
  const limitOf = (name: keyof typeof operations) => bodyLimit({ operation: operations[name], protocol: 'json-1.1' });
  expect(limitOf('ListRecipes')).toBeLessThan(100_000);
  expect(limitOf('PutItems')).toBeGreaterThan(1_900_000);
  expect(limitOf('CreateSolution')).toBe(largestBody);
  expect(bodyLimit({ operation: undefined, protocol: 'rest-json' })).toBeLessThan(100_000);
});

test('bodies that are on their way hold no more bytes together than they may', async () => {
  const held = new HeldBytes(10);
  const [first, second] = [new PassThrough(), new PassThrough()];
  const whole = readBody(first, 100, held);
  first.write('12345678');
  await setImmediate();
  const refused = readBody(second, 100, held);
  second.end('123');
  await expect(refused).rejects.toMatchObject({ code: 'ServiceUnavailable' });
  first.end('9');
  expect(String(await whole)).toBe('123456789');
  const large = readBody(PassThrough.from([Buffer.alloc(8), Buffer.alloc(8)]), 9, held);
  expect(await large).toBeUndefined();
  const broken = new PassThrough();
  const ended = readBody(broken, 100, held);
  broken.write('12345678');
  await setImmediate();
  broken.destroy();
  await expect(ended).rejects.toMatchObject({ code: 'SerializationException' });
  // Whatever became of them, nothing is held any more.
  expect(held.take(10)).toBe(true);
});
