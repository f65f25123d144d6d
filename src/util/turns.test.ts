import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Turns, TurnsForOther, turnsElsewhere, turnsHere } from './turns.ts';

/** Begins work that notes its begin and its end, and ends when it is told to. */
function noting(turns: Turns) {
  const notes: string[] = [];
  const begin = (key: string, name: string, fails = false) => {
    const end = Promise.withResolvers<void>();
    const done = turns(key, async () => {
      notes.push(`${name} begins`);
      await end.promise;
      notes.push(`${name} ends`);
      if (fails) throw new Error(`${name} fails`);
      return name;
    });
    return { end: end.resolve, done };
  };
  return { notes, begin };
}

describe.each([
  ['of this process', () => turnsHere()],
  ['of another process', () => turnsElsewhere(new TurnsForOther(turnsHere()).methods)],
])('turns %s', (_name, make) => {
  it('are taken by work on one key, one after another', async () => {
    const { notes, begin } = noting(make());
    const one = begin('key', 'one', true);
    const two = begin('key', 'two');
    const other = begin('other key', 'other');
    other.end();
    expect(await other.done).toBe('other');
    expect(notes).toEqual(['one begins', 'other begins', 'other ends']);
    one.end();
    await expect(one.done).rejects.toThrow('one fails');
    two.end();
    expect(await two.done).toBe('two');
    expect(notes.slice(3)).toEqual(['one ends', 'two begins', 'two ends']);
  });
});

it('go on when a process is gone that has one or waits for one', async () => {
  const turns = turnsHere();
  const gone = new TurnsForOther(turns);
  await gone.methods.beginTurn('key');
  void gone.methods.beginTurn('key');
  const { begin } = noting(turns);
  const mine = begin('key', 'mine');
  mine.end();
  await nextTurn();
  gone[Symbol.dispose]();
  expect(await mine.done).toBe('mine');
});
