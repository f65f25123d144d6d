import { eventKind, recordOf } from './audit-record.ts';
import type { Link } from './chain.ts';

/** What a server says of the chain of a node before it removes the chain's beginning: its last day and record. */
export type RemovalNote = { readonly node: string; readonly through: string } & Link;

const name = 'RemoveAuditRecords';

const kind = eventKind({ source: 'openpersonalize', name, isReadOnly: false, isManagement: true });

/** The record that has a note, so that it is chained as all others are. @param time in milliseconds since the epoch */
export const removalRecord = (note: RemovalNote, { days, time }: { days: number; time: number }): string =>
  recordOf({
    kind,
    time,
    requestId: '',
    sourceAddress: undefined,
    userAgent: `openpersonalize start --audit-days ${days}`,
    caller: {},
    failure: undefined,
    requestParameters: note,
    responseElements: null,
    resources: [],
  });

/** The note in a line of the trail, if it has one. */
export function removalNotes(line: string): readonly RemovalNote[] {
  if (!line.includes(`"eventSource":"openpersonalize","eventName":"${name}"`)) return [];
  const { eventSource, eventName, requestParameters: note } = JSON.parse(line);
  return eventSource === 'openpersonalize' && eventName === name && isNote(note) ? [note] : [];
}

function isNote(value: unknown): value is RemovalNote {
  const { node, through, sequence, hash }: Partial<Record<string, unknown>> = Object(value);
  return [node, through, hash].every((text) => typeof text === 'string') && typeof sequence === 'number';
}
