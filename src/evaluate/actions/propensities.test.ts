import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionEvents } from '../../learn/histories/action-data.ts';
import { actionEventCodes, noActionEvents } from '../../learn/histories/action-data.ts';
import type { Model } from '../../learn/model/model.ts';
import { readActionIds } from '../../learn/model/model-folder.ts';
import { openModel } from '../../learn/model/open-model.ts';
import { runTraining } from '../../learn/training/run-training.ts';
import { runUpdate } from '../../learn/training/run-update.ts';
import { temporaryFolder, unwatched } from '../../learn/training/training.fixture.ts';
import { serviceTrainingLimits } from '../../learn/training/training.ts';
import { writePlanted } from './planted.fixture.ts';
import { plantedActions } from './planted.ts';

const planted = plantedActions({ users: 600, items: 60, actions: 12, interactions: 10, exposures: 15 }, 3);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let request: Omit<Parameters<typeof runTraining>[0], never>;
let metrics: Record<string, number>;
let model: Model;
let modelFolder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  modelFolder = join(folder.path, 'model');
  await mkdir(modelFolder);
  request = {
    recipe: 'aws-next-best-action',
    parameters: {},
    ...(await writePlanted(planted, folder.path)),
    limits: serviceTrainingLimits,
    seed: 1,
    workFolder: folder.path,
  };
  metrics = await runTraining(request, modelFolder, unwatched);
  model = await openModel(modelFolder);
}, 120_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const chancesOf = async (userId: string, events: ActionEvents = noActionEvents, of = model) =>
  (await of.propensities?.({ userId, events, now: planted.end })) ?? new Float32Array();

describe('a model of actions', () => {
  it('has the metrics of the service, in order of name', () => {
    expect(Object.keys(metrics)).toEqual([
      'area_under_curve',
      'coverage',
      'normalized_discounted_cumulative_gain_at_10',
      'normalized_discounted_cumulative_gain_at_25',
      'normalized_discounted_cumulative_gain_at_5',
      'precision',
      'recall',
    ]);
    expect(metrics.area_under_curve).toBeGreaterThan(0.65);
    expect(metrics.coverage).toBeGreaterThan(0.8);
    for (const value of Object.values(metrics)) expect(value).toBe(Number(value.toFixed(4)));
  });

  it('knows what users with a history like', async () => {
    const actions = await readActionIds(modelFolder);
    let [agreeing, pairs] = [0, 0];
    const isScored = (action: number, chances: Float32Array) => chances[actions.indexOf(`action${action}`)] > 0;
    for (let user = 0; user < 100; user++) {
      const chances = await chancesOf(`user${user}`);
      for (let one = 0; one < 12; one++) {
        const [truth, other] = [planted.chanceAtEnd(user, one), planted.chanceAtEnd(user, (one + 1) % 12)];
        const guess = chances[actions.indexOf(`action${one}`)] - chances[actions.indexOf(`action${(one + 1) % 12}`)];
        if (!isScored(one, chances) || !isScored((one + 1) % 12, chances)) continue;
        pairs++;
        if (guess * (truth - other) > 0) agreeing++;
      }
    }
    expect(agreeing / pairs).toBeGreaterThan(0.75);
  });

  it('gives chances to users whom nobody knows', async () => {
    const chances = await chancesOf('nobody');
    expect(chances.filter((chance) => chance > 0 && chance < 1).length).toBeGreaterThan(8);
  });

  it('does not judge all users without items by the only one of the training who had none', async () => {
    const [begin, end] = [planted.histories.starts[7], planted.histories.ends[7]];
    const [first, last] = [planted.events.starts[7], planted.events.ends[7]];
    const timestamps = planted.histories.timestamps.slice().fill(planted.end, begin, end);
    const types = planted.events.types.slice().fill(actionEventCodes.TAKEN, first, last);
    const eager = join(folder.path, 'eager');
    await mkdir(join(eager, 'model'), { recursive: true });
    const changed = {
      ...planted,
      histories: { ...planted.histories, timestamps },
      events: { ...planted.events, types },
    };
    await runTraining({ ...request, ...(await writePlanted(changed, eager)) }, join(eager, 'model'), unwatched);
    const learned = await openModel(join(eager, 'model'));
    const meanOf = async (userId: string) => {
      const chances = (await chancesOf(userId, noActionEvents, learned)).filter((chance) => chance > 0);
      return chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
    };
    const others = await Promise.all(Array.from({ length: 100 }, (_, n) => meanOf(`user${n + 100}`)));
    const usual = others.reduce((sum, chance) => sum + chance, 0) / others.length;
    expect(Math.abs((await meanOf('nobody')) - usual)).toBeLessThan(0.25);
  });

  it('is the same again with the same seed and data', async () => {
    const again = join(folder.path, 'again');
    await mkdir(again);
    expect(await runTraining(request, again, unwatched)).toEqual(metrics);
    expect(await chancesOf('user7', noActionEvents, await openModel(again))).toEqual(await chancesOf('user7'));
  });

  it('takes new users and items in with an update, and keeps what it learned', async () => {
    const updated = join(folder.path, 'updated');
    await mkdir(updated);
    expect(await runUpdate(request, modelFolder, updated, unwatched)).toEqual(metrics);
    expect(await chancesOf('user7', noActionEvents, await openModel(updated))).toEqual(await chancesOf('user7'));
  });

  it('has no score for anything without action interactions', async () => {
    const bare = join(folder.path, 'bare');
    await mkdir(bare);
    const { actionInteractions, ...others } = request;
    const found = await runTraining(others, bare, unwatched);
    expect(found).toMatchObject({ area_under_curve: 0.5, precision: 0, recall: 0 });
    expect(await chancesOf('user7', noActionEvents, await openModel(bare))).toEqual(new Float32Array(12));
  });
});
