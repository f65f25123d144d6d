import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.ts';
import { Certificate, type CertificateFiles } from './certificate.ts';
import { httpServerFor } from './http-server.fixture.ts';

let folder: string;
let logged: string[];
let opened: AsyncDisposableStack;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  logged = [];
  opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true }));
});
afterEach(() => opened.disposeAsync());

const note = (_: object, message: string) => void logged.push(message);

/** A server with the certificate of these files. @returns its port */
async function listen(files: CertificateFiles): Promise<number> {
  const certificate = await Certificate.open({ ...files, everyMs: 10, log: { info: note, error: note } });
  opened.defer(() => certificate.stop());
  const app = httpServerFor({ certificate });
  opened.defer(() => app.close());
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}

/** The name in the certificate that a new connection is shown. */
async function shownBy(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
    resolve(String(socket.getPeerCertificate().subject.CN));
    socket.destroy();
  });
  socket.once('error', reject);
  return await promise;
}

/** The answer of `/healthz`, and the local port of the connection that it came by. */
async function health(port: number, agent: Agent): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request({ host: '127.0.0.1', port, path: '/healthz', agent, rejectUnauthorized: false }, (answer) => {
    const { localPort } = answer.socket;
    text(answer).then((body) => resolve(`${body.trim()} by ${localPort}`), reject);
  })
    .on('error', reject)
    .end();
  return await promise;
}

/** Puts files in place of others as Kubernetes does: by one link to the folder of both, which is swapped. */
async function swapTo(made: CertificateFiles, version: string): Promise<CertificateFiles> {
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, 'tls.crt'), await readFile(made.cert));
  await writeFile(join(folder, version, 'tls.key'), await readFile(made.key));
  await symlink(version, join(folder, 'next'));
  await rename(join(folder, 'next'), join(folder, 'current'));
  return { cert: join(folder, 'current', 'tls.crt'), key: join(folder, 'current', 'tls.key') };
}

describe('a certificate', () => {
  it('is replaced when the link to it is swapped, and open connections go on', async () => {
    const [first, second] = [await makeCertificate(folder, 'first'), await makeCertificate(folder, 'second')];
    const port = await listen(await swapTo(first, '1'));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    opened.defer(() => agent.destroy());
    const before = await health(port, agent);
    expect(before).toMatch(/^ok by \d+$/);
    expect(await shownBy(port)).toBe('first');
    await swapTo(second, '2');
    await expect.poll(() => shownBy(port)).toBe('second');
    expect(await health(port, agent)).toBe(before);
    expect(logged).toEqual(['The certificate was replaced.']);
  });

  it('stays while the new files are no pair, which is logged once', async () => {
    const [first, second] = [await makeCertificate(folder, 'first'), await makeCertificate(folder, 'second')];
    const port = await listen(first);
    await writeFile(first.cert, await readFile(second.cert));
    await expect.poll(() => logged).toHaveLength(1);
    expect(logged[0]).toMatch(
      /first\.crt with the key in .*first\.key cannot be used: .+ The former certificate goes on/,
    );
    await rm(first.key);
    expect(await shownBy(port)).toBe('first');
    await writeFile(first.key, await readFile(second.key));
    await expect.poll(() => shownBy(port)).toBe('second');
    expect(logged).toHaveLength(2);
  });

  it.each([
    ['that is not there', (files: CertificateFiles) => rm(files.cert), /cannot be read: ENOENT/],
    ['that is none', (files: CertificateFiles) => writeFile(files.cert, 'none'), /cannot be used: /],
    [
      "with another's key",
      async (files: CertificateFiles) =>
        await makeCertificate(folder, 'other').then(({ key }) => rename(key, files.key)),
      /cannot be used: .*mismatch/,
    ],
  ])('%s is a sentence', async (_, spoil, sentence) => {
    const files = await makeCertificate(folder);
    await spoil(files);
    await expect(Certificate.open({ ...files, log: { info: note, error: note } })).rejects.toThrow(sentence);
  });
});

describe('a server with a certificate', () => {
  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const files = await makeCertificate(folder);
    const port = await listen(files);
    const handshake = async (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const ca = await readFile(files.cert);
      const versions = { minVersion: maxVersion, maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' };
      const socket: TLSSocket = connect({ host: '127.0.0.1', port, ca, ...versions }, () => {
        resolve(String(socket.getProtocol()));
        socket.destroy();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      return await promise;
    };
    expect(await handshake('TLSv1.3')).toBe('TLSv1.3');
    expect(await handshake('TLSv1.2')).toBe('TLSv1.2');
    expect(await handshake('TLSv1.1')).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  it('tells a client that speaks plain HTTP what is wrong', async () => {
    const port = await listen(await makeCertificate(folder));
    const socket = connectPlain({ host: '127.0.0.1', port });
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('The server speaks TLS here: ask it by https://.');
  });

  it('says which certificate it has', async () => {
    const files = await makeCertificate(folder);
    const certificate = await Certificate.open({ ...files, log: { info: note, error: note } });
    certificate.stop();
    expect(certificate.fingerprint).toBe(new X509Certificate(await readFile(files.cert)).fingerprint256);
  });
});
