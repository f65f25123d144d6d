import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { arnFor, type Bench, caller, openBench, refusal, steps } from '../control.fixture.ts';
import { families } from '../families.ts';
import { WorkFailed } from '../jobs/job.ts';
import { openWorkshop } from './toy.fixture.ts';

// A kind of resource that only a family of this test knows gets all that kinds get.

let home: string;
let workshop: ReturnType<typeof openWorkshop>;
let bench: Bench;
let group: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kind-'));
  await open();
  group = await steps(bench).group();
});
afterEach(async () => {
  await bench.close();
  await rm(home, { recursive: true });
});

async function open(): Promise<void> {
  workshop = openWorkshop();
  bench = await openBench({ home, families: [...families, workshop.family] });
}

async function objects(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of bench.parts.store.list('toys/')) keys.push(key);
  return keys;
}

const toy = async (name = 'duck') => {
  const arn = await workshop.toys.create(group, name, caller);
  expect(await bench.settled(arn)).toBe('ACTIVE');
  return arn;
};

it('creates it with tags and starts its work, which makes it ACTIVE', async () => {
  workshop.making.hold();
  const tags = [{ tagKey: 'of', tagValue: 'wood' }];
  const arn = await workshop.toys.create(group, 'duck', caller, tags);
  expect(arn).toBe(arnFor('toy/duck'));
  expect((await workshop.toys.describe(arn, caller)).status).toMatch(/^CREATE (PENDING|IN_PROGRESS)$/);
  workshop.making.release();
  expect(await bench.settled(arn)).toBe('ACTIVE');
  expect(await workshop.toys.describe(arn, caller)).toMatchObject({ name: 'duck', colour: 'plain' });
  expect(await bench.call('ListTagsForResource', { resourceArn: arn })).toEqual({ tags });
  expect(await objects()).toEqual(['toys/duck/wood']);
});

it('goes on with its work after a restart', async () => {
  workshop.making.hold();
  const arn = await workshop.toys.create(group, 'duck', caller);
  await expect.poll(objects).toEqual(['toys/duck/wood']);
  await bench.close();
  await open();
  expect(await bench.settled(arn)).toBe('ACTIVE');
  expect(await objects()).toEqual(['toys/duck/wood']);
});

it('fails with a reason, keeps its name, and can be deleted', async () => {
  workshop.making.hold();
  const arn = await workshop.toys.create(group, 'duck', caller);
  expect(await refusal(workshop.toys.create(group, 'duck', caller))).toBe(
    `ResourceAlreadyExistsException: Another resource with Arn ${arn} already exists.`,
  );
  expect(await refusal(workshop.toys.remove(arn, caller))).toMatch(
    /^ResourceInUseException: .* is in status CREATE \w+; it must be ACTIVE or CREATE FAILED\.$/,
  );
  workshop.making.release(new WorkFailed('There is no wood.'));
  expect(await bench.settled(arn)).toBe('CREATE FAILED');
  expect(await workshop.toys.describe(arn, caller)).toMatchObject({ failureReason: 'There is no wood.' });
  await workshop.toys.remove(arn, caller);
  await expect.poll(objects).toEqual([]);
});

it('counts it against a quota of its own', async () => {
  for (const name of ['duck', 'bear', 'boat']) await toy(name);
  expect(await refusal(workshop.toys.create(group, 'drum', caller))).toBe(
    'LimitExceededException: Cannot create a toy. More than 3 resources in ACTIVE state. Please delete some and try again.',
  );
  await workshop.toys.remove(arnFor('toy/bear'), caller);
  await toy('drum');
});

it('lists it in pages, newest first, and only to its account', async () => {
  for (const name of ['duck', 'bear', 'boat']) await toy(name);
  const first = await workshop.toys.list({ maxResults: 2 }, caller);
  expect(first).toEqual({ toys: ['boat', 'bear'], nextToken: expect.any(String) });
  const second = await workshop.toys.list({ maxResults: 2, nextToken: first.nextToken }, caller);
  expect(second).toEqual({ toys: ['duck'] });
  const other = { ...caller, account: '999999999999' };
  expect(await workshop.toys.list({}, other)).toEqual({ toys: [] });
  expect(await refusal(workshop.toys.describe(arnFor('toy/duck'), other))).toMatch(/^ResourceNotFoundException/);
});

it('updates it beside its status', async () => {
  const arn = await toy();
  await workshop.toys.paint(arn, 'yellow', caller);
  expect(await bench.settled(arn)).toBe('ACTIVE');
  expect(await workshop.toys.describe(arn, caller)).toMatchObject({
    colour: 'yellow',
    latestUpdate: { colour: 'yellow', status: 'ACTIVE', lastUpdatedDateTime: expect.any(Number) },
  });
});

it('has words of its own for its states, and a limit to what is unfinished', async () => {
  const arn = await toy();
  workshop.repairs.hold();
  const repair = await workshop.toys.repair(arn, 'wheel', caller);
  expect(await refusal(workshop.toys.repair(arn, 'axle', caller))).toBe(
    'LimitExceededException: More than 1 resources with PENDING or IN_PROGRESS status.',
  );
  workshop.repairs.release();
  expect(await bench.settled(repair)).toBe('COMPLETED');
  expect(await bench.settled(await workshop.toys.repair(arn, 'axle', caller))).toBe('COMPLETED');
});

it('is not deleted while something needs it', async () => {
  const arn = await toy();
  const window = await workshop.toys.show(arn, 'market-street', caller);
  expect(await refusal(workshop.toys.remove(arn, caller))).toBe(
    `ResourceInUseException: Toy ${arn} is in use by ${window}.`,
  );
  await workshop.toys.removeWindow(window, caller);

  workshop.repairs.hold();
  const repair = await workshop.toys.repair(arn, 'wheel', caller);
  expect(await refusal(workshop.toys.remove(arn, caller))).toMatch(
    new RegExp(
      `^ResourceInUseException: Toy ${arn} is in use by ${repair}, which is in status (PENDING|IN_PROGRESS)\\.$`,
    ),
  );
  workshop.repairs.release();
  await bench.settled(repair);
  await workshop.toys.remove(arn, caller);
});

it('keeps its parent, and takes along what goes with it: children, tags, objects of the store', async () => {
  const arn = await toy();
  const repair = await workshop.toys.repair(arn, 'wheel', caller);
  await bench.settled(repair);
  await bench.call('TagResource', { resourceArn: arn, tags: [{ tagKey: 'of', tagValue: 'wood' }] });
  expect(await refusal(bench.call('DeleteDatasetGroup', { datasetGroupArn: group }))).toBe(
    `ResourceInUseException: Dataset group ${group} still holds ${arn}.`,
  );

  await workshop.toys.remove(arn, caller);
  expect(await bench.settled(arn)).toBe('gone');
  expect(await bench.settled(repair)).toBe('gone');
  await expect.poll(objects).toEqual([]);
  await bench.call('DeleteDatasetGroup', { datasetGroupArn: group });

  group = await steps(bench).group();
  await toy();
  expect(await bench.call('ListTagsForResource', { resourceArn: arn })).toEqual({ tags: [] });
});

it('cannot be tagged if the kind has no tags', async () => {
  const window = await workshop.toys.show(await toy(), 'market-street', caller);
  expect(await refusal(bench.call('ListTagsForResource', { resourceArn: window }))).toBe(
    `InvalidInputException: Resource ${window} cannot be tagged.`,
  );
});
