import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

type Algorithm = 'RS256' | 'ES256';

/** An OIDC issuer that listens, and signs with keys of its own. */
export type Issuer = {
  readonly url: string;
  /** Requests that it has answered, by path. */
  readonly asked: string[];
  /** Answers a path in another way than an issuer does; undefined: as an issuer does. */
  answer: ((path: string, response: ServerResponse) => boolean) | undefined;
  /** Signs a token that is good for an hour, of the newest key. */
  sign(claims?: JWTPayload, header?: { kid?: string; alg?: string }): Promise<string>;
  /** Signs with another key from now on. */
  rotate(algorithm?: Algorithm): Promise<void>;
  close(): Promise<void>;
};

/** @param now milliseconds since the epoch */
export async function startIssuer(now: () => number = Date.now): Promise<Issuer> {
  let keys = await newKey('RS256', 1);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (issuer.answer?.(path, response)) return;
    const documents: Record<string, object> = {
      '/.well-known/openid-configuration': { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` },
      '/keys': { keys: [keys.jwk] },
    };
    const document = documents[path];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object(server.address());
  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: undefined,
    sign: async (claims = {}, header = {}) => {
      const seconds = Math.floor(now() / 1000);
      const all = { iss: issuer.url, sub: 'ada', aud: 'app', iat: seconds, exp: seconds + 3600, ...claims };
      return await new SignJWT(all)
        .setProtectedHeader({ alg: keys.alg, kid: keys.kid, ...header })
        .sign(keys.privateKey);
    },
    async rotate(algorithm = 'RS256') {
      keys = await newKey(algorithm, keys.number + 1);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return issuer;
}

async function newKey(alg: Algorithm, number: number) {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const kid = `key ${number}`;
  return { alg, kid, number, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
