import type { MessagePort } from 'node:worker_threads';
import type { FilePath } from '../data/encryption/file-path.ts';
import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { Model } from '../learn/model/model.ts';
import { type ReadIds, readIdFile } from '../learn/model/model-folder.ts';
import { Vocabulary, type VocabularyParts } from '../learn/model/vocabulary.ts';
import { type ExploredRanking, Explorer } from './exploration/explorer.ts';
import type { Command, OpenedModel, ScoringAnswer, ScoringResult } from './scoring-messages.ts';
import type { IdsBySum } from './shared-ids.ts';

/** Commands that are answered together, since models that read all items do so once for several users. */
const together = 4;

/**
 * The life of a scoring thread: holds opened models and answers the commands that come through `port`, in their order.
 *
 * @param random uniform in [0, 1), for exploration
 */
export function answerCommands(
  port: MessagePort,
  openModel: (folder: FilePath, readIds: ReadIds) => Promise<Model>,
  random: () => number,
): void {
  const models = new Map<number, Model>();
  const explorers = new Map<number, Explorer>();

  const held = (id: number): Model => {
    const model = models.get(id);
    if (!model) throw new Error(`Scoring was asked of model ${id}, which this thread does not hold.`);
    return model;
  };

  const open = async (id: number, folder: FilePath, known: IdsBySum): Promise<OpenedModel> => {
    const ids = new Map<string, Vocabulary>();
    const model = await openModel(folder, async (file, sum) => {
      const found = (sum && asVocabulary(known[sum])) || (await readIdFile(file, sum));
      if (sum !== undefined) ids.set(sum, found);
      return found;
    });
    models.set(id, model);
    const sharedBytes = [...ids.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      bytes: model.bytes - sharedBytes,
      itemIds: model.items.parts,
      itemSum: [...ids].find(([, of]) => of === model.items)?.[0],
      ids: Object.fromEntries([...ids].map(([sum, { parts }]) => [sum, parts])),
    };
  };

  const recommend = async ([, , id, query, exploration]: CommandOf<'recommend'>): Promise<ExploredRanking> => {
    const explorer = explorers.get(id);
    return await (exploration && explorer ? explorer.recommend(query, exploration) : held(id).recommend(query));
  };

  const takeCandidates = ([, , id, candidates, posterior]: CommandOf<'candidates'>): number => {
    if (posterior) explorers.set(id, new Explorer(held(id), posterior, random));
    const explorer = explorers.get(id);
    explorer?.add(candidates);
    return explorer?.bytes ?? 0;
  };

  const answer = async (command: Exclude<Command, CommandOf<'open' | 'explain'>>): Promise<ScoringAnswer[1]> => {
    try {
      switch (command[0]) {
        case 'recommend':
          return await recommend(command);
        case 'candidates':
          return takeCandidates(command);
        case 'rank':
          return await held(command[2]).rank(command[3]);
        case 'propensities':
          return await propensities(held(command[2]), command[3]);
        case 'close':
          models.delete(command[2]);
          explorers.delete(command[2]);
          return 0;
      }
    } catch (error) {
      return asError(error);
    }
  };

  /** Without others waiting for it. */
  const answerAside = (ticket: number, result: Promise<ScoringResult>): void => {
    result.then(
      (value) => port.postMessage([[ticket, value]]),
      (error: unknown) => port.postMessage([[ticket, asError(error)]]),
    );
  };

  // One explanation at a time: each asks a model many times, with other commands in between.
  let explained: Promise<unknown> = Promise.resolve();
  const explain = ([, , id, query]: CommandOf<'explain'>): Promise<ScoringResult> => {
    const explanation = explained.then(async () => ({ explanation: await held(id).explain(query) }));
    explained = explanation.catch(() => {}); // the one who asked gets the error
    return explanation;
  };

  const answerAll = async (commands: readonly Command[]): Promise<void> => {
    for (let begin = 0; begin < commands.length; begin += together) {
      const answers: Promise<ScoringAnswer>[] = [];
      for (const command of commands.slice(begin, begin + together)) {
        if (command[0] === 'open') answerAside(command[1], open(command[2], command[3], command[4]));
        else if (command[0] === 'explain') answerAside(command[1], explain(command));
        else answers.push(answer(command).then((result): ScoringAnswer => [command[1], result]));
      }
      if (answers.length > 0) port.postMessage(await Promise.all(answers));
    }
  };

  // One message at a time, so that a model is closed after all that was asked of it before.
  let before = Promise.resolve();
  port.on('message', (commands: readonly Command[]) => {
    before = before.then(() => answerAll(commands));
  });
}

async function propensities(model: Model, query: PropensityQuery): Promise<Float32Array> {
  if (!model.propensities) throw new Error('A model that knows no actions was asked for propensities.');
  return await model.propensities(query);
}

const asVocabulary = (parts: VocabularyParts | undefined) =>
  parts && new Vocabulary(parts.utf8, parts.offsets, parts.slots);

type CommandOf<Name extends Command[0]> = Extract<Command, readonly [Name, ...unknown[]]>;

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
