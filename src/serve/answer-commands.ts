import type { MessagePort } from 'node:worker_threads';
import type { Model } from '../learn/model.ts';
import type { Answer, Command } from './scoring-messages.ts';

/** Answers are gathered into one message for at most this long, so that the first of a batch does not wait for the last. */
const gatherMs = 0.5;

/** The life of a scoring thread: holds opened models and answers the commands that come through `port`, in their order. */
export function answerCommands(port: MessagePort, openModel: (folder: string) => Promise<Model>): void {
  const models = new Map<number, Model>();

  const held = (id: number): Model => {
    const model = models.get(id);
    if (!model) throw new Error(`Scoring was asked of model ${id}, which this thread does not hold.`);
    return model;
  };

  const open = async (id: number, folder: string): Promise<number> => {
    const model = await openModel(folder);
    models.set(id, model);
    return model.bytes;
  };

  const answer = async (command: Exclude<Command, readonly ['open', ...unknown[]]>): Promise<Answer[1]> => {
    try {
      switch (command[0]) {
        case 'recommend':
          return await held(command[2]).recommend({ count: command[3], userId: command[4], itemId: command[5] });
        case 'rank':
          return await held(command[2]).rank({ userId: command[3], items: command[4] });
        case 'close':
          models.delete(command[2]);
          return 0;
      }
    } catch (error) {
      return asError(error);
    }
  };

  const answerAll = async (commands: readonly Command[]): Promise<void> => {
    let answers: Answer[] = [];
    let since = performance.now();
    for (const command of commands) {
      if (command[0] === 'open') {
        const [, ticket, id, folder] = command;
        open(id, folder).then(
          (bytes) => port.postMessage([[ticket, bytes]]),
          (error: unknown) => port.postMessage([[ticket, asError(error)]]),
        );
        continue;
      }
      answers.push([command[1], await answer(command)]);
      if (performance.now() - since > gatherMs) {
        port.postMessage(answers);
        answers = [];
        since = performance.now();
      }
    }
    if (answers.length > 0) port.postMessage(answers);
  };

  // One message at a time, so that a model is closed after all that was asked of it before.
  let before = Promise.resolve();
  port.on('message', (commands: readonly Command[]) => {
    before = before.then(() => answerAll(commands));
  });
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
