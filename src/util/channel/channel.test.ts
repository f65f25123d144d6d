import { once } from 'node:events';
import { createServer, connect as openSocket } from 'node:net';
import { expect, it } from 'vitest';
import { Channel, ChannelClosed, type ErrorCodec } from './channel.ts';

const errors: ErrorCodec = {
  encode: (error) => (error instanceof Error ? error.message : String(error)),
  decode: (encoded) => new Error(String(encoded)),
};

type Echo = {
  echo(value: unknown): unknown;
  fail(): never;
  never(): Promise<void>;
  note(text: string): void;
  notes(): string[];
};

async function connected() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const accepted = once(server, 'connection');
  const one = openSocket(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  const [other] = await accepted;
  server.close();
  const failures: unknown[] = [];
  const options = { errors, onError: (error: unknown) => failures.push(error) };
  const asking = new Channel<Echo>(one, options);
  const answering = new Channel<Record<never, never>>(other, options);
  const notes: string[] = [];
  answering.serve({
    echo: (value: unknown) => value,
    fail() {
      throw new TypeError('no luck');
    },
    never: () => new Promise<void>(() => {}),
    note: (text: string) => void notes.push(text),
    notes: () => notes,
  } satisfies Echo);
  return { asking, answering, failures };
}

it('gives bytes and large texts back', async () => {
  const { asking } = await connected();
  expect(await asking.call('echo', new Uint8Array([1, 2, 3]))).toEqual(new Uint8Array([1, 2, 3]));
  const large = 'ä'.repeat(3_000_000);
  expect(await asking.call('echo', large)).toBe(large);
});

it('throws what a method throws, and says that there is none', async () => {
  const { asking } = await connected();
  await expect(asking.call('fail')).rejects.toThrow('no luck');
  const other: Channel<{ other(): void }> = asking;
  await expect(other.call('other')).rejects.toThrow('The process has no method other.');
});

it('begins what it is told and asked in that order', async () => {
  const { asking, failures } = await connected();
  asking.tell('note', 'one');
  asking.tell('fail');
  asking.tell('note', 'two');
  expect(await asking.call('notes')).toEqual(['one', 'two']);
  expect(failures).toEqual([new TypeError('no luck')]);
});

it('gives up what is under way when the other end is gone', async () => {
  const { asking, answering } = await connected();
  const asked = asking.call('never');
  answering.destroy();
  await expect(asked).rejects.toThrow(ChannelClosed);
  await asking.closed;
  await expect(asking.call('echo', 1)).rejects.toThrow(ChannelClosed);
});
