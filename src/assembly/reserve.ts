import type { ServerOptions } from '../cli/options/server-options.ts';
import { type Database, reusableBytes } from '../data/database/database.ts';
import { Reserve } from '../data/database/reserve.ts';
import type { Logger } from '../util/logger.ts';

/**
 * Holds space beside a SQLite database, for deletions on a full disk.
 *
 * @param onRelease called beside the warning in the log
 */
export const openReserve = ({ home }: ServerOptions, database: Database, log: Logger, onRelease = () => {}) =>
  Reserve.open(home, {
    onRelease() {
      log.warn({}, 'The disk is full: the space that is reserved for deletions is given up.');
      onRelease();
    },
    reusableBytes: () => reusableBytes(database),
  });
