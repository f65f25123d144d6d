import type { SigningCredentials } from '../access/signatures/sign.ts';
import { smithySigner } from '../access/signatures/smithy.fixture.ts';

/** What somebody on the way has of a request: text, as it went over the wire. */
export type Captured = {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
  /** When it is sent: milliseconds since the epoch. */
  readonly now: number;
};

export type Unsigned = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** The form of a signature. */
export type Form = { readonly service: string; readonly inQuery?: boolean };

type Signature = Form & {
  readonly credentials: SigningCredentials;
  readonly region: string;
  /** Name and port. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly signedAt: number;
};

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** Signs as the AWS SDK does. */
export async function captureAs(
  { method, path, query = {}, headers, body = '' }: Unsigned,
  { credentials, region, host, signedAt, service, inQuery = false }: Signature,
): Promise<Captured> {
  const signer = smithySigner(credentials, { region, service });
  const [hostname = ''] = host.split(':');
  const unsigned = {
    ...{ method, protocol: 'http:', hostname, path, query, body },
    headers: { ...headers, host },
  };
  const signingDate = new Date(signedAt);
  const made = inQuery
    ? await signer.presign(unsigned, { signingDate, expiresIn: 3600 })
    : await signer.sign(unsigned, { signingDate });
  const pairs = Object.entries(made.query ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `${escaped(name)}=${escaped(value ?? '')}`),
  );
  const url = pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
  return { method, url, body, headers: Object.entries(made.headers), now: signedAt };
}
