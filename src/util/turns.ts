/** Has work on the same key run one after another, in the order in which it was given. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Turns within this process. */
export function turnsHere(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const run = (last.get(key) ?? Promise.resolve()).then(work);
    const ended: Promise<unknown> = run.then(forget, forget);
    last.set(key, ended);
    function forget() {
      if (last.get(key) === ended) last.delete(key);
    }
    return run;
  };
}

/** What a process asks that shares another one's turns. */
export type SharedTurns = {
  /** Resolves when it is its turn. @returns what names the turn */
  beginTurn(key: string): Promise<number>;
  endTurn(turn: number): void;
};

/** The turns of one other process: those that it has when it is gone end. */
export class TurnsForOther implements Disposable {
  readonly #turns: Turns;
  readonly #held = new Map<number, () => void>();
  #last = 0;
  #isGone = false;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  readonly methods: SharedTurns = {
    beginTurn: async (key) => await this.#begin(key),
    endTurn: (turn) => this.#end(turn),
  };

  async #begin(key: string): Promise<number> {
    const begun = Promise.withResolvers<number>();
    void this.#turns(key, async () => {
      if (this.#isGone) return;
      this.#last += 1;
      const turn = this.#last;
      const ended = Promise.withResolvers<void>();
      this.#held.set(turn, ended.resolve);
      begun.resolve(turn);
      await ended.promise;
    });
    return await begun.promise;
  }

  #end(turn: number): void {
    this.#held.get(turn)?.();
    this.#held.delete(turn);
  }

  [Symbol.dispose](): void {
    this.#isGone = true;
    for (const turn of this.#held.keys()) this.#end(turn);
  }
}

/** Turns that another process gives. */
export const turnsElsewhere =
  ({ beginTurn, endTurn }: SharedTurns): Turns =>
  async (key, work) => {
    const turn = await beginTurn(key);
    try {
      return await work();
    } finally {
      endTurn(turn);
    }
  };
