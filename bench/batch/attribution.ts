import { openDatabase } from '../../src/data/database/database.ts';
import { EventRecords } from '../../src/data/records/event-records.ts';
import { IdOwners, idOf } from '../../src/data/records/id-owners.ts';
import { EventCounter } from '../../src/data/views/attribution/event-counter.ts';
import { ItemValues } from '../../src/data/views/attribution/item-values.ts';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { median } from '../median.ts';
import type { BenchOptions, BenchResult } from '../result.ts';

const fields = ['USER_ID', 'ITEM_ID', 'EVENT_TYPE', 'RECOMMENDATION_ID', 'EVENT_ATTRIBUTION_SOURCE'].map((name) => ({
  ...{ name, type: 'string' as const, nullable: false, categorical: false, textual: false },
}));
const numbers = [
  { name: 'TIMESTAMP', type: 'long' as const, nullable: false, categorical: false, textual: false },
  { name: 'EVENT_VALUE', type: 'float' as const, nullable: true, categorical: false, textual: false },
];
const items = 27_000;
const owners = Array.from({ length: 5 }, (_, n) => `arn:aws:personalize:eu-west-1:123456789012:campaign/c${n}`);
/** Events of an entry of the log, as calls that come together make it. */
const eventsOfEntry = 100;

/** What an event costs, from the line of the log to its counts: of all of them half name an answer. */
export async function benchAttribution({ quick }: BenchOptions): Promise<BenchResult[]> {
  const { database, close } = await openDatabase({ file: ':memory:' });
  const ids = new IdOwners(database);
  await ids.start();
  const entries = entriesOf(ids, quick ? 200 : 5000);
  const runs = Array.from({ length: quick ? 1 : 5 }, () => run(ids, entries));
  await close();
  const count = entries.bodies.length * eventsOfEntry;
  return [
    {
      name: 'batch: attribution of an event',
      value: median(runs),
      unit: 'µs',
      limit: 2,
      detail: `${count} events of 3 metrics, half with a recommendationId of one of 5 campaigns, ${items} items with prices; repetitions looked for; counts not yet in the database`,
    },
  ];
}

function run(ids: IdOwners, { bodies, layout }: ReturnType<typeof entriesOf>): number {
  const values = new ItemValues(['PRICE']);
  for (let item = 0; item < items; item++) values.set(`item-${item}`, [item / 100]);
  const metric = (number: number, eventType: string) => ({ number, eventType, since: 0 });
  const counter = new EventCounter({
    metrics: [
      { ...metric(1, 'click'), parsed: { math: 'samplecount' } },
      { ...metric(2, 'purchase'), parsed: { math: 'sum', dataset: 'ITEMS', column: 'PRICE' } },
      { ...metric(3, 'purchase'), parsed: { math: 'sum', dataset: 'INTERACTIONS', column: 'EVENT_VALUE' } },
    ],
    owners: ids.among(owners),
    items: values,
  });
  const began = performance.now();
  for (const [index, body] of bodies.entries()) {
    counter.apply({ body, position: index + 1 }, layout);
    if (index % 128 === 127) counter.take();
  }
  return (1000 * (performance.now() - began)) / (bodies.length * eventsOfEntry);
}

/** Entries of the log as PutEvents writes them: a quarter of the events are purchases. */
function entriesOf(ids: IdOwners, count: number) {
  const records = new EventRecords({ fields: [...fields, ...numbers] });
  const random = uniforms(7);
  const keys = owners.flatMap((owner) => Array.from({ length: 40 }, () => ids.newKey(owner)));
  const now = 1_800_000_000;
  const digits = () =>
    Math.floor(random() * 16 ** 13)
      .toString(16)
      .padStart(13, '0');
  const bodies = Array.from({ length: count }, (_, entry) =>
    Array.from({ length: eventsOfEntry / 10 }, () =>
      records.encode(
        {
          trackingId: 't',
          userId: `user-${Math.floor(random() * 100_000)}`,
          sessionId: `session-${digits()}`,
          eventList: Array.from({ length: 10 }, () => ({
            eventId: digits(),
            eventType: random() < 0.25 ? 'purchase' : 'click',
            itemId: `item-${Math.floor(random() * items)}`,
            sentAt: now + entry,
            eventValue: Math.floor(random() * 100),
            ...(random() < 0.5 && {
              recommendationId: idOf(keys[Math.floor(random() * keys.length)] ?? '', 'b', digits()),
            }),
          })),
        },
        1000 * (now + entry),
      ),
    ).join(''),
  );
  return { bodies, layout: records.layout };
}
