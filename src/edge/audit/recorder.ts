import { type AuditedEvent, recordOf } from '../../access/audit/audit-record.ts';
import type { AuditTrail } from '../../access/audit/audit-trail.ts';
import { ServiceError } from '../../contract/errors.ts';
import { outageOf } from '../../data/outage.ts';
import { RefusalLimit } from './refusal-limit.ts';

export type AuditParts = {
  readonly trail: Pick<AuditTrail, 'add' | 'commit'>;
  /** Calls about data, too. */
  readonly all: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * Writes down what has happened. A change that was made is not answered before its record is on the disk; of all others
 * the record is on its way.
 *
 * @throws ServiceError ServiceUnavailable if the record of a change cannot be written
 */
export type Recorder = {
  /** Whether a kind of event is recorded at all. */
  readonly wants: (kind: Pick<AuditedEvent['kind'], 'isManagement'>) => boolean;
  readonly record: (event: Omit<AuditedEvent, 'time'>) => void | Promise<void>;
};

export function recorderTo({ trail, all, now }: AuditParts): Recorder {
  const limit = new RefusalLimit();
  return {
    wants: ({ isManagement }) => all || isManagement,
    record(event) {
      const time = now();
      const isRefusedStranger = event.failure !== undefined && event.caller.account === undefined;
      const omitted = isRefusedStranger ? limit.take(time) : 0;
      if (omitted === undefined) return undefined;
      const additional = omitted > 0 ? { ...event.additional, omittedRefusals: omitted } : event.additional;
      const record = recordOf({ ...event, time, additional });
      if (event.failure === undefined && !event.kind.isReadOnly) return trail.commit(record).catch(unrecorded);
      return trail.add(record);
    },
  };
}

function unrecorded(error: unknown): never {
  const sentence = outageOf(error);
  if (sentence === undefined) throw error;
  throw new ServiceError(
    'ServiceUnavailable',
    `The call was carried out, but its record cannot be written to the audit trail: ${sentence}`,
  );
}
