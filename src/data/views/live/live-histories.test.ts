import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../dataset-schema.ts';
import type { EventCondition } from './event-condition.ts';
import { LiveHistories } from './live-histories.ts';

const names = [
  ...['$SESSION_ID', '$EVENT_ID', '$RECEIVED_AT', 'USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE', 'EVENT_VALUE'],
  ...['DEVICE', 'SECONDS', 'NOTE'],
];
const field = (name: string, type: Field['type']): Field => ({
  name,
  type,
  nullable: true,
  categorical: false,
  textual: false,
});
const fields = [field('DEVICE', 'string'), field('SECONDS', 'int')];
const schema = {
  fields: [
    ...[
      field('USER_ID', 'string'),
      field('ITEM_ID', 'string'),
      field('TIMESTAMP', 'long'),
      field('EVENT_TYPE', 'string'),
    ],
    ...[field('EVENT_VALUE', 'float'), ...fields, field('NOTE', 'string')],
  ],
};

/** An event as text; what it says of itself is in `key`. */
type EventTexts = {
  readonly session: string;
  readonly eventId: string;
  readonly user: string;
  readonly item: string;
  readonly time: number;
  readonly type: string;
  readonly value: string;
  readonly device: string;
  readonly seconds: string;
  /** Of a column that is not kept. */
  readonly note: string;
};

const textsOf = ({ session, eventId, user, item, time, type, value, device, seconds, note }: EventTexts): string[] => [
  ...[session, eventId, '5000', user, item, String(time), type, value, device, seconds, note],
];

const event: fc.Arbitrary<EventTexts> = fc.record({
  session: fc.constantFrom('s0', 's1', 'u1'),
  eventId: fc.constantFrom('', '', 'e0', 'e1'),
  user: fc.constantFrom('', '', 'u0', 'u1'),
  item: fc.constantFrom('', 'a', 'b', 'c'),
  time: fc.integer({ min: -2, max: 8 }),
  type: fc.constantFrom('watch', 'click'),
  value: fc.constantFrom('', '0.1', '3.6'),
  device: fc.constantFrom('', 'tv'),
  seconds: fc.constantFrom('', '7'),
  note: fc.constantFrom('', '', '', 'by hand'),
});

type Counted = EventTexts & { readonly position: number; readonly sentAt: number; readonly isIgnored?: boolean };

/** The same by plain objects: what each user, and each session without one, has done. */
class PlainHistories {
  readonly owners = new Map<string, string>();
  readonly users = new Set<string>();
  readonly events = new Map<string, Counted[]>();
  readonly after: number;
  readonly limit: number;

  constructor(after: number, limit: number) {
    this.after = after;
    this.limit = limit;
  }

  add(given: EventTexts, position: number): void {
    const session = `session ${given.session}`;
    if (given.user !== '') this.users.add(given.user);
    if (given.user !== '' && !this.owners.has(session)) {
      this.owners.set(session, `user ${given.user}`);
      const moved = this.events.get(session) ?? [];
      this.events.delete(session);
      for (const one of moved)
        this.#take(`user ${given.user}`, { ...one, isIgnored: false, position: Math.max(position, this.after) });
    }
    if (given.item === '') return;
    const time = Math.max(Math.min(given.time, 5), 0);
    const owner = given.user === '' ? (this.owners.get(session) ?? session) : `user ${given.user}`;
    this.#take(owner, { ...given, time, sentAt: given.time, position: Math.max(position, this.after) });
  }

  #take(owner: string, added: Counted): void {
    const events = this.events.get(owner) ?? [];
    this.events.set(owner, events);
    const content = ({ item, type, value, device, seconds, note }: EventTexts) =>
      [item, type, value, device, seconds, note].join();
    const isSame = (one: Counted) => !one.isIgnored && content(one) === content(added) && one.time === added.time;
    const isAgain = (one: Counted) =>
      (content(one) === content(added) && one.sentAt === added.sentAt && one.eventId === '' && added.eventId === '') ||
      (one.eventId !== '' && one.eventId === added.eventId && one.item === added.item && one.type === added.type);
    if (events.some(isAgain)) return;
    const held = events.some(isSame) ? { ...added, isIgnored: true, position: Number.POSITIVE_INFINITY } : added;
    const [oldest] = inOrder(events);
    if (events.length < this.limit) events.push(held);
    else if (oldest && inOrder([oldest, held])[0] === oldest) events[events.indexOf(oldest)] = held;
  }

  find(id: string, after: number, conditions: readonly EventCondition[]) {
    const owner = this.users.has(id) ? `user ${id}` : (this.owners.get(`session ${id}`) ?? `session ${id}`);
    const wanted = ({ position, type, value, isIgnored = false }: Counted) =>
      !isIgnored &&
      (owner.startsWith('session') || position > after) &&
      (conditions.length === 0 ||
        conditions.some(
          ({ eventType = type, eventValueThreshold: least }) =>
            type === eventType && (least === undefined || (value !== '' && Number(value) >= least)),
        ));
    return inOrder((this.events.get(owner) ?? []).filter(wanted));
  }
}

const inOrder = (events: readonly Counted[]) =>
  events.toSorted((one, other) => one.time - other.time || one.position - other.position);

it('holds for each user what a plain list of objects holds', () => {
  const conditions = fc.constantFrom<readonly EventCondition[]>(
    [],
    [{ eventType: 'click' }],
    [{ eventType: 'watch', eventValueThreshold: 3.6 }, { eventType: 'click' }],
    [{ eventValueThreshold: 0.1 }],
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.nat(1)), { maxLength: 60 }),
      ...([fc.nat(4), fc.nat(4), conditions, fc.constantFrom(3, 20)] as const),
      (events, after, beyond, wanted, limit) => {
        const histories = new LiveHistories({ schema, fields, limit, after });
        const plain = new PlainHistories(after, limit);
        let position = 1;
        for (const [one, step] of events) {
          histories.add(textsOf(one), histories.indexesIn(names), position);
          plain.add(one, position);
          position += step;
        }
        for (const id of ['u0', 'u1', 's0', 's1', 'nobody']) {
          const expected = plain.find(id, after + beyond, wanted);
          const { user, session } = histories.find(id, { after: after + beyond, events: wanted });
          expect(user !== undefined).toBe(plain.users.has(id));
          expect(user === undefined || session === undefined).toBe(true);
          const found = user ?? session;
          if (!found) {
            expect(expected).toEqual([]);
            continue;
          }
          expect(found.recent).toEqual({
            items: expected.map(({ item }) => item),
            timestamps: Float64Array.from(expected, ({ time }) => time),
            columns: new Map([
              ['EVENT_TYPE', expected.map(({ type }) => type)],
              ['DEVICE', expected.map(({ device }) => device)],
              ['SECONDS', expected.map(({ seconds }) => seconds)],
            ]),
          });
        }
      },
    ),
  );
});

const plainEvent: EventTexts = {
  session: 's',
  eventId: '',
  user: 'u',
  item: 'a',
  time: 1,
  type: 'watch',
  value: '',
  device: '',
  seconds: '',
  note: '',
};
const everything = { after: 0, events: [] };
const itemsOf = (histories: LiveHistories, id: string, wish = everything) =>
  histories.find(id, wish).user?.recent.items;
const open = (options: { limit?: number; after?: number } = {}) => {
  const histories = new LiveHistories({ schema, fields, limit: 500, after: 0, ...options });
  return {
    histories,
    put: (one: Partial<EventTexts>, position = 1) =>
      histories.add(textsOf({ ...plainEvent, ...one }), histories.indexesIn(names), position),
  };
};

describe('a live history', () => {
  it('is the same in whatever order nodes hear of its events', () => {
    const times = Array.from({ length: 300 }, (_, n) => (n * 7919) % 300);
    const [one, other] = [open({ limit: 50 }), open({ limit: 50 })];
    const put = ({ put }: typeof one, n: number) => put({ item: `i${n}`, time: 0, eventId: `e${n}` }, n + 1);
    for (const n of times) put(one, n);
    for (const n of times.toReversed()) put(other, n);
    const newest = Array.from({ length: 50 }, (_, n) => `i${250 + n}`);
    expect(itemsOf(one.histories, 'u')).toEqual(newest);
    expect(itemsOf(other.histories, 'u')).toEqual(newest);
  });

  it('of a session goes to its first user, also where a training had seen the session without one', () => {
    const { histories, put } = open({ after: 10 });
    put({ user: '', item: 'early' }, 5);
    put({ user: '', item: 'late' }, 12);
    expect(histories.find('s', { after: 10, events: [] })).toMatchObject({
      session: { userId: 's', recent: { items: ['early', 'late'] } },
    });
    put({ user: 'u', item: 'own', time: 2 }, 13);
    put({ user: 'other', item: 'not mine', time: 3 }, 14);
    put({ user: '', item: 'still mine', time: 4 }, 15);
    const all = ['early', 'late', 'own', 'still mine'];
    const { session } = histories.find('s', { after: 10, events: [] });
    expect(session).toMatchObject({ userId: 'u', recent: { items: all } });
    expect(itemsOf(histories, 'u', { after: 12, events: [] })).toEqual(all);
    expect(itemsOf(histories, 'u', { after: 13, events: [] })).toEqual(['still mine']);
    expect(itemsOf(histories, 'other')).toEqual(['not mine']);
  });

  it('takes no event for later than it came, and none for earlier than 1970', () => {
    const { histories, put } = open();
    put({ item: 'from the future', time: 99_999_999_999 });
    put({ item: 'from the past', time: -99_999_999_999 });
    put({ item: 'of now', time: 4 });
    expect(histories.find('u', everything).user?.recent).toMatchObject({
      items: ['from the past', 'of now', 'from the future'],
      timestamps: Float64Array.of(0, 4, 5),
    });
  });

  it('is that of the user of an id, who is no session of that id, whatever came first', () => {
    const { histories, put } = open();
    put({ session: '14', user: '', item: 'of the session' });
    expect(histories.find('14', everything)).toMatchObject({ session: { userId: '14' } });
    put({ session: 'other', user: '14', item: '' });
    expect(histories.find('14', everything)).toMatchObject({ user: { userId: '14', recent: { items: [] } } });
    put({ session: '14', user: '50', item: 'of another' });
    expect(itemsOf(histories, '14')).toEqual([]);
    expect(itemsOf(histories, '50')).toEqual(['of the session', 'of another']);
    histories.addUser('15');
    put({ session: '15', user: '50', item: 'of another' });
    expect(histories.find('15', everything)).toMatchObject({ user: { userId: '15', recent: { items: [] } } });
  });

  it('holds an event of each user who sends the same eventId', () => {
    const { histories, put } = open();
    for (const user of ['u', 'v', 'u']) put({ user, session: `session of ${user}`, eventId: 'event1' });
    expect([itemsOf(histories, 'u'), itemsOf(histories, 'v')]).toEqual([['a'], ['a']]);
  });

  it('tells events of a moment apart by any column of the schema', () => {
    const { histories, put } = open();
    for (const note of ['one', 'other', 'one']) put({ note });
    expect(itemsOf(histories, 'u')).toEqual(['a', 'a']);
    const untyped = new LiveHistories({
      schema: { fields: schema.fields.filter(({ name }) => name !== 'EVENT_TYPE') },
      fields,
      limit: 5,
      after: 0,
    });
    for (const type of ['watch', 'click']) untyped.add(textsOf({ ...plainEvent, type }), untyped.indexesIn(names), 1);
    expect(itemsOf(untyped, 'u')).toEqual(['a']);
  });

  it('gives the room of a session back when its events move on', () => {
    const { histories, put } = open();
    put({ session: 's0' });
    const { bytes } = histories;
    for (let session = 1; session < 2000; session++) {
      for (let n = 0; n < 40; n++) put({ session: `s${session}`, user: '', item: `i${n}` });
      put({ session: `s${session}`, user: 'u', item: '' });
    }
    // Ids stay, and take little.
    expect(histories.bytes).toBeLessThan(bytes + 2 ** 16);
  });
});
