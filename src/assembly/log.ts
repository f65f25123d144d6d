import { type DestinationStream, type Logger, pino } from 'pino';
import type { ServerOptions } from '../cli/options/server-options.ts';

/** The log of a server, on its standard error. */
export const openLog = ({ logLevel }: ServerOptions): Logger => pino({ level: logLevel }, stderr());

const stderr = (): DestinationStream => pino.destination({ dest: 2, sync: true });
