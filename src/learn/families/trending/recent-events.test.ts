import { expect, it } from 'vitest';
import { mix, noTexts, RecentEvents } from './recent-events.ts';

const event = (n: number) => mix(mix(noTexts, 'item'), `event ${n}`);

it('knows the last 65,536 events again, and takes hardly any other for one of them', () => {
  const recent = new RecentEvents();
  const events = 300_000;
  let [repeated, forgotten] = [0, 0];
  for (let n = 0; n < events; n++) {
    if (recent.isRepeated(event(n))) repeated++;
    if (n % 1000 === 0) {
      for (const back of [0, 1, 1000, 65_535]) {
        if (n >= back && !recent.isRepeated(event(n - back))) forgotten++;
      }
    }
  }
  expect(forgotten).toBe(0);
  expect(repeated / events).toBeLessThan(1e-4);
  expect(recent.isRepeated(event(0))).toBe(false);
});

it('tells events apart by each text and by where one ends', () => {
  const recent = new RecentEvents();
  for (const texts of [
    ['a', 'b'],
    ['b', 'a'],
    ['ab', ''],
    ['', 'ab'],
    ['a', 'b', ''],
  ]) {
    expect(recent.isRepeated(texts.reduce(mix, noTexts))).toBe(false);
    expect(recent.isRepeated(texts.reduce(mix, noTexts))).toBe(true);
  }
});
