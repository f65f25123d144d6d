import { linesOf, trailFiles } from './trail-files.ts';

/** What records are looked for; every condition that is given must hold. */
export type AuditQuery = {
  /** Times such as 2026-11-30 or 2026-11-30T14:05:00Z. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** An operation. */
  readonly name?: string | undefined;
  /** An ARN, user name, access key id or account. */
  readonly principal?: string | undefined;
  /** An ARN. */
  readonly resource?: string | undefined;
  /** A code, or `any`. */
  readonly error?: string | undefined;
};

/** A record as it is read; members that are not of their type are absent. */
export type FoundRecord = {
  readonly line: string;
  readonly time: string;
  readonly name: string;
  readonly principal: string;
  readonly resources: readonly string[];
  readonly error: string | undefined;
  readonly requestId: string;
};

/** Records that match, by node and in the order in which they were written. Lines that are no records are left out. */
export async function* searchTrail(folder: string, query: AuditQuery): AsyncGenerator<FoundRecord> {
  const from = query.from === undefined ? undefined : Date.parse(query.from);
  const to = query.to === undefined ? undefined : Date.parse(query.to);
  for (const { path, day } of await trailFiles(folder)) {
    // A file has nothing of days after its own.
    if (from !== undefined && Date.parse(day) + dayMs < from) continue;
    for await (const { line } of linesOf(path)) {
      const record = parsed(line);
      const time = Date.parse(textOf(record, 'eventTime'));
      if (Number.isNaN(time) || (from !== undefined && time < from) || (to !== undefined && time >= to)) continue;
      const found = foundOf(line, record);
      if (matches(found, record, query)) yield found;
    }
  }
}

const dayMs = 86_400_000;

function foundOf(line: string, record: Fields): FoundRecord {
  const identity = fieldsOf(record.userIdentity);
  const resources = Array.isArray(record.resources)
    ? record.resources.map((each) => textOf(fieldsOf(each), 'ARN'))
    : [];
  const who = ['arn', 'accessKeyId', 'accountId'].map((member) => textOf(identity, member));
  return {
    line,
    time: textOf(record, 'eventTime'),
    name: textOf(record, 'eventName'),
    principal: who.find((text) => text !== '') ?? '–',
    resources,
    error: textOf(record, 'errorCode') || undefined,
    requestId: textOf(record, 'requestID'),
  };
}

function matches(found: FoundRecord, record: Fields, { name, principal, resource, error }: AuditQuery): boolean {
  const identity = fieldsOf(record.userIdentity);
  const names = ['arn', 'userName', 'accessKeyId', 'accountId'].map((member) => identity[member]);
  return (
    (name === undefined || found.name === name) &&
    (principal === undefined || names.includes(principal)) &&
    (resource === undefined || found.resources.includes(resource)) &&
    (error === undefined || (error === 'any' ? found.error !== undefined : found.error === error))
  );
}

type Fields = Partial<Record<string, unknown>>;

function parsed(line: string): Fields {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return {};
  }
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});

function textOf(fields: Fields, member: string): string {
  const value = fields[member];
  return typeof value === 'string' ? value : '';
}
