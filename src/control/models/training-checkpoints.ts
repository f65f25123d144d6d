import { text } from 'node:stream/consumers';
import { type GroupKey, prefixKey, sealedPrefix } from '../../data/encryption/group-key.ts';
import { type LocalCopy, type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import type { KeptCheckpoints } from '../../learn/training/training.ts';

/**
 * Below an owner's prefix: what its attempts keep for the next one, on whatever node that is, until the training has
 * ended.
 */
export const checkpointPrefix = (prefix: string): string => `${prefix}checkpoints/`;

/** Beside the files, how long the attempts have trained so far. */
const secondsName = 'seconds';

export type Attempt = AsyncDisposable & {
  /**
   * How long the attempts before have trained: up to their last checkpoint, or up to their end where their node
   * outlived it.
   */
  readonly secondsBefore: number;
  readonly checkpoints: KeptCheckpoints;
  /** Remembers how long they have trained by now. */
  keepTime(): Promise<void>;
};

export type CheckpointOwner = { readonly prefix: string; readonly sealing?: GroupKey | undefined };

/** Begins an attempt at a training, with what attempts before have kept. */
export async function beginAttempt(store: ObjectStore, owner: CheckpointOwner, now: () => number): Promise<Attempt> {
  const { sealing } = owner;
  const prefix = sealedPrefix(checkpointPrefix(owner.prefix), sealing);
  const { secondsBefore, earlier } = await keptBefore(store, prefix);
  const began = now();
  const keepTime = () => store.write(prefix + secondsName, String(secondsBefore + (now() - began) / 1000));
  return {
    secondsBefore,
    keepTime,
    checkpoints: {
      earlier,
      key: sealing && prefixKey(sealing, prefix),
      async keep(name, path) {
        await store.adopt(prefix + name, path);
        await keepTime();
      },
    },
    async [Symbol.asyncDispose]() {
      await earlier?.[Symbol.asyncDispose]();
    },
  };
}

type KeptBefore = { readonly secondsBefore: number; readonly earlier: LocalCopy | undefined };

/** What a training that was called off has kept may be removed at this very moment: then there is nothing. */
async function keptBefore(store: ObjectStore, prefix: string): Promise<KeptBefore> {
  const nothing = { secondsBefore: 0, earlier: undefined };
  const names: string[] = [];
  for await (const { key } of store.list(prefix)) names.push(key.slice(prefix.length));
  if (names.length === 0) return nothing;
  try {
    const secondsBefore = names.includes(secondsName) ? Number(await text(await store.read(prefix + secondsName))) : 0;
    return { secondsBefore, earlier: await store.localFolder(prefix) };
  } catch (error) {
    if (error instanceof ObjectStoreError && error.reason === 'missing') return nothing;
    throw error;
  }
}
