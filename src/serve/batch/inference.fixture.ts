import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field } from '../../data/dataset-schema.ts';
import type { PinnedFile } from '../../data/pinned-snapshot.ts';
import { themedItems } from '../../learn/families/semantic/semantic.fixture.ts';
import { train } from '../../learn/training/train.ts';
import {
  clusterOfItem,
  field,
  planted,
  plantedInteractions,
  unwatched,
  writeDataset,
} from '../../learn/training/training.fixture.ts';
import { serviceTrainingLimits, type TrainingInput } from '../../learn/training/training.ts';
import { type InferenceTask, partOf } from './batch-tasks.ts';
import { runBatch } from './run-batch.ts';

const eventFields = [...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => field(name)), field('TIMESTAMP', 'long')];
const itemFields: readonly Field[] = [
  field('ITEM_ID'),
  { ...field('NAME'), isItemName: true },
  { ...field('PLOT'), textual: true },
  { ...field('GENRE'), categorical: true },
  field('CREATION_TIMESTAMP', 'long'),
];
const userFields: readonly Field[] = [field('USER_ID'), { ...field('TIER'), categorical: true }];
/** As the record log has events. */
const streamedFields = [...eventFields, field('$SESSION_ID'), field('$EVENT_ID'), field('$RECEIVED_AT', 'long')];

export const genreOf = (id: string) => `genre${clusterOfItem(id)}`;
const itemCount = planted.clusters * planted.itemsPerCluster;
/** After all that is planted. */
const later = 1_700_000_000;

/** Planted interactions with a model of any recipe, and tasks on lines about them. */
export class PlantedJobs {
  readonly #folder: string;
  readonly #models = new Map<string, Promise<string>>();
  readonly #data: Promise<{ interactions: TrainingInput; items: TrainingInput; users: TrainingInput }>;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#data = this.#writeData();
  }

  /** The folder of a model, trained when it is first asked for. */
  model(recipe: string): Promise<string> {
    const known = this.#models.get(recipe) ?? this.#train(recipe);
    this.#models.set(recipe, known);
    return known;
  }

  /** The datasets, as pinned files. */
  async datasets() {
    const { interactions, items, users } = await this.#data;
    const pinned = ({ schema, files }: TrainingInput) => ({
      schema: { fields: schema.fields },
      files: files.map((file): PinnedFile => ({ path: String(file), through: null })),
    });
    return { interactions: pinned(interactions), items: pinned(items), users: pinned(users) };
  }

  /** A file with events as of the record log, position 1 to 7. */
  async streamed(events: readonly (readonly [user: string, item: string])[]): Promise<PinnedFile> {
    const rows = events.map(([user, item], n) => [user, item, 'watch', later + n, `s-${user}`, `e${n}`, later + n]);
    const { files } = await writeDataset(this.#next('streamed'), streamedFields, rows);
    return { path: String(files[0]), through: 7 };
  }

  /** An item that has come after the training: as a file of the items. */
  async newItem(id: string, genre: string): Promise<PinnedFile> {
    const { files } = await writeDataset(this.#next('items'), itemFields, [[id, 'rocket', 'stars', genre, later]]);
    return { path: String(files[0]), through: 7 };
  }

  /** What the child process writes for some lines, cut into ranges at these bytes. */
  async outputOf(
    recipe: string,
    lines: readonly (object | string)[],
    options: Partial<InferenceTask> & { readonly cuts?: readonly number[] } = {},
  ): Promise<string> {
    const { cuts = [], ...task } = options;
    const folder = this.#next('job');
    await mkdir(folder);
    const path = join(folder, 'lines.json');
    const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
    await writeFile(path, text);
    const bounds = [0, ...cuts, Buffer.byteLength(text)];
    const ranges = bounds.slice(1).map((end, n) => {
      return { name: String(n).padStart(6, '0'), file: 0, path, begin: bounds[n] ?? 0, end };
    });
    const parts = new Map<string, string>();
    await runBatch(
      'infer',
      {
        ranges,
        folder: join(folder, 'made'),
        temporaryFolder: join(folder, 'spilled'),
        model: await this.model(recipe),
        count: 10,
        startedAt: 1000 * (later + 100),
        seed: 1,
        limits: { lineBytes: 1000, itemsToRank: 20 },
        ...task,
      },
      {
        progress: unwatched,
        async keepPart(name, made) {
          await rename(made, join(folder, name));
          parts.set(partOf(name)?.range ?? '', await readFile(join(folder, name), 'utf8'));
        },
      },
    );
    return ranges.map(({ name }) => parts.get(name)).join('');
  }

  /** The same as objects. */
  async outputLines(...args: Parameters<PlantedJobs['outputOf']>) {
    return (await this.outputOf(...args))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  #next(name: string): string {
    return join(this.#folder, `${name}-${this.#count++}`);
  }

  async #train(recipe: string): Promise<string> {
    const data = await this.#data;
    const modelFolder = this.#next(recipe);
    await train(
      {
        recipe,
        parameters: {},
        ...data,
        limits: serviceTrainingLimits,
        seed: 1,
        modelFolder,
        workFolder: this.#next('work'),
      },
      unwatched,
    );
    return modelFolder;
  }

  async #writeData() {
    const events = plantedInteractions().map(([user = '', item = '', time = 0]) => [user, item, 'watch', time]);
    const items = themedItems(itemCount).map(([, name, plot, time], n) => [
      `i${n}`,
      name,
      plot,
      genreOf(`i${n}`),
      time,
    ]);
    const users = Array.from({ length: planted.users }, (_, n) => [`u${n}`, n % 2 === 0 ? 'gold' : 'child']);
    return {
      interactions: await writeDataset(this.#next('interactions'), eventFields, events),
      items: await writeDataset(this.#next('items'), itemFields, items),
      users: await writeDataset(this.#next('users'), userFields, users),
    };
  }
}
