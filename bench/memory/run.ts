import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Configuration, configurationFor } from '../../src/learn/families/transformer/encoder/architecture.ts';
import { learnTransformer } from '../../src/learn/families/transformer/learn.ts';
import { interactionCount } from '../../src/learn/histories/histories.ts';
import type { Recipe } from '../../src/learn/recipes/recipe.ts';
import { userPersonalizationV2 } from '../../src/learn/recipes/user-personalization-v2.ts';
import { runTraining } from '../../src/learn/training/run-training.ts';
import { serviceTrainingLimits } from '../../src/learn/training/training.ts';
import type { Progress } from '../../src/util/progress.ts';
import type { MemoryReport, MemoryTask, Stage } from './process.ts';

const fields = [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
] as const;

process.once('message', async ({ path, folder, mostSteps }: MemoryTask) => {
  const model = join(folder, 'model');
  await mkdir(model);
  const { progress, end } = follow();
  await runTraining(
    {
      recipe: userPersonalizationV2.name,
      parameters: {},
      interactions: {
        schema: { fields: fields.map((field) => ({ ...field, nullable: false, categorical: false, textual: false })) },
        files: [path],
      },
      limits: serviceTrainingLimits,
      seed: 1,
      workFolder: folder,
    },
    model,
    progress,
    undefined,
    shortened(mostSteps),
  );
  process.send?.(end(), () => process.exit(0));
});

/** The recipe with the design that is its own for the data, ended after so many steps. */
const shortened = (mostSteps: number): Recipe => ({
  ...userPersonalizationV2,
  learn: (task) =>
    learnTransformer(task, (histories, itemCount): Configuration => {
      const { architecture, optimiserSettings } = configurationFor(histories, itemCount);
      const anEpoch = interactionCount(histories) / (optimiserSettings.rows * architecture.length);
      return {
        architecture,
        optimiserSettings: { ...optimiserSettings, epochs: Math.min(optimiserSettings.epochs, mostSteps / anEpoch) },
      };
    }),
});

/** The stage of a training, by what it says that it is doing. */
function follow(): { readonly progress: Progress; end(): MemoryReport } {
  const stages: Stage[] = [];
  let name = 'start';
  let began = performance.now();
  const peak = () => process.resourceUsage().maxRSS * 1024;
  const next = (to: string) => {
    const now = performance.now();
    stages.push({ name, seconds: (now - began) / 1000, peakBytes: peak() });
    process.stderr.write(`${name}: ${((now - began) / 1000).toFixed(1)} s, ${(peak() / 2 ** 30).toFixed(2)} GiB\n`);
    [name, began] = [to, now];
  };
  return {
    progress: {
      signal: new AbortController().signal,
      report(_, note, figures) {
        if (figures) process.stderr.write(`${note}\n`);
        const stage = note.startsWith('step ') ? 'training the encoder' : note;
        if (!figures && stage !== name) next(stage);
      },
    },
    end() {
      next('done');
      return { stages, peakBytes: peak() };
    },
  };
}
