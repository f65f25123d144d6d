import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Datum, MetricsRefused } from '../../data/attribution/metric-sink.ts';
import { type Bench, openBench } from '../control.fixture.ts';
import { attribute, shop } from './attribution.fixture.ts';

let bench: Bench;
let trackingId: string;
/** What has arrived: all data, one after another. */
let arrived: Datum[];
/** What becomes of the next requests; then all arrive. */
let fate: ('refused' | 'lost' | 'unknown')[];
let asked: number;

const metricSink = {
  most: 2,
  async put(_: object, data: readonly Datum[]) {
    asked++;
    const next = fate.shift();
    if (next === 'refused') throw new MetricsRefused('CloudWatch says no.', true);
    if (next !== 'lost') arrived.push(...data);
    if (next === 'lost' || next === 'unknown') throw new MetricsRefused('No answer came.', false);
  },
  close() {},
};

beforeEach(async () => {
  [arrived, fate, asked] = [[], [], 0];
  bench = await openBench({ metricSink });
  const made = await shop(bench);
  trackingId = made.trackingId;
  await attribute(bench, made.group);
  [arrived, asked] = [[], 0];
});
afterEach(() => bench.close());

/** Long enough ago that its window is closed. */
const earlier = () => Math.floor(bench.parts.clock.now() / 900_000) * 900 - 3600;
const click = (eventId: string, eventAttributionSource: string, sentAt = earlier()) =>
  bench.call('PutEvents', {
    ...{ trackingId, userId: 'u', sessionId: 's' },
    eventList: [{ eventType: 'click', itemId: 'i', sentAt, eventId, metricAttribution: { eventAttributionSource } }],
  });
const sums = () => {
  const all: Record<string, number> = {};
  for (const { source, value } of arrived) all[source] = (all[source] ?? 0) + value;
  return all;
};

it('publishes closed windows, then what late events add, and not the one that is going on', async () => {
  const time = earlier();
  await click('now', 'a', Math.floor(bench.parts.clock.now() / 1000));
  for (const [n, source] of ['a', 'a', 'b', 'c'].entries()) await click(`first-${n}`, source, time);
  await expect.poll(sums).toEqual({ a: 2, b: 1, c: 1 });
  expect(new Set(arrived.map((datum) => datum.time))).toEqual(new Set([time]));
  expect(arrived[0]).toMatchObject({ metricName: 'clicks', datasetGroupArn: expect.stringMatching(/shop$/) });
  await click('late', 'a', time);
  bench.advance(20_000);
  await expect.poll(sums).toEqual({ a: 3, b: 1, c: 1 });
});

it('sends again what was refused, and never what may have arrived', async () => {
  fate = ['refused'];
  await click('one', 'a');
  await expect.poll(() => asked).toBe(1);
  expect(arrived).toEqual([]);
  bench.advance(61_000);
  await expect.poll(sums).toEqual({ a: 1 });

  for (const outcome of ['unknown', 'lost'] as const) {
    fate = [outcome];
    const before = asked;
    await click(outcome, outcome);
    bench.advance(20_000);
    await expect.poll(() => asked).toBe(before + 1);
    bench.advance(1_000_000);
    await click(`after ${outcome}`, 'z');
    await expect.poll(async () => sums().z).toBe(outcome === 'unknown' ? 1 : 2);
  }
  expect(sums()).toEqual({ a: 1, unknown: 1, z: 2 });
  expect(bench.logged.some((line) => line.includes('nobody knows whether they have arrived'))).toBe(true);
});
