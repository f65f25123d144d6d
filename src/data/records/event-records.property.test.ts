import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ServiceError } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { validate } from '../../contract/validate.ts';
import { parseDatasetSchema } from '../dataset-schema.ts';
import { EventRecords } from './event-records.ts';
import { decodeLines } from './layout.ts';

const field = (name: string, ...type: string[]) => ({ name, type: [...type, 'null'] });
const { schema } = parseDatasetSchema(
  JSON.stringify({
    type: 'record',
    name: 'Interactions',
    namespace: 'com.amazonaws.personalize.schema',
    version: '1.0',
    fields: [
      ...[
        { name: 'USER_ID', type: 'string' },
        { name: 'ITEM_ID', type: 'string' },
        { name: 'TIMESTAMP', type: 'long' },
      ],
      ...[field('DEVICE', 'string'), field('LONG_COUNT', 'long'), field('RATIO', 'double'), field('IS_NEW', 'boolean')],
    ],
  }),
);
const records = new EventRecords(schema);
const columnOf = new Map(records.layout.map(({ name }, index) => [name, index]));

const text = (min: number, max: number) =>
  fc.string({
    minLength: min,
    maxLength: max,
    unit: fc.constantFrom('a', '"', ',', '\n', '|', ' ', '\ufeff', 'é', '\u{1f600}'),
  });
const id = text(1, 128).filter((value) => value.length <= 256);
const properties = fc.record(
  {
    device: text(1, 40),
    longCount: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    RATIO: fc.double({ noNaN: true, noDefaultInfinity: true }),
    isNew: fc.boolean(),
    unheardOf: fc.anything(),
  },
  { requiredKeys: [] },
);
/** JSON.stringify refuses a BigInt. */
const withLong = (json: string, longCount: number | bigint | undefined) =>
  longCount === undefined ? json : `{"longCount":${longCount}${json === '{}' ? '' : ','}${json.slice(1)}`;

const event = fc.record(
  {
    eventType: id,
    sentAt: fc.oneof(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), fc.constant('1553631760')),
    itemId: id,
    eventId: id,
    eventValue: fc.float({ noNaN: true, noDefaultInfinity: true }),
    recommendationId: text(1, 20),
    impression: fc.array(id, { minLength: 1, maxLength: 25 }),
    properties: properties
      .map(({ longCount, ...value }) => withLong(JSON.stringify(value), longCount))
      .filter((json) => json.length <= 1024 && json.isWellFormed()),
  },
  { requiredKeys: ['eventType', 'sentAt'] },
);
const call = fc.record(
  {
    trackingId: fc.constant('t'),
    sessionId: id,
    userId: id,
    eventList: fc.array(event, { minLength: 1, maxLength: 10 }),
  },
  { requiredKeys: ['trackingId', 'sessionId', 'eventList'] },
);

const encode = (input: Input<'PutEvents'>) => [...decodeLines(records.encode(input, 1_700_000_000_000))];

it('takes whatever keeps the limits, and writes each member down as it is', () => {
  fc.assert(
    fc.property(call, (body) => {
      const input = validate('PutEvents', body);
      const small = input.eventList.every((one) => Buffer.byteLength(JSON.stringify(one)) <= 10_240);
      fc.pre(small);
      const lines = encode(input);
      expect(lines).toHaveLength(body.eventList.length);
      for (const [index, line] of lines.entries()) {
        const value = (name: string) => line[columnOf.get(name) ?? -1];
        const sent = input.eventList[index];
        const given = JSON.parse(sent?.properties ?? '{}');
        expect(value('$SESSION_ID')).toBe(body.sessionId);
        expect(value('USER_ID')).toBe(body.userId ?? '');
        expect(value('ITEM_ID')).toBe(sent?.itemId ?? '');
        expect(value('EVENT_TYPE')).toBe(sent?.eventType);
        expect(value('IMPRESSION')).toBe(sent?.impression?.join('|') ?? '');
        expect(value('DEVICE')).toBe(given.device ?? '');
        expect(value('LONG_COUNT')).toBe(/"longCount":(-?\d+)/.exec(sent?.properties ?? '')?.[1] ?? '');
        expect(Number(value('RATIO'))).toBeCloseTo(given.RATIO ?? 0);
        expect(value('IS_NEW')).toBe(String(given.isNew ?? ''));
      }
    }),
  );
});

/** Ways to break one rule of an event that is in order. */
const breaks: readonly ((sent: Record<string, unknown>) => Record<string, unknown>)[] = [
  (sent) => ({ ...sent, eventType: 'x'.repeat(257) }),
  (sent) => ({ ...sent, eventType: '' }),
  (sent) => ({ ...sent, itemId: 'x'.repeat(257) }),
  (sent) => ({ ...sent, eventId: '' }),
  (sent) => ({ ...sent, recommendationId: 'x'.repeat(41) }),
  (sent) => ({ ...sent, impression: [] }),
  (sent) => ({ ...sent, impression: Array(26).fill('x') }),
  (sent) => ({ ...sent, impression: ['x'.repeat(257)] }),
  (sent) => ({ ...sent, sentAt: 1e15 }),
  (sent) => ({ ...sent, eventValue: 1e39 }),
  (sent) => ({ ...sent, properties: '' }),
  (sent) => ({ ...sent, properties: '"text"' }),
  (sent) => ({ ...sent, properties: JSON.stringify({ unheardOf: 'x'.repeat(1024) }) }),
  (sent) => ({ ...sent, properties: '{"device":{}}' }),
  (sent) => ({ ...sent, properties: '{"longCount":"9223372036854775808"}' }),
  (sent) => ({ ...sent, properties: '{"is_new":"yes"}' }),
  (sent) => ({ ...sent, properties: '{"ratio":"1e999"}' }),
  (sent) => ({ ...sent, properties: '{"EVENTTYPE":"x"}' }),
  (sent) => ({ ...sent, metricAttribution: { eventAttributionSource: ' ' } }),
  (sent) => ({ ...sent, impression: Array(25).fill('é'.repeat(256)) }),
  (sent) => ({ ...sent, impression: Array(8).fill('\u0001'.repeat(220)) }),
];

it('refuses a call in which any event breaks a rule, as an invalid input', () => {
  fc.assert(
    fc.property(call, fc.constantFrom(...breaks), fc.nat(), (body, breakRule, at) => {
      const eventList = body.eventList.map((sent, index) =>
        index === at % body.eventList.length ? breakRule(sent) : sent,
      );
      const refused = outcomeOf(() => encode(validate('PutEvents', { ...body, eventList })));
      expect(refused).toBe('InvalidInputException');
    }),
  );
});

function outcomeOf(work: () => unknown): string {
  try {
    work();
    return 'taken';
  } catch (error) {
    return error instanceof ServiceError ? error.code : String(error);
  }
}
