import { expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

/** A group commit whose commits the test ends. */
function held() {
  const committed: (readonly string[])[] = [];
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const groups = new GroupCommit<string>((group) => {
    committed.push(group);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  });
  return { groups, committed, ends };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('commits the first at once, and together what arrives meanwhile', async () => {
  const { groups, committed, ends } = held();
  const done: string[] = [];
  for (const member of ['a', 'b', 'c']) void groups.add(member, 1).then(() => done.push(member));
  await turn();
  expect(committed).toEqual([['a']]);
  ends[0]?.resolve();
  await turn();
  expect(done).toEqual(['a']);
  expect(committed).toEqual([['a'], ['b', 'c']]);
  ends[1]?.resolve();
  await groups.idle();
  expect(done).toEqual(['a', 'b', 'c']);
});

it('tells the members of a group that fails, and goes on with the next', async () => {
  const { groups, ends } = held();
  const first = groups.add('a', 1);
  const second = groups.add('b', 1);
  ends[0]?.reject(new Error('no space'));
  await expect(first).rejects.toThrow('no space');
  await turn();
  ends[1]?.resolve();
  await second;
});

it('refuses what would make too much wait, and takes more when there is room', async () => {
  const { groups, ends, committed } = held();
  const limit = 64 * 2 ** 20;
  const first = groups.add('a', 1);
  const full = groups.add('b', limit);
  await expect(groups.add('c', 1)).rejects.toThrow('Records come faster than the disk takes them');
  ends[0]?.resolve();
  await first;
  await turn();
  const more = groups.add('d', 1);
  ends[1]?.resolve();
  await full;
  await turn();
  ends[2]?.resolve();
  await more;
  expect(committed).toEqual([['a'], ['b'], ['d']]);
});
