import { Socket } from 'node:net';
import type { Primary } from '../control/peers.ts';
import { type DatabaseWithSnapshots, databaseElsewhere } from '../data/database/database.ts';
import { isNoSpace, type Room } from '../data/database/reserve.ts';
import type { Token } from '../edge/rate-limits.ts';
import { Channel, type Methods } from '../util/channel/channel.ts';
import type { Others } from '../util/channel/others.ts';
import { turnsElsewhere } from '../util/turns.ts';
import { channelDescriptor } from './api-processes.ts';
import type { Listening, PeerMethods, PrimaryMethods, RoomState, Startup } from './messages.ts';
import { wireErrors } from './wire-errors.ts';

/** The process that has started this one, as this one asks it. When it is gone, so is this one, at once. */
export class PrimaryLink<Options> {
  readonly #channel: Channel<PrimaryMethods<Options>>;
  readonly startup: Startup<Options>;
  readonly room: RoomOfPrimary | undefined;

  private constructor(channel: Channel<PrimaryMethods<Options>>, startup: Startup<Options>) {
    this.#channel = channel;
    this.startup = startup;
    const room = startup.room && new RoomOfPrimary(channel, startup.room);
    this.room = room;
    channel.serve({ ping: () => {}, roomChanged: (state: RoomState) => room?.change(state) });
  }

  /** @param onGone ends the process; must not return */
  static async open<Options>(onGone: () => never): Promise<PrimaryLink<Options>> {
    const options = { errors: wireErrors, onError: (error: unknown) => console.error(error) };
    const channel = new Channel<PrimaryMethods<Options>>(new Socket({ fd: channelDescriptor }), options);
    void channel.closed.then(onGone);
    return new PrimaryLink(channel, await channel.call('startup'));
  }

  /** A SQLite database, whose connection is the primary's. */
  openDatabase(): DatabaseWithSnapshots {
    const channel = this.#channel;
    return databaseElsewhere(
      {
        query: (sql, parameters) => channel.call('query', sql, parameters),
        begin: () => channel.call('begin'),
        queryWithin: (transaction, sql, parameters) => channel.call('queryWithin', transaction, sql, parameters),
        commit: (transaction) => channel.call('commit', transaction),
        rollback: (transaction) => channel.call('rollback', transaction),
      },
      (file) => channel.call('snapshot', file),
    );
  }

  readonly primary: Primary = {
    append: (records) => this.#channel.call('append', records),
    wake: () => this.#channel.tell('wake'),
    cancelWork: (...work) => this.#channel.tell('cancelWork', ...work),
  };

  readonly others: Others<PeerMethods> = {
    ask: async <Name extends keyof PeerMethods>(name: Name, ...parameters: Parameters<PeerMethods[Name]>) =>
      // What comes back is what the method gives, in each of the others.
      (await this.#channel.call('askOthers', name, parameters)) as Awaited<ReturnType<PeerMethods[Name]>>[],
  };

  /** Of all processes of the server. */
  readonly turns = turnsElsewhere({
    beginTurn: (key) => this.#channel.call('beginTurn', key),
    endTurn: (turn) => this.#channel.tell('endTurn', turn),
  });

  readonly take = (tokens: readonly Token[]): Promise<void> => this.#channel.call('take', tokens);

  /** From then on this process is asked with the others. */
  async join(methods: PeerMethods): Promise<void> {
    this.#channel.serve(methods as Methods); // their parameters come from the same types
    await this.#channel.call('join');
  }

  async listening(where: Listening): Promise<void> {
    await this.#channel.call('listening', where);
  }

  /** @param close is asked for when the server closes */
  onClose(close: () => void): void {
    this.#channel.serve({ close });
  }

  async failed(error: unknown): Promise<void> {
    await this.#channel.call('failed', wireErrors.encode(error));
  }
}

/** The reserve of a server, which its primary holds. */
class RoomOfPrimary implements Room {
  readonly #channel: Channel<Pick<PrimaryMethods<unknown>, 'releaseRoom' | 'restoreRoom'>>;
  #state: RoomState;

  constructor(channel: Channel<Pick<PrimaryMethods<unknown>, 'releaseRoom' | 'restoreRoom'>>, state: RoomState) {
    this.#channel = channel;
    this.#state = state;
  }

  get isHeld(): boolean {
    return this.#state.isHeld;
  }

  get advice(): string {
    return this.#state.advice;
  }

  change(state: RoomState): void {
    this.#state = state;
  }

  async withRoom<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isNoSpace(error) || !(await this.#channel.call('releaseRoom'))) throw error;
      return await work();
    }
  }

  async restore(): Promise<boolean> {
    return await this.#channel.call('restoreRoom');
  }
}
