import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TransformerSettings } from '../transformer/settings.ts';
import { peerProgram, pythonOf } from './python.ts';

/** A training in PyTorch that waits for the number of steps to make. */
export type TorchTraining = {
  /** Takes so many steps: their seconds, and the last one's loss. */
  go(steps: number): Promise<{ readonly seconds: number; readonly loss: number }>;
  stop(): Promise<void>;
};

/** Starts PyTorch in a process of its own, and returns when it is warm; installs it first if need be. */
export async function startTorch(settings: TransformerSettings): Promise<TorchTraining> {
  const child = spawn(await pythonOf('torch'), [peerProgram('torch_transformer.py'), JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(settings.threads) },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch ended without an answer; what it said stands above.');
    return value;
  };
  await answer();
  return {
    async go(steps) {
      child.stdin.write(`${steps}\n`);
      return JSON.parse(await answer());
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
