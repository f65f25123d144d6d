import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export type ServerProcess = {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to the line that says where it listens. */
  readonly listeningAfterMs: number;
  /** Sends a signal and resolves with the exit code, null if the signal ended it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
};

const root = join(import.meta.dirname, '../..');

/** The built server where there is one, else the sources as they stand. */
export const serverProgram = [join(root, 'dist/main.js'), join(root, 'src/main.ts')].find(existsSync) ?? 'src/main.ts';

/** Starts `openpersonalize start` on a free port. @throws with what it wrote, if it ends before it listens. */
export async function startServerProcess(parameters: readonly string[]): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, [serverProgram, 'start', '--port', '0', ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let written = '';
  child.stderr.on('data', (chunk) => {
    written = (written + chunk).slice(-10_000);
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      written = `${written}${line}\n`.slice(-10_000);
      const listening = /listening on (http:\S+)/.exec(line)?.[1];
      if (listening) resolve(listening);
    });
    child.on('error', reject);
    child.on('close', (code) =>
      reject(new Error(`The server ended with code ${code} before it listened:\n${written}`)),
    );
  });
  return {
    url,
    pid: child.pid ?? 0,
    listeningAfterMs: performance.now() - began,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
