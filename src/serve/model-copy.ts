import type { Ranked } from '../learn/model.ts';
import type { Query } from './scoring-messages.ts';
import { type ScoringThread, ThreadDied } from './scoring-thread.ts';

let lastId = 0;

/** A model as one scoring thread holds it. */
export class ModelCopy {
  readonly thread: ScoringThread;
  readonly bytes: number;
  readonly #id: number;
  #closing: Promise<void> | undefined;

  private constructor(thread: ScoringThread, id: number, bytes: number) {
    this.thread = thread;
    this.#id = id;
    this.bytes = bytes;
  }

  /** Opens the model of a folder on a thread. @throws what opening threw, or ThreadDied. */
  static async open(thread: ScoringThread, folder: string): Promise<ModelCopy> {
    lastId += 1;
    const id = lastId;
    thread.models += 1;
    try {
      const bytes = Number(await thread.send((ticket) => ['open', ticket, id, folder]));
      thread.bytes += bytes;
      return new ModelCopy(thread, id, bytes);
    } catch (error) {
      thread.models -= 1;
      throw error;
    }
  }

  /** @throws what the model threw, or ThreadDied. */
  async ask(query: Query): Promise<Ranked> {
    const answer = await this.thread.send((ticket) =>
      'items' in query ? ['rank', ticket, this.#id, query] : ['recommend', ticket, this.#id, query],
    );
    if (typeof answer === 'number') throw new Error('A scoring thread answered a query with a number.');
    return answer;
  }

  /** Makes the thread forget the model, after all that was asked of it before; closing again changes nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.thread.send((ticket) => ['close', ticket, this.#id]);
    } catch (error) {
      if (!(error instanceof ThreadDied)) throw error; // a dead thread holds nothing
    }
    this.thread.models -= 1;
    this.thread.bytes -= this.bytes;
  }
}
