import { recordOf } from '../access/audit/audit-record.ts';
import type { AuditTrail } from '../access/audit/audit-trail.ts';
import { type AuditedCall, eventOf, kindOf } from '../access/audit/call-record.ts';
import { readClaim } from '../access/signatures/claim.ts';
import { signingRules } from '../access/signatures/signed-request.ts';
import { ServiceError } from '../contract/errors.ts';
import { outageOf } from '../data/outage.ts';
import type { KnownOperation } from './addressing.ts';
import type { EndedCall, Steps, WholeRequest } from './pipeline.ts';

type AuditParts = {
  readonly trail: Pick<AuditTrail, 'add' | 'commit'>;
  /** Calls of the events and runtime services, too. */
  readonly all: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * Records calls. One that has changed something is not answered before its record is on the disk; of all others the
 * record is on its way.
 *
 * @returns a step that throws ServiceError ServiceUnavailable if the record of a change cannot be written
 */
export function auditTo({ trail, all, now }: AuditParts): NonNullable<Steps['audit']> {
  return (call) => {
    const kind = kindOf(call.operation);
    if (!all && !kind.isManagement) return undefined;
    const record = recordOf(eventOf(auditedCall(call, now())));
    if (call.error === undefined && !kind.isReadOnly) return trail.commit(record).catch(unrecorded);
    return trail.add(record);
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

const auditedCall = ({ request, operation, caller, input, output, error }: EndedCall, time: number): AuditedCall => ({
  time,
  operation,
  requestId: request.id,
  sourceAddress: request.remoteAddress,
  userAgent: request.headers['user-agent'],
  caller: caller ?? claimed(request, operation),
  input,
  output,
  error,
});

/** The access key under which a request was made that was refused before its caller was known. */
function claimed(request: WholeRequest, { service }: KnownOperation): AuditedCall['caller'] {
  try {
    const { accessKeyId, region } = readClaim(request, signingRules[service].service);
    return { accessKeyId: accessKeyId.slice(0, 128), region };
  } catch {
    return {};
  }
}
