import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ServiceError } from '../../contract/errors.ts';
import { keyOperations } from '../../contract/operations.ts';
import type { Database } from '../../data/database/database.ts';
import type { DataKey, DataKeys, EncryptionContext, KeyUse } from '../../data/encryption/data-keys.ts';
import { KeyError, type KeyProblem } from '../../data/encryption/key-error.ts';
import { recordOf } from '../audit/audit-record.ts';
import { eventOf } from '../audit/call-record.ts';
import { assumedByService, service } from '../authorisation/service-access.ts';
import { findRole } from '../principals/role-store.ts';

type AuditedParts = {
  readonly service: DataKeys;
  /** Has the roles of dataset groups. */
  readonly database: Database;
  readonly now: () => number;
  /** Takes a record for the audit trail. */
  readonly add: (record: string) => void;
};

/** A use like the one before, of the same key of a group with the same outcome, is recorded after so long again. */
const repeatedMs = 3_600_000;
const mostRemembered = 10_000;

type Operation = 'GenerateDataKey' | 'Decrypt';

/** Records what the service asks of keys for dataset groups, as CloudTrail shows calls that a service makes. */
export class AuditedDataKeys implements DataKeys {
  readonly #parts: AuditedParts;
  /** Outcomes by use, and when they were recorded. */
  readonly #recorded = new LRUCache<string, { readonly outcome: string; readonly at: number }>({ max: mostRemembered });

  constructor(parts: AuditedParts) {
    this.#parts = parts;
  }

  async generate(use: KeyUse, context: EncryptionContext): Promise<DataKey> {
    const work = () => this.#parts.service.generate(use, context);
    return await this.#recording('GenerateDataKey', use, context, work);
  }

  async unwrap(use: KeyUse, wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const work = () => this.#parts.service.unwrap(use, wrapped, context);
    return await this.#recording('Decrypt', use, context, work);
  }

  async #recording<T>(name: Operation, use: KeyUse, context: EncryptionContext, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.#record(name, use, context);
      return result;
    } catch (error) {
      if (error instanceof KeyError) await this.#record(name, use, context, error);
      throw error;
    }
  }

  async #record(name: Operation, use: KeyUse, context: EncryptionContext, error?: KeyError): Promise<void> {
    const { database, now, add } = this.#parts;
    const [time, outcome] = [now(), error?.kind ?? 'done'];
    const id = `${name} ${use.kmsKeyArn} ${JSON.stringify(context)}`;
    const last = this.#recorded.get(id);
    if (last?.outcome === outcome && time - last.at < repeatedMs) return;
    this.#recorded.set(id, { outcome, at: time });
    // That the database does not answer is for the use itself to say.
    const role = await findRole(database, use.roleArn).catch(() => undefined);
    const input = { KeyId: use.kmsKeyArn, EncryptionContext: context };
    const event = eventOf({
      operation: keyOperations[name],
      requestId: randomUUID(),
      sourceAddress: service,
      userAgent: service,
      caller: {
        account: use.account,
        region: use.kmsKeyArn.split(':')[3],
        invokedBy: service,
        principal: role && assumedByService(role, time),
      },
      input: name === 'Decrypt' ? input : { ...input, KeySpec: 'AES_256' },
      output: {},
      error: error && new ServiceError(codes[error.kind], error.message),
    });
    add(recordOf({ ...event, time }));
  }
}

const codes: Readonly<Record<KeyProblem, ServiceError['code']>> = {
  notFound: 'NotFoundException',
  disabled: 'DisabledException',
  pendingDeletion: 'KMSInvalidStateException',
  denied: 'AccessDeniedException',
  invalid: 'InvalidCiphertextException',
  unreachable: 'KMSInternalException',
};
