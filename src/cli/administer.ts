import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { recordOf } from '../access/audit/audit-record.ts';
import { AuditTrail } from '../access/audit/audit-trail.ts';
import { type AuditedCall, eventOf, kindOf } from '../access/audit/call-record.ts';
import { commandNode } from '../access/audit/trail-files.ts';
import { TrailWriter } from '../access/audit/trail-writer.ts';
import { databaseKey } from '../access/principals/database-key.ts';
import type { Operation } from '../contract/operation.ts';
import { type AdminOperationName, adminOperations, type Input, type Output } from '../contract/operations.ts';
import { validate } from '../contract/validate.ts';
import { accessHandlers } from '../control/access/access-family.ts';
import { createDispatch } from '../control/dispatch.ts';
import { keyOperatorHandlers } from '../control/keys/operator-operations.ts';
import { openDatabase } from '../data/database/database.ts';
import { isInUse } from '../data/database/sqlite/sqlite-error.ts';
import { openHome } from '../data/home/home-folder.ts';
import { announcedServer } from '../edge/running-server.ts';
import { askAsOperator } from './ask-admin.ts';
import { auditFolder, databaseLocation, keyLocation } from './locations.ts';
import type { AccessOptions } from './options/access-options.ts';

/**
 * Performs an operation on principals and keys: in the database itself, or, where a server has a SQLite file for
 * itself, by that server. Other servers of a PostgreSQL database see it within two seconds.
 *
 * @throws Error with a sentence for a person
 */
export async function administer<O extends AdminOperationName>(
  places: AccessOptions,
  name: O,
  given: Input<O>,
): Promise<Output<O>> {
  const input = validate(name, given);
  await openHome(places.home);
  const opened = await openDatabase(databaseLocation(places)).catch((error: unknown) => {
    if (isInUse(error)) return undefined;
    throw error;
  });
  if (!opened) return await askServer(places, name, input);
  try {
    const { database, dialect } = opened;
    const secretKey = () => databaseKey(database, keyLocation(places));
    const parts = { database, dialect, secretKey, now: () => Date.now() };
    const dispatch = createDispatch([accessHandlers(parts), keyOperatorHandlers(parts)]);
    const caller = { account: '', region: '', accessKeyId: '', requestId: randomUUID() };
    const called = { operation: adminOperations[name], requestId: caller.requestId, input };
    // Nobody else has a SQLite file meanwhile, nor its trail.
    const node = opened.dialect === 'sqlite' ? '' : commandNode(hostname(), process.pid);
    const record = recorder(auditFolder(places.home), node, called);
    const output = await dispatch(name, input, caller).catch(async (error: unknown) => {
      await record({ output: undefined, error });
      throw error;
    });
    await record({ output, error: undefined });
    return output;
  } finally {
    await opened.close();
  }
}

/** Records a change, or one that was refused, in the audit trail as a server does. */
const recorder =
  (folder: string, node: string, called: { operation: Operation; requestId: string; input: object }) =>
  async (result: Pick<AuditedCall, 'output' | 'error'>): Promise<void> => {
    if (kindOf(called.operation).isReadOnly) return;
    const trail = new AuditTrail(new TrailWriter({ folder, node, now: () => Date.now(), onError: () => {} }));
    const userAgent = `openpersonalize access, uid ${process.getuid?.() ?? 'unknown'}`;
    const call = { ...called, ...result, sourceAddress: undefined, userAgent, caller: {} };
    const record = recordOf({ ...eventOf(call), time: Date.now() });
    try {
      await trail.commit(record);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`What was asked for is done, but cannot be recorded in ${folder}: ${reason}`, { cause });
    } finally {
      await trail.close();
    }
  };

async function askServer<O extends AdminOperationName>({ home }: AccessOptions, name: O, input: Input<O>) {
  const server = await announcedServer(home);
  if (server) return await askAsOperator(server, name, input);
  throw new Error(`The database in ${home} is in use, and no server has said there where it is: stop what uses it.`);
}
