import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outcome, received } from './signatures.fixture.ts';
import type { SigningRules } from './signed-request.ts';

type Vector = {
  readonly name: string;
  readonly normalize: boolean;
  /** Whether the token was added after the request was signed. */
  readonly omitsToken: boolean;
  /** The signed request in both forms. */
  readonly header: string;
  readonly query: string;
};

const file = join(import.meta.dirname, '../../../test/fixtures/signature-vectors.json');
const { secretAccessKey, cases }: { secretAccessKey: string; cases: Vector[] } = JSON.parse(
  await readFile(file, 'utf8'),
);
const now = Date.UTC(2015, 7, 30, 12, 36, 0);

/** A request as text; a line that begins with a blank continues the header before it. */
function parsed(text: string) {
  const bytes = Buffer.from(text).toString('latin1');
  const end = bytes.indexOf('\n\n');
  const [first = '', ...lines] = bytes.slice(0, end).replace(/\n\s+/g, ' ').split('\n');
  const [, method = '', url = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first) ?? [];
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return received({ method, url, body: Buffer.from(bytes.slice(end + 2), 'latin1') }, headers);
}

it.each(cases)('verifies $name as AWS signs it, and nothing that differs', ({ normalize, omitsToken, ...forms }) => {
  const path = normalize ? 'normalized' : 'once';
  const rules: SigningRules = { service: 'service', path, unsignedPayload: false };
  // A token in a query is always signed here.
  for (const text of omitsToken ? [forms.header] : [forms.header, forms.query]) {
    const request = parsed(text);
    const check = { secret: secretAccessKey, now, rules };
    expect(outcome(request, check)).toBe('verified');
    const mismatch = /^InvalidSignatureException: The request signature we calculated does not match/;
    for (const other of [
      { ...request, method: 'PUT' },
      { ...request, url: request.url.replace(/\/?(\?|$)/, '/other$1') },
      { ...request, url: `${request.url}${request.url.includes('?') ? '&' : '?'}more=1` },
      { ...request, body: Buffer.concat([request.body, Buffer.from('.')]) },
    ]) {
      expect(outcome(other, check)).toMatch(mismatch);
    }
    expect(outcome(request, { ...check, secret: `${secretAccessKey}.` })).toMatch(mismatch);
  }
});

it('has read all of the published cases', () => expect(cases).toHaveLength(38));
