// Entry of a scoring thread: models are opened and asked here, away from the event loop that serves.
import { parentPort } from 'node:worker_threads';
import { openModel } from './learn/model/open-model.ts';
import { answerCommands } from './serve/answer-commands.ts';

if (!parentPort) throw new Error('scorer runs as a worker thread of the server only.');
answerCommands(parentPort, openModel, Math.random);
