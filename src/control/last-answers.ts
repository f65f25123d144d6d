import type { UsedHistory } from '../learn/model.ts';

/** What a user, or a session without one, was last answered from. */
export type LastAnswer = UsedHistory & {
  readonly campaignArn: string;
  readonly solutionVersionArn: string;
  /** Milliseconds since the epoch. */
  readonly answeredAt: number;
  /** When the newest of the recent events happened: seconds since the epoch; absent if there were none. */
  readonly newestEventAt?: number | undefined;
};

/** Users whose last answer is remembered. */
const most = 10_000;

/** The last answers that this node gave, by user, for those who ask what became of their events. */
export class LastAnswers {
  readonly #answers = new Map<string, LastAnswer>();

  remember(userId: string, answer: LastAnswer): void {
    this.#answers.delete(userId);
    this.#answers.set(userId, answer);
    if (this.#answers.size <= most) return;
    for (const oldest of this.#answers.keys()) {
      this.#answers.delete(oldest);
      return;
    }
  }

  of(userId: string): LastAnswer | undefined {
    return this.#answers.get(userId);
  }
}
