import { hash } from 'node:crypto';

/** A record's place in the chain of its node. The first one has sequence 1. */
export type Link = {
  readonly sequence: number;
  /** SHA-256, hexadecimal, of the line up to where the hash stands. */
  readonly hash: string;
};

export const chainStart: Link = { sequence: 0, hash: '0'.repeat(64) };

/** The line, without its end, of a record that follows `before`. @param record a JSON object */
export function linked(record: string, before: Link): Link & { readonly line: string } {
  const sequence = before.sequence + 1;
  const content = `${record.slice(0, -1)},"chain":{"sequence":${sequence},"previous":"${before.hash}"`;
  const own = sha256(content);
  return { line: `${content},"hash":"${own}"}}`, sequence, hash: own };
}

const wholeLine =
  /^(?<content>\{.*,"chain":\{"sequence":(?<sequence>\d{1,15}),"previous":"(?<previous>[\da-f]{64})"),"hash":"(?<hash>[\da-f]{64})"\}\}$/s;

/** The link of a line, and the hash of the one before it; undefined if the line is not as it was written. */
export function linkOf(line: string): (Link & { readonly previous: string }) | undefined {
  const { content = '', sequence, previous = '', hash: own = '' } = wholeLine.exec(line)?.groups ?? {};
  if (sequence === undefined || sha256(content) !== own) return undefined;
  return { sequence: Number(sequence), previous, hash: own };
}

const sha256 = (text: string) => hash('sha256', text, 'hex');
