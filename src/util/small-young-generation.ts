import { setFlagsFromString } from 'node:v8';

/**
 * Does work whose garbage is not to make the heap larger. Loading a thousand modules does: V8 then doubles the space of
 * young objects up to 32 MiB, and never gives it back. It grows again afterwards, by need.
 */
export async function withSmallYoungGeneration<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    return await work();
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2'); // V8's default
  }
}
