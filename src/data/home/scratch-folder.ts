import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

/** A path that nothing has yet; whatever is there when it is disposed of is removed. */
export type ScratchPath = AsyncDisposable & { readonly path: string };

/** After so long without change, in milliseconds, what another machine left cannot be in use. */
const abandonedAfterMs = 24 * 3600 * 1000;
const namePattern = /^(.+)-(\d+)-[0-9a-f-]{36}$/;
const inUse = new Set<string>();

/**
 * A folder for unfinished files. Names tell the machine and process that made them, so that leftovers of a process that
 * died differs from the work of one that shares the folder.
 */
export class ScratchFolder {
  readonly path: string;
  readonly #alone: boolean;
  #swept: Promise<void> | undefined;

  /** `alone`: no other process can be using the folder, so that whatever another one has made is left over. */
  constructor(path: string, { alone = false }: { readonly alone?: boolean } = {}) {
    this.path = path;
    this.#alone = alone;
  }

  /** Makes the folder where it is missing, though not its parent. */
  async claim(): Promise<ScratchPath> {
    await this.sweep();
    await mkdir(this.path).catch(unlessCode('EEXIST'));
    const name = `${hostname()}-${process.pid}-${randomUUID()}`;
    const path = join(this.path, name);
    inUse.add(name);
    return {
      path,
      async [Symbol.asyncDispose]() {
        await rm(path, { recursive: true, force: true });
        inUse.delete(name);
      },
    };
  }

  /** Removes, the first time, what processes left behind that are gone; files of any other name stay. */
  async sweep(): Promise<void> {
    this.#swept ??= this.#removeLeftovers();
    try {
      await this.#swept;
    } catch (error) {
      this.#swept = undefined; // tried again when the reason may be gone
      throw error;
    }
  }

  async #removeLeftovers(): Promise<void> {
    const names = (await readdir(this.path).catch(unlessCode('ENOENT'))) ?? [];
    for (const name of names) {
      const path = join(this.path, name);
      // A child of a process that was killed may still be writing.
      if (await isLeftover(path, this.#alone)) await rm(path, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

async function isLeftover(path: string, alone: boolean): Promise<boolean> {
  const [, host, pid] = namePattern.exec(basename(path)) ?? [];
  if (host === undefined) return false;
  if (alone) return !inUse.has(basename(path));
  if (host === hostname()) return Number(pid) === process.pid ? !inUse.has(basename(path)) : !isAlive(Number(pid));
  const facts = await stat(path).catch(unlessCode('ENOENT'));
  return facts !== undefined && Date.now() - facts.mtimeMs > abandonedAfterMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process of another user answers EPERM.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function unlessCode(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
