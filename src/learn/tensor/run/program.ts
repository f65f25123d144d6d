import { InferenceSession, listSupportedBackends, type Tensor } from 'onnxruntime-node';
import { serialise } from '../graph/serialise.ts';
import { scalar, type Value } from '../graph/value.ts';
import type { Mode } from '../graph/walk.ts';

/** Where and how graphs run. */
export type Execution = {
  /** One of `knownProviders`, such as `cpu`, `webgpu` or `cuda`; `cpu` unless given. */
  readonly provider?: string;
  /** Threads of one operator; as many as there are cores unless given. */
  readonly threads?: number;
  /** Writes what each operator took to a file of this prefix when the program is released. */
  readonly profile?: string;
};

/** A graph that is ready to run. */
export type Program = {
  /** What a run is fed, by name: inputs, parameters, masks. */
  readonly feeds: ReadonlyMap<string, Value>;
  /** Runs once. Blocks the thread while it computes. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Results>;
  release(): Promise<void>;
};

export type Results = Readonly<Record<string, Tensor>>;

/** @throws Error in one sentence if the execution provider is unknown or does not start on this machine */
export async function compile(
  outputs: Readonly<Record<string, Value>>,
  mode: Mode,
  execution: Execution = {},
): Promise<Program> {
  const { bytes, feeds } = serialise(outputs, mode);
  const session = await opened(bytes, execution);
  const names = Object.keys(outputs);
  return {
    feeds,
    run: async (fed) => await session.run(fed, names),
    async release() {
      if (execution.profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

async function opened(bytes: Uint8Array, execution: Execution): Promise<InferenceSession> {
  const { provider = 'cpu' } = execution;
  const known = knownProviders();
  if (!known.includes(provider)) {
    throw new Error(`There is no execution provider ${provider}; this ONNX Runtime knows ${known.join(', ')}.`);
  }
  return await InferenceSession.create(bytes, sessionOptions(execution)).catch((error: Error) => {
    if (provider === 'cpu') throw error;
    const [reason] = error.message.split('\n');
    throw new Error(`The execution provider ${provider} does not start on this machine: ${reason}`, { cause: error });
  });
}

/**
 * The execution providers that this build of ONNX Runtime knows; some need libraries or devices that a machine may
 * lack.
 */
export const knownProviders = (): readonly string[] => listSupportedBackends().map(({ name }) => name);

/** @throws Error in one sentence if the provider is unknown or does not start on this machine */
export async function requireProvider(provider: string): Promise<void> {
  const program = await compile({ one: scalar(1) }, 'inference', { provider });
  await program.release();
}

/**
 * Microseconds for which an idle thread waits busily before it sleeps: long enough to find the next product awake, and
 * too short to hold up whatever shares the processor.
 */
const busyWait = 50;

/** ONNX Runtime takes the values of `extra` as text. */
export function sessionOptions(execution: Execution): InferenceSession.SessionOptions {
  const { provider = 'cpu', threads, profile } = execution;
  return {
    executionProviders: [provider],
    // Warnings are about constants that a graph does not need.
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1', intra_op: { spin_duration_us: `${busyWait}` } } },
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
}
