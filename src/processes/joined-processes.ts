import { type Channel, ChannelClosed, type Methods } from '../util/channel/channel.ts';
import type { Others } from '../util/channel/others.ts';

/** The processes that one has started, as what can be asked of all of them at once. */
export class JoinedProcesses<Peer extends Methods> implements Others<Peer> {
  readonly #channels = new Set<Channel<Peer>>();

  /** It is asked from now on, until it is gone. */
  join(channel: Channel<Peer>): void {
    this.#channels.add(channel);
    void channel.closed.then(() => this.#channels.delete(channel));
  }

  async ask<Name extends keyof Peer & string>(
    name: Name,
    ...parameters: Parameters<Peer[Name]>
  ): Promise<Awaited<ReturnType<Peer[Name]>>[]> {
    return await this.askAllBut(undefined, name, ...parameters);
  }

  /** Asks for one of the processes, which has its own answer. */
  async askAllBut<Name extends keyof Peer & string>(
    asking: Channel<Peer> | undefined,
    name: Name,
    ...parameters: Parameters<Peer[Name]>
  ): Promise<Awaited<ReturnType<Peer[Name]>>[]> {
    const asked = [...this.#channels].filter((channel) => channel !== asking);
    const answers = await Promise.all(asked.map((channel) => unlessGone(channel.call(name, ...parameters))));
    return answers.flatMap((answer) => (answer ? [answer.value] : []));
  }
}

/** A process that dies holds nothing of what it was asked for. */
async function unlessGone<Value>(asked: Promise<Value>): Promise<{ readonly value: Value } | undefined> {
  try {
    return { value: await asked };
  } catch (error) {
    if (error instanceof ChannelClosed) return undefined;
    throw error;
  }
}
