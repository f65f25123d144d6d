import { expect, test } from 'vitest';
import { trainAls } from './als.ts';
import { csrOf } from './csr.arbitrary.ts';
import { entryBeside } from './thread-pool.ts';
import { cutRows, WorkQueue } from './work-queue.ts';

test('an error in a thread rejects the work', async () => {
  const userItems = csrOf(2, [[0], [4_000_000_000]]); // a column far outside of any memory
  const training = trainAls({
    userItems: { ...userItems, columns: 2 },
    factors: 8,
    regularization: 0.1,
    alpha: 0.1,
    iterations: 1,
    seed: 1,
    threads: 2,
  });
  await expect(training).rejects.toThrow();
});

test('an entry file is found beside sources and beside what is built of them', () => {
  expect(entryBeside('file:///app/src/learn/als.ts', './als-thread').href).toBe('file:///app/src/learn/als-thread.ts');
  expect(entryBeside('file:///app/dist/learn/als.js', './als-thread').href).toBe(
    'file:///app/dist/learn/als-thread.js',
  );
});

test('blocks cover all rows once, whatever their lengths', () => {
  expect([...cutRows(Uint32Array.of(0, 5, 5, 100, 101), 60)]).toEqual([0, 3, 4]);
  expect([...cutRows(Uint32Array.of(0))]).toEqual([0]);
});

test('a queue gives every block once, and none after a stop', () => {
  const queue = new WorkQueue();
  const other = new WorkQueue(queue.state);
  const taken = queue.take(3);
  expect([taken.next().value, ...other.take(3)]).toEqual([0, 1, 2]);
  queue.rewind();
  queue.stop();
  expect([...other.take(3)]).toEqual([]);
});
