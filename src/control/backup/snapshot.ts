import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../contract/errors.ts';
import type { HandlersOf } from '../handler.ts';
import type { ControlParts } from '../parts.ts';

/** Copies the database into a file that is gone once its content has been sent. */
export const snapshotHandlers = ({
  takeSnapshot,
  workFolder,
}: Pick<ControlParts, 'takeSnapshot' | 'workFolder'>): HandlersOf<'GetSnapshot'> => ({
  async GetSnapshot() {
    const file = join(workFolder, `snapshot-${randomUUID()}`);
    try {
      await mkdir(workFolder, { recursive: true });
      await takeSnapshot(file);
      const { size } = await stat(file);
      const content = createReadStream(file).on('close', () => void rm(file, { force: true }));
      return { database: { content, size } };
    } catch (error) {
      await rm(file, { force: true });
      // Only those who may read the home come here: they see the reason, whatever it is.
      throw new ServiceError('ServiceUnavailable', error instanceof Error ? error.message : String(error));
    }
  },
});
