import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A server in a process of its own, as a user would start it. */
export type ServerProcess = AsyncDisposable & {
  readonly url: string;
  readonly home: string;
  /** The folder where `s3://bucket/key` leads. */
  readonly buckets: string;
  /** What it has logged so far. */
  log(): string;
  /** Process ids of its children that are alive. */
  children(): Promise<number[]>;
  /** Sends a signal and waits until the process is gone; gives its exit code, null if the signal ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends it as an operator would, by SIGTERM. */
  stop(): Promise<number | null>;
};

export type ServerProcessOptions = {
  /** An existing home; without it one is made, and removed with the process. */
  readonly home?: string;
  /** Further options of the command line. */
  readonly options?: readonly string[];
};

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Starts `openpersonalize start` on a free port and waits until it listens. */
export async function startServerProcess({ home, options = [] }: ServerProcessOptions = {}): Promise<ServerProcess> {
  const itsHome = home ?? (await mkdtemp(join(tmpdir(), 'openpersonalize-test-')));
  const program = runOpenPersonalize(['start', '--port', '0', '--home', itsHome, ...options]);
  const kill = async (signal: NodeJS.Signals) => {
    const { process: child } = program;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'close');
      child.kill(signal);
      await gone;
    }
    return child.exitCode;
  };
  const url = await listeningAt(program);
  return {
    url,
    home: itsHome,
    buckets: join(itsHome, 'buckets'),
    log: program.errors,
    children: async () => {
      const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
      const processes = stdout
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number));
      return processes.flatMap(([pid, parent]) => (pid !== undefined && parent === program.process.pid ? pid : []));
    },
    kill,
    stop: () => kill('SIGTERM'),
    async [Symbol.asyncDispose]() {
      await kill('SIGTERM');
      if (home === undefined) await rm(itsHome, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The program, running; what it has written so far. */
export type Program = {
  readonly process: ChildProcessWithoutNullStreams;
  output(): string;
  errors(): string;
};

/** Runs `openpersonalize` with these parameters, from the sources. */
export function runOpenPersonalize(parameters: readonly string[]): Program {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...parameters], { cwd: root });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  return { process: child, output: () => output, errors: () => errors };
}

function listeningAt(program: Program): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  program.process.stdout.on('data', () => {
    const [, url] = /^OpenPersonalize is listening on (https?:[^\s,]+)/m.exec(program.output()) ?? [];
    if (url !== undefined) resolve(url);
  });
  program.process.once('close', (code) => {
    reject(new Error(`The server ended with code ${code} before it listened:\n${program.errors()}`));
  });
  return promise;
}
