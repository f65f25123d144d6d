/** What a server of one process and the processes of a larger one have in common. */
import { join } from 'node:path';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { ServerOptions } from './cli/options/server-options.ts';
import { defaultQuotas, type Settings } from './control/settings.ts';
import { type Database, reusableBytes } from './data/database/database.ts';
import { Reserve } from './data/database/reserve.ts';

export type Server = {
  readonly url: string;
  /** Answers requests under way, puts unfinished jobs back to waiting, closes everything. Safe to call twice. */
  close(): Promise<void>;
};

/** How long requests that are under way may take when the server closes. */
export const closingGraceMs = 10_000;

export const openLog = ({ logLevel }: ServerOptions): Logger => pino({ level: logLevel }, stderr());

const stderr = (): DestinationStream => pino.destination({ dest: 2, sync: true });

export const settingsOf = ({ quotas, recommendationIdHours, updateHours, ...options }: ServerOptions): Settings => ({
  quotas: { ...defaultQuotas, ...quotas },
  recommendationIdMs: recommendationIdHours * 3_600_000,
  updateEveryMs: updateHours * 3_600_000,
  badRows: options.badRows,
  seed: options.seed,
  textEncoder: options.textEncoder,
  provider: options.provider,
});

/** @param onRelease called beside the warning in the log */
export const openReserve = ({ home }: ServerOptions, database: Database, log: Logger, onRelease = () => {}) =>
  Reserve.open(home, {
    onRelease() {
      log.warn({}, 'The disk is full: the space that is reserved for deletions is given up.');
      onRelease();
    },
    reusableBytes: () => reusableBytes(database),
  });

/** Throws what a person can do about a port that cannot be listened on. */
export function explainListening({ host, port }: ServerOptions) {
  return (error: Error): never => {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new Error(`Port ${port} of ${host} is in use: choose another with --port, or --port 0 for any free one.`);
    }
    if (code === 'EACCES') throw new Error(`Port ${port} may not be opened by this user: choose one from 1024 on.`);
    throw error;
  };
}

/** A server runs on a full disk too, though tools do not find it then. */
export const warnUnannounced = (log: Logger) => (error: unknown) => {
  log.warn(
    { err: error },
    'The home could not take note of where the server is: backup needs it stopped, or restarted.',
  );
  return () => {};
};

export const workFolderOf = ({ home }: ServerOptions): string => join(home, 'work');
