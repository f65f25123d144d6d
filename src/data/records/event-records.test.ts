import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../contract/errors.ts';
import { validate } from '../../contract/validate.ts';
import { parseDatasetSchema } from '../dataset-schema.ts';
import { EntityRecords } from './entity-records.ts';
import { EventRecords } from './event-records.ts';
import { decodeLines } from './layout.ts';

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const schemaOf = (name: string, fields: readonly object[]) =>
  parseDatasetSchema(
    JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', version: '1.0', fields }),
  ).schema;
const ids = [field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')];

const event = { eventType: 'watch', sentAt: 1_700_000_000, itemId: 'i1' };

/** What the log holds of an event under a schema with these fields beside the ids; or why it is refused. */
function kept(fields: readonly object[], sent: object, call: object = {}): Record<string, string> | string {
  const records = new EventRecords(schemaOf('Interactions', [...ids, ...fields]));
  const body = { trackingId: 't', sessionId: 'visit-7', userId: 'u', eventList: [{ ...event, ...sent }], ...call };
  const lines = outcomeOf(() => [...decodeLines(records.encode(validate('PutEvents', body), 0))]);
  if (typeof lines === 'string') return lines;
  return Object.fromEntries(records.layout.map(({ name }, n) => [name, lines[0]?.[n] ?? '']));
}

function outcomeOf<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
}

const properties = (value: object) => ({ properties: JSON.stringify(value) });

describe('a column with the name of a member', () => {
  const session = [field('SESSION_ID', 'string')];

  it('takes what the call or the event says', () => {
    expect(kept(session, {})).toMatchObject({ SESSION_ID: 'visit-7', $SESSION_ID: 'visit-7' });
    const both = [field('EVENT_ID', 'string'), field('session_id', 'null', 'string')];
    expect(kept(both, { eventId: 'e1' })).toMatchObject({ EVENT_ID: 'e1', $EVENT_ID: 'e1', session_id: 'visit-7' });
    const spelled = [field('EVENTTYPE', 'string'), field('EVENTVALUE', 'double')];
    expect(kept(spelled, { eventValue: 0.5 })).toMatchObject({ EVENTTYPE: 'watch', EVENTVALUE: '0.5' });
    expect(kept(spelled, properties({ eventValue: 0.7 }))).toMatchObject({ EVENTVALUE: '0.7', EVENT_VALUE: '' });
  });

  it('may be repeated in the properties, and not contradicted', () => {
    for (const key of ['SESSION_ID', 'sessionId']) {
      expect(kept(session, properties({ [key]: 'visit-7' }))).toMatchObject({ SESSION_ID: 'visit-7' });
      expect(kept(session, properties({ [key]: 'another' }))).toBe(
        "eventList.1.member.properties has 'another' for SESSION_ID, which is 'visit-7' in the record itself: leave it out of the properties.",
      );
    }
  });

  it('is one of the forbidden keys for any other schema', () => {
    expect(kept([], properties({ sessionId: 'visit-7' }))).toContain('cannot have the key sessionId');
    expect(kept(session, properties({ userId: 'u' }))).toContain('cannot have the key userId');
    expect(kept(session, properties({ eventType: 'watch' }))).toContain('cannot have the key eventType');
  });

  it('is empty where the event has no such member, unless the properties say more', () => {
    const eventId = [field('EVENT_ID', 'string')];
    expect(kept(eventId, {})).toMatchObject({ EVENT_ID: '', $EVENT_ID: '' });
    expect(kept(eventId, properties({ eventId: 'mine' }))).toMatchObject({ EVENT_ID: 'mine', $EVENT_ID: '' });
    expect(kept(eventId, { ...properties({ eventId: 'mine' }), eventId: 'e1' })).toMatchObject({ EVENT_ID: 'e1' });
  });

  it('holds the member to its type', () => {
    expect(kept([field('SESSION_ID', 'long')], {}, { sessionId: '12' })).toMatchObject({ SESSION_ID: '12' });
    expect(kept([field('SESSION_ID', 'long')], {})).toBe(
      "Value 'visit-7' at 'eventList.1.member.SESSION_ID' failed to satisfy constraint: it must be a whole number",
    );
  });

  it('stands once in a line, though its name differs in case', () => {
    const fields = [field('event_type', 'string'), field('event_value', 'null', 'string')];
    const line = kept(fields, properties({ eventValue: 'PLAY' }));
    expect(line).toMatchObject({ EVENT_TYPE: 'watch', EVENT_VALUE: 'PLAY' });
    const names = Object.keys(line).map((name) => name.toUpperCase());
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('what a schema does not have', () => {
  it('is dropped from the properties, whatever its value is', () => {
    for (const value of ['PLAY', '', 7, true, null, ['a'], {}]) {
      const sent = properties({ eventValue: value, playState: value, eventAttributionSource: value });
      expect(kept([], sent)).toMatchObject({ EVENT_VALUE: '', EVENT_ATTRIBUTION_SOURCE: '' });
    }
    expect(kept([], { eventValue: 0.5 })).toMatchObject({ EVENT_VALUE: '' });
    expect(kept([field('EVENT_VALUE', 'null', 'float')], properties({ eventValue: 'PLAY' }))).toContain("'PLAY'");
  });

  it('is kept of members by which answers are explored', () => {
    expect(kept([], { impression: ['a', 'b'], recommendationId: 'RID-1' })).toMatchObject({
      IMPRESSION: 'a|b',
      RECOMMENDATION_ID: 'RID-1',
    });
  });
});

it('refuses a reserved word as a value of items and of events', () => {
  const reserved = (value: string, path: string) =>
    `Value '${value}' at '${path}' failed to satisfy constraint: it must not be ${value}, which is the name of a reserved column`;
  const genres = { ...field('GENRES', 'string'), categorical: true };
  const records = new EntityRecords(schemaOf('Items', [field('ITEM_ID', 'string'), genres]), 'ITEMS');
  const put = (id: string, value: string) =>
    outcomeOf(() => records.encode([{ id, properties: JSON.stringify({ genres: value }) }], 'items'));
  expect(put('lamp', 'CREATION_TIMESTAMP')).toContain(
    reserved('CREATION_TIMESTAMP', 'items.1.member.properties.genres'),
  );
  expect(put('ITEM_ID', 'light')).toContain(reserved('ITEM_ID', 'items.1.member'));
  expect([...decodeLines(records.encode([{ id: 'lamp', properties: '{"genres":"genres"}' }], 'items'))]).toEqual([
    ['lamp', 'genres'],
  ]);
});

it('takes the source of an event out of the properties, where the schema has the column', () => {
  const source = [field('EVENT_ATTRIBUTION_SOURCE', 'null', 'string')];
  const sent = properties({ eventAttributionSource: 'search' });
  expect(kept(source, sent)).toMatchObject({ EVENT_ATTRIBUTION_SOURCE: 'search' });
  const metricAttribution = { eventAttributionSource: 'home' };
  expect(kept(source, { ...sent, metricAttribution })).toMatchObject({ EVENT_ATTRIBUTION_SOURCE: 'home' });
});

it('requires of an event no optional member that its schema declares without null', () => {
  const plain = ['IMPRESSION', 'RECOMMENDATION_ID', 'EVENT_ATTRIBUTION_SOURCE'].map((name) => field(name, 'string'));
  expect(kept([...plain, field('EVENT_VALUE', 'float')], {})).toMatchObject({ IMPRESSION: '', EVENT_VALUE: '' });
  expect(kept([...plain, field('DEVICE', 'string')], {})).toContain('lacks a value for DEVICE');
});

describe('numbers in properties', () => {
  const number = [field('COUNT', 'int'), field('SKU', 'long'), field('RATIO', 'double'), field('LABEL', 'string')];
  const line = (count: string, sku: string, ratio = '1', label = '1') =>
    kept(number, { properties: `{"count":${count},"sku":${sku},"ratio":${ratio},"label":${label}}` });

  it('keep every digit of a whole one, as an id, a text and a long', () => {
    const sent = { itemId: undefined, properties: '{"itemId":1541815603606036481}' };
    expect(kept([], sent)).toMatchObject({ ITEM_ID: '1541815603606036481' });
    const [least, label] = ['-9223372036854775808', '12345678901234567890'];
    expect(line('7', least, '1e300', label)).toMatchObject({ SKU: least, LABEL: label });
    expect(line('7', '9223372036854775807')).toMatchObject({ SKU: '9223372036854775807' });
  });

  it('are whole ones however they are written', () => {
    expect(line('-0', '1e3')).toMatchObject({ COUNT: '0', SKU: '1000' });
    expect(line('1.0', '9.007199254740993e15')).toMatchObject({ COUNT: '1', SKU: '9007199254740993' });
    expect(line('2E2', '9007199254740993.00')).toMatchObject({ COUNT: '200', SKU: '9007199254740993' });
  });

  it('are refused with their place and value where they do not fit', () => {
    const refused = (place: string, value: string, reason: string) =>
      `Value '${value}' at 'eventList.1.member.properties.${place}' failed to satisfy constraint: ${reason}`;
    const large = '9223372036854775808';
    expect(line('1', large)).toBe(refused('sku', large, 'it does not fit the type long'));
    expect(line('1', '1e21')).toBe(refused('sku', `1${'0'.repeat(21)}`, 'it does not fit the type long'));
    expect(line('2147483648', '1')).toBe(refused('count', '2147483648', 'it does not fit the type int'));
    expect(line('1', '0.12345678901234567')).toBe(refused('sku', '0.12345678901234567', 'it must be a whole number'));
    expect(line('1.5', '1')).toBe(refused('count', '1.5', 'it must be a whole number'));
    expect(line('1', '1', '1e400')).toContain('it is too large for the type double');
  });

  it('keep every digit in items and users', () => {
    const records = new EntityRecords(schemaOf('Items', [field('ITEM_ID', 'string'), ...number]), 'ITEMS');
    const text = '{"count":1,"sku":9223372036854775807,"ratio":0.5,"label":12345678901234567890}';
    const lines = [...decodeLines(records.encode([{ id: 'lamp', properties: text }], 'items'))];
    expect(lines).toEqual([['lamp', '1', '9223372036854775807', '0.5', '12345678901234567890']]);
  });

  it('are refused in lists of any depth', () => {
    const records = new EntityRecords(schemaOf('Items', [field('ITEM_ID', 'string'), ...number]), 'ITEMS');
    const nested = (inner: string) => `{"sku":${'['.repeat(15_000)}${inner}${']'.repeat(15_000)}}`;
    const refused = (text: string) => outcomeOf(() => records.encode([{ id: 'lamp', properties: text }], 'items'));
    for (const number of ['1', '1541815603606036481']) {
      expect(refused(nested(number))).toContain(`Value '["…"]' at 'items.1.member.properties.sku'`);
    }
  });
});
