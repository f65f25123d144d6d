import { randomUUID } from 'node:crypto';
import { rememberedJson } from './remembered-json.ts';
import { type AuditedCaller, identityJson } from './user-identity.ts';

/** What all records of one operation have in common. */
export type EventKind = {
  readonly isReadOnly: boolean;
  /** Whether it manages resources; of data there are many more calls. */
  readonly isManagement: boolean;
  /** Members of a record as JSON, between others. */
  readonly opening: string;
  readonly closing: string;
};

export function eventKind({
  source,
  name,
  isReadOnly,
  isManagement,
}: {
  /** Such as `personalize.amazonaws.com`. */
  readonly source: string;
  readonly name: string;
  readonly isReadOnly: boolean;
  readonly isManagement: boolean;
}): EventKind {
  const category = isManagement ? 'Management' : 'Data';
  return {
    isReadOnly,
    isManagement,
    opening: `"eventSource":${JSON.stringify(source)},"eventName":${JSON.stringify(name)}`,
    closing: `"eventType":"AwsApiCall","managementEvent":${isManagement},"eventCategory":"${category}"`,
  };
}

/** Why a call failed: its message is left out or masked where it may quote what is sensitive. */
export type EventFailure = { readonly errorCode: string; readonly errorMessage?: string };

export type EventResource = { readonly ARN: string; readonly accountId?: string; readonly type?: string };

/** A call that has ended, as far as it is recorded. What is sensitive in it is masked already. */
export type AuditedEvent = {
  readonly kind: EventKind;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly requestId: string;
  readonly sourceAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly caller: AuditedCaller;
  /** Undefined for a call that succeeded. */
  readonly failure: EventFailure | undefined;
  readonly requestParameters: unknown;
  readonly responseElements: unknown;
  /** What CloudTrail has no members for. */
  readonly additional?: object | undefined;
  readonly resources: readonly EventResource[];
};

/** Longest of a record in characters; beyond, it has neither parameters nor resources. */
const mostCharacters = 2 ** 18;
const longestUserAgent = 1024;

/**
 * The record of a call as JSON, in CloudTrail's format: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
 *
 * It is put together from texts that are made once, since it is written for each call of `--audit all`.
 */
export function recordOf(event: AuditedEvent): string {
  const { kind, caller, failure, additional, resources } = event;
  const record = `{"eventVersion":"1.09","userIdentity":${identityJson(caller)},"eventTime":"${secondOf(event.time)}",${
    kind.opening
  },"awsRegion":${rememberedJson(caller.region)},"sourceIPAddress":${rememberedJson(
    event.sourceAddress,
  )},"userAgent":${rememberedJson(event.userAgent?.slice(0, longestUserAgent))}${
    failure ? membersJson(failure) : ''
  },"requestParameters":${jsonOf(event.requestParameters)},"responseElements":${jsonOf(event.responseElements)}${
    additional ? `,"additionalEventData":${jsonOf(additional)}` : ''
  },"requestID":"${event.requestId}","eventID":"${randomUUID()}","readOnly":${kind.isReadOnly}${
    resources.length > 0 ? `,"resources":${resourcesJson(resources)}` : ''
  },${kind.closing},"recipientAccountId":${rememberedJson(caller.account)}}`;
  return record.length <= mostCharacters ? record : recordOf(shortened(event, record.length));
}

const shortened = (event: AuditedEvent, originalSize: number): AuditedEvent => ({
  ...event,
  requestParameters: { omitted: true, originalSize, reason: 'The record is too long.' },
  responseElements: null,
  resources: [],
});

let second = { number: Number.NaN, text: '' };

/** Such as `2026-11-30T14:05:09Z`. */
function secondOf(time: number): string {
  const number = Math.floor(time / 1000);
  if (number !== second.number) second = { number, text: `${new Date(time).toISOString().slice(0, 19)}Z` };
  return second.text;
}

const jsonOf = (value: unknown): string => JSON.stringify(value) ?? 'null';

const membersJson = (members: object): string => `,${JSON.stringify(members).slice(1, -1)}`;

const resourcesJson = (resources: readonly EventResource[]): string => {
  const [first] = resources;
  // Most calls act on one resource, and on few different ones.
  return resources.length === 1 && first?.type === undefined
    ? `[{"ARN":${rememberedJson(first?.ARN)}}]`
    : JSON.stringify(resources);
};
