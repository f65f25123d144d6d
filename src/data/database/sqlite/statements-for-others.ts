import { CompiledQuery, type ControlledTransaction, type Kysely } from 'kysely';

/** What a statement gives: rows, and how many it changed where that is known. */
export type StatementResult = { readonly rows: unknown[]; readonly numAffectedRows?: bigint };

/** What a process asks that lets another one have statements run on the connection that it holds. */
export type Statements = {
  /** Outside of any transaction. */
  query(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Waits until it has the connection to itself. @returns what names the transaction */
  begin(): Promise<number>;
  queryWithin(transaction: number, sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  commit(transaction: number): Promise<void>;
  rollback(transaction: number): Promise<void>;
};

/** Runs the statements of one other process. When that is gone, its transactions are taken back. */
export class StatementsForOther<Tables> implements AsyncDisposable {
  readonly #database: Kysely<Tables>;
  readonly #transactions = new Map<number, ControlledTransaction<Tables>>();
  #lastTransaction = 0;
  #isGone = false;

  constructor(database: Kysely<Tables>) {
    this.#database = database;
  }

  readonly methods: Statements = {
    query: async (sql, parameters) =>
      resultOf(await this.#database.executeQuery(CompiledQuery.raw(sql, [...parameters]))),
    begin: async () => await this.#begin(),
    queryWithin: async (transaction, sql, parameters) =>
      resultOf(await this.#of(transaction).executeQuery(CompiledQuery.raw(sql, [...parameters]))),
    commit: async (transaction) => await this.#take(transaction).commit().execute(),
    rollback: async (transaction) => await this.#take(transaction).rollback().execute(),
  };

  async #begin(): Promise<number> {
    const begun = await this.#database.startTransaction().execute();
    if (this.#isGone) {
      await begun.rollback().execute();
      throw new Error('The process that began a transaction is gone.');
    }
    this.#lastTransaction += 1;
    this.#transactions.set(this.#lastTransaction, begun);
    return this.#lastTransaction;
  }

  #of(transaction: number): ControlledTransaction<Tables> {
    const present = this.#transactions.get(transaction);
    if (!present) throw new Error('The transaction has ended.');
    return present;
  }

  #take(transaction: number): ControlledTransaction<Tables> {
    const present = this.#of(transaction);
    this.#transactions.delete(transaction);
    return present;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isGone = true;
    const open = [...this.#transactions.values()];
    this.#transactions.clear();
    await Promise.all(open.map((transaction) => transaction.rollback().execute()));
  }
}

const resultOf = ({ rows, numAffectedRows }: StatementResult): StatementResult =>
  numAffectedRows === undefined ? { rows } : { rows, numAffectedRows };
