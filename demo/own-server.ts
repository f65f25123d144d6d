import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type OwnServer = { readonly url: string; readonly gone: Promise<unknown>; stop(): Promise<void> };

const attempts = 20;

/** Starts a server of OpenPersonalize on a free port, in a home of its own. */
export async function startOwnServer(home: string): Promise<OwnServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(home);
    } catch (error) {
      // A demo that was killed leaves a server that takes a moment to end.
      if (attempt === attempts) throw error;
      await sleep(500);
    }
  }
}

async function startOnce(home: string): Promise<OwnServer> {
  const program = join(import.meta.dirname, 'server-child.ts');
  const child = fork(program, ['start', '--port', '0', '--home', home, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const gone = once(child, 'close');
  const url = await Promise.race([listeningAt(child.stdout), gone.then(() => undefined)]);
  if (url === undefined) throw new Error(`The server did not start:\n${errors}`);
  child.stderr?.pipe(process.stderr);
  return {
    url,
    gone,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function listeningAt(output: NodeJS.ReadableStream | null): Promise<string | undefined> {
  let text = '';
  for await (const chunk of output ?? []) {
    text += String(chunk);
    const [, url] = /OpenPersonalize is listening on (https?:[^\s,]+)/.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  return undefined;
}
