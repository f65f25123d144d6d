import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectUsers } from '../../../histories/histories.ts';
import { resolveParameters } from '../../../recipes/parameters.ts';
import type { LearnedModel } from '../../../recipes/recipe.ts';
import { userPersonalizationV2 } from '../../../recipes/user-personalization-v2.ts';
import { checkpointFiles } from '../../../training/checkpoint-files.ts';
import type { Checkpoints } from '../../../training/checkpoints.ts';
import { temporaryFolder } from '../../../training/training.fixture.ts';
import type { Configuration } from '../encoder/architecture.ts';
import { learnTransformer } from '../learn.ts';
import { circle, historiesOf, strollers } from '../transformer.fixture.ts';

const histories = historiesOf(strollers().slice(0, 80));
const nineTenths = selectUsers(
  histories,
  Uint32Array.from({ length: 72 }, (_, user) => user),
);

/** Some 30 steps from scratch and 6 going on, sampled, with dropout: all that a seed decides. */
const configuration = (epochs: number): Configuration => ({
  architecture: { width: 8, blocks: 1, heads: 1, length: 8 },
  optimiserSettings: { dropout: 0.2, attentionDropout: 0.1, peakRate: 3e-3, epochs, negatives: 16, rows: 8 },
});

type Stop = { readonly afterSteps: number };

/** Both learnings of a training, with their reports; the lines that were worth it, and the model. */
async function train(checkpoints?: Checkpoints, stop?: Stop, epochs = 3) {
  const lines: string[] = [];
  const abort = new AbortController();
  let steps = 0;
  const task = {
    itemCount: circle.items,
    parameters: resolveParameters(userPersonalizationV2, {}),
    seed: 5,
    checkpoints,
    progress: {
      signal: abort.signal,
      report(_: number, note: string, figures?: object) {
        if (figures) lines.push(note);
        if (note.startsWith('step ') && ++steps === stop?.afterSteps) abort.abort(new Error('killed'));
      },
    },
  };
  const configurationOf = () => configuration(epochs);
  const learnBoth = async () => {
    const before = await learnTransformer({ ...task, histories: nineTenths }, configurationOf);
    return await learnTransformer({ ...task, histories, warmStart: before }, configurationOf);
  };
  const learned = await learnBoth().catch((error: Error) => {
    if (error.message !== 'killed') throw error;
    return undefined;
  });
  return { learned, lines, steps };
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let undisturbed: { readonly learned: LearnedModel | undefined; readonly steps: number };
beforeAll(async () => {
  folder = await temporaryFolder();
  undisturbed = await train();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Checkpoints after each step, where the attempts of one training find each other's. */
async function checkpointsIn(name: string, training = 'this') {
  const [earlier, made] = [join(folder.path, name, 'kept'), join(folder.path, name, 'made')];
  for (const path of [earlier, made]) await mkdir(path, { recursive: true });
  const files = checkpointFiles({ earlier, made }, (file) => rename(join(made, file), join(earlier, file)));
  return { earlier, checkpoints: { ...files, training, due: () => true } };
}

describe('a training that was killed', () => {
  it.each([1, 17, 41])('after %i steps goes on and ends with the very same model', async (afterSteps) => {
    const { checkpoints } = await checkpointsIn(`killed-${afterSteps}`);
    const killed = await train(checkpoints, { afterSteps });
    expect(killed.learned).toBeUndefined();
    const resumed = await train(checkpoints);
    expect(resumed.lines.join('\n')).toContain('going on from the checkpoint encoder-');
    expect(resumed.learned).toEqual(undisturbed.learned);
    // The step that was under way when it was killed is all that is done twice.
    expect(resumed.steps).toBeLessThanOrEqual(undisturbed.steps - afterSteps + 1);
  });

  it('is killed again and again, and still ends with the same', async () => {
    const { checkpoints } = await checkpointsIn('again');
    let attempts = 0;
    let learned: LearnedModel | undefined;
    while (!learned) {
      ({ learned } = await train(checkpoints, { afterSteps: 11 }));
      attempts++;
    }
    expect(attempts).toBeGreaterThan(3);
    expect(learned).toEqual(undisturbed.learned);
  });

  it.each([
    ['of other data', 'other', 3, 'It is of other data or of another design.'],
    ['of another design', 'this', 4, 'It is of other data or of another design.'],
  ])('leaves a checkpoint %s aside, says so, and trains from the start', async (_, training, epochs, reason) => {
    const { checkpoints } = await checkpointsIn(`foreign-${training}-${epochs}`, training);
    await train(checkpoints, { afterSteps: 5 }, epochs);
    const { lines, learned } = await train({ ...checkpoints, training: 'this' });
    expect(lines).toContainEqual(
      expect.stringContaining(`encoder-1 is not used, and this part of the training begins anew: ${reason}`),
    );
    expect(learned).toEqual(undisturbed.learned);
  });

  it('leaves a torn checkpoint aside, too', async () => {
    const { checkpoints, earlier } = await checkpointsIn('torn');
    await train(checkpoints, { afterSteps: 5 });
    for (const file of await readdir(earlier)) await writeFile(join(earlier, file), 'torn');
    const { lines, learned } = await train(checkpoints);
    expect(lines).toContainEqual(expect.stringContaining('encoder-1 is not used'));
    expect(learned).toEqual(undisturbed.learned);
  });
});

it('may train for less than one pass', async () => {
  const { learned, steps } = await train(undefined, undefined, 0.3);
  expect(steps).toBeGreaterThan(2);
  expect(steps).toBeLessThan(undisturbed.steps / 5);
  expect(Object.values(learned?.tensors ?? {}).every(({ data }) => data.every(Number.isFinite))).toBe(true);
});

it('says before the start how long it takes, and with each look how it goes', async () => {
  const { lines } = await train();
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^The encoder takes about \d+ seconds to train, unless it stops early: 3\.0 passes over \d+ interactions of 72 users, then 0\.6 twice\.$/,
    ),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/^epoch \d\.\d of 3\.\d, loss \d+\.\d{4}, validation NDCG@10 \d\.\d{4}$/),
  );
});
