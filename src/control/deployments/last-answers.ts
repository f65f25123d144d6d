import { LRUCache } from 'lru-cache';
import type { HistoryUse } from '../../learn/model/model.ts';

/** What a user, or a session without one, was last answered from. */
export type LastAnswer = HistoryUse & {
  /** The owner of the deployment that answered, and that of its model. */
  readonly ownerArn: string;
  readonly modelOwnerArn: string;
  /** Milliseconds since the epoch. */
  readonly answeredAt: number;
  /** When the newest of the recent events happened: seconds since the epoch; absent if there were none. */
  readonly newestEventAt?: number | undefined;
};

/** Users whose last answer is remembered. */
const maxUsers = 10_000;

/** The last answers of this server, by dataset and user, for those who ask what became of their events. */
export class LastAnswers {
  readonly #answers = new LRUCache<string, LastAnswer>({ max: maxUsers });
  readonly #askOthers: ((datasetArn: string, userId: string) => Promise<(LastAnswer | undefined)[]>) | undefined;

  /** @param askOthers for those that the other processes of the server gave */
  constructor(askOthers?: (datasetArn: string, userId: string) => Promise<(LastAnswer | undefined)[]>) {
    this.#askOthers = askOthers;
  }

  /** @param datasetArn the Interactions dataset whose user it is: other dataset groups may have another of that id */
  remember(datasetArn: string, userId: string, answer: LastAnswer): void {
    this.#answers.set(keyOf(datasetArn, userId), answer);
  }

  /** Forgets the answers of users of some datasets. */
  forget(datasetArns: readonly string[], has: (userId: string) => boolean): void {
    for (const key of [...this.#answers.keys()]) {
      const blank = key.indexOf(' ');
      if (datasetArns.includes(key.slice(0, blank)) && has(key.slice(blank + 1))) this.#answers.delete(key);
    }
  }

  async of(datasetArn: string, userId: string): Promise<LastAnswer | undefined> {
    const elsewhere = (await this.#askOthers?.(datasetArn, userId)) ?? [];
    return [this.here(datasetArn, userId), ...elsewhere]
      .filter((answer) => answer !== undefined)
      .reduce<LastAnswer | undefined>(
        (last, next) => (last && last.answeredAt >= next.answeredAt ? last : next),
        undefined,
      );
  }

  /** Of those that this process gave. */
  here(datasetArn: string, userId: string): LastAnswer | undefined {
    return this.#answers.peek(keyOf(datasetArn, userId));
  }
}

/** An ARN holds no blank. */
const keyOf = (datasetArn: string, userId: string) => `${datasetArn} ${userId}`;
