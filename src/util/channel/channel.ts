import type { Duplex } from 'node:stream';
import { serialize } from 'node:v8';
import { FrameReader } from './frames.ts';

/** What one end of a channel may be asked for. Parameters and results are what structured cloning takes. */
export type Methods = { readonly [name: string]: (...parameters: never[]) => unknown };

/** How errors cross a channel, so that those with a meaning keep it. */
export type ErrorCodec = { encode(error: unknown): unknown; decode(encoded: unknown): Error };

/** The other end is gone; what it was asked may have been done or not. */
export class ChannelClosed extends Error {
  override name = 'ChannelClosed';
}

/** An id and what is asked, or an id and what came of it. */
type Message =
  | readonly ['call', id: number, name: string, parameters: readonly unknown[]]
  | readonly ['tell', name: string, parameters: readonly unknown[]]
  | readonly ['result', id: number, value: unknown]
  | readonly ['error', id: number, error: unknown];

export type ChannelOptions = {
  readonly errors: ErrorCodec;
  /** A method that nobody waits for has thrown. */
  onError(error: unknown): void;
};

/**
 * Two processes ask each other for methods over a stream. What is sent in one turn of the event loop travels together,
 * and is begun in the order in which it was sent.
 */
export class Channel<Theirs extends Methods> {
  readonly #stream: Duplex;
  readonly #options: ChannelOptions;
  readonly #methods = new Map<string, Methods[string]>();
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #outgoing: Message[] = [];
  #lastId = 0;
  #isClosed = false;
  /** Resolves when the other end is gone. */
  readonly closed: Promise<void>;

  constructor(stream: Duplex, options: ChannelOptions) {
    this.#stream = stream;
    this.#options = options;
    const frames = new FrameReader<readonly Message[]>((messages) => {
      for (const message of messages) this.#take(message);
    });
    stream.on('data', (bytes: Buffer) => frames.add(bytes));
    stream.on('error', () => {}); // 'close' follows
    this.closed = new Promise((resolve) => {
      stream.on('close', () => {
        this.#end();
        resolve();
      });
    });
  }

  /** Has this end answer to further methods. */
  serve(methods: Methods): void {
    for (const [name, method] of Object.entries(methods)) this.#methods.set(name, method);
  }

  /** @throws what the method throws, ChannelClosed */
  async call<Name extends keyof Theirs & string>(
    name: Name,
    ...parameters: Parameters<Theirs[Name]>
  ): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    if (this.#isClosed) throw new ChannelClosed('The other process is gone.');
    this.#lastId += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, answer);
    this.#send(['call', this.#lastId, name, parameters]);
    return (await answer.promise) as Awaited<ReturnType<Theirs[Name]>>; // both ends are of one program
  }

  /** Asks for a method whose end nobody waits for. */
  tell<Name extends keyof Theirs & string>(name: Name, ...parameters: Parameters<Theirs[Name]>): void {
    if (!this.#isClosed) this.#send(['tell', name, parameters]);
  }

  destroy(): void {
    this.#stream.destroy();
  }

  #send(message: Message): void {
    if (this.#outgoing.push(message) === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    const content = serialize(this.#outgoing);
    this.#outgoing = [];
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    this.#stream.cork();
    this.#stream.write(length);
    this.#stream.write(content);
    this.#stream.uncork();
  }

  #take(message: Message): void {
    const [kind] = message;
    if (kind === 'call') void this.#answer(message[1], message[2], message[3]);
    else if (kind === 'tell') this.#run(message[1], message[2]).catch(this.#options.onError);
    else this.#settle(message);
  }

  #settle([kind, id, content]: Extract<Message, readonly ['result' | 'error', ...unknown[]]>): void {
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (kind === 'result') answer?.resolve(content);
    else answer?.reject(this.#options.errors.decode(content));
  }

  async #answer(id: number, name: string, parameters: readonly unknown[]): Promise<void> {
    try {
      this.#send(['result', id, await this.#run(name, parameters)]);
    } catch (error) {
      this.#send(['error', id, this.#options.errors.encode(error)]);
    }
  }

  async #run(name: string, parameters: readonly unknown[]): Promise<unknown> {
    const method = this.#methods.get(name);
    if (!method) throw new Error(`The process has no method ${name}.`);
    return await Reflect.apply(method, undefined, parameters);
  }

  #end(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.values()) reject(new ChannelClosed('The other process is gone.'));
    this.#waiting.clear();
  }
}
