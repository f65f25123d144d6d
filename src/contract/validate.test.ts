import { describe, expect, test } from 'vitest';
import { validInput, violations } from '../../test/contract/violations.ts';
import { ServiceError } from './errors.ts';
import { type OperationName, serviceOperations } from './operations.ts';
import { validate } from './validate.ts';

const isOperation = (name: string): name is OperationName => name in serviceOperations;

function outcome(operation: string, input: unknown): string {
  if (!isOperation(operation)) throw new Error(`unknown operation ${operation}`);
  try {
    validate(operation, input);
    return 'accepted';
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
}

/** An empty userId counts as absent: client libraries send it for an unknown user (spec events.md §8). */
const emptyUsers = ['PutEvents userId: too short', 'PutActionInteractions actionInteractions.[].userId: too short'];

describe('validate', () => {
  test.each(Object.keys(serviceOperations))('%s accepts an input with every member', (operation) => {
    expect(outcome(operation, validInput(operation))).toBe('accepted');
  });

  test('refuses every rule of every operation, each broken once', () => {
    expect(violations.length).toBeGreaterThan(1300);
    const wrong = violations
      .map((violation) => ({ ...violation, outcome: outcome(violation.operation, violation.input) }))
      .filter(({ operation, rule }) => !emptyUsers.includes(`${operation} ${rule}`))
      .filter((violation) => violation.outcome !== violation.expected)
      .map(({ operation, rule, outcome: got }) => `${operation} ${rule} → ${got}`);
    expect(wrong).toEqual([]);
  });

  test('drops unknown members and reads null as absent', () => {
    expect(validate('ListSchemas', { maxResults: 3, nextToken: null, colour: 'red' })).toEqual({ maxResults: 3 });
  });

  test('says what is wrong in the words of AWS', () => {
    expect(() => validate('CreateCampaign', { name: '-x', minProvisionedTPS: 0 })).toThrow(
      [
        '3 validation errors detected:',
        "Value null at 'solutionVersionArn' failed to satisfy constraint: Member must not be null;",
        "Value '-x' at 'name' failed to satisfy constraint:",
        'Member must satisfy regular expression pattern: ^[a-zA-Z0-9][a-zA-Z0-9\\-_]*;',
        "Value '0' at 'minProvisionedTPS' failed to satisfy constraint:",
        'Member must have value greater than or equal to 1',
      ].join(' '),
    );
  });

  const tooMany = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`!${n}`, n]));
  const arnOfColons = `arn:aws:personalize:${':'.repeat(100_000)}\n`;

  test.each([
    ['GetRecommendations', 'context', 150, { context: tooMany(151) }],
    ['UpdateCampaign', 'campaignConfig.rankingInfluence', 2, { campaignConfig: { rankingInfluence: tooMany(3) } }],
    ['PutEvents', 'eventList', 10, { eventList: Array.from({ length: 11 }, () => 0) }],
    ['PutEvents', 'eventList.1.member.impression', 25, { eventList: [{ impression: Array(26).fill(0) }] }],
    ['CreateDatasetGroup', 'tags.2.member.tagKey', 128, { tags: [{}, { tagKey: '!'.repeat(129) }] }],
    ['DescribeSolution', 'solutionArn', 256, { solutionArn: arnOfColons }],
    ['GetRecommendations', `context.${'!'.repeat(151)}`, 150, { context: { ['!'.repeat(151)]: 0 } }],
  ] as const)('%s looks at nothing in what is longer than its maximum: %s', (operation, path, max, input) => {
    expect(() => validate(operation, input)).toThrow(
      expect.objectContaining({
        code: 'InvalidInputException',
        message: expect.stringMatching(/^1 validation error detected: Value '.{1,257}' at '/),
      }),
    );
    const constraint = `Member must have length less than or equal to ${max}`;
    const message = `at '${path}' failed to satisfy constraint: ${constraint}`;
    expect(() => validate(operation, input)).toThrow(message);
  });

  test('counts the length of a text in characters, however many units each takes', () => {
    const context = (characters: number) => ({ context: { MOOD: '😀'.repeat(characters) } });
    expect(outcome('GetRecommendations', context(1000))).toBe('accepted');
    expect(outcome('GetRecommendations', context(1001))).toBe('InvalidInputException');
  });

  test('does not let __proto__ through', () => {
    const body: unknown = JSON.parse('{"name": "a", "__proto__": {"schema": "x"}}');
    expect(outcome('CreateSchema', body)).toBe('InvalidInputException');
  });
});

describe('what client libraries send', () => {
  const event = { eventType: 'watch', sentAt: 1_700_000_000 };
  const call = { trackingId: 't', sessionId: 's', eventList: [event] };

  test('may be a time in a string', () => {
    const eventList = [
      { ...event, sentAt: '1553631760' },
      { ...event, sentAt: '1553631760.25' },
    ];
    const input = validate('PutEvents', { ...call, eventList });
    expect(input.eventList.map(({ sentAt }) => sentAt)).toEqual([1553631760, 1553631760.25]);
    expect(() => validate('PutEvents', { ...call, eventList: [{ ...event, sentAt: 'today' }] })).toThrow(
      'eventList.1.member.sentAt must be of JSON type number.',
    );
  });

  test('may be an empty userId for somebody who is not known', () => {
    expect(validate('PutEvents', { ...call, userId: '' })).toEqual(call);
  });
});
