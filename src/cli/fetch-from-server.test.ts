import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.ts';
import { Certificate } from '../edge/certificate.ts';
import { httpServerFor, recorder } from '../edge/http-server.fixture.ts';
import { fetchFromServer } from './fetch-from-server.ts';

let folder: string;
let certificate: Certificate;
let app: ReturnType<typeof httpServerFor>;
let url: URL;
const { asked, dispatch } = recorder({ Events: [] });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-'));
  certificate = await Certificate.open({ ...(await makeCertificate(folder)), log: { info() {}, error() {} } });
  app = httpServerFor({ certificate, dispatch });
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  url = new URL(`https://127.0.0.1:${address.port}/admin/events?limit=3`);
  asked.length = 0;
});
afterEach(async () => {
  certificate.stop();
  await app.close();
  await rm(folder, { recursive: true });
});

it('asks the server with the certificate that the home tells', async () => {
  const answer = await fetchFromServer(certificate, url);
  expect([answer.status, await answer.json()]).toEqual([200, { Events: [] }]);
  expect(asked).toEqual([['ListEvents', { limit: 3 }, expect.anything()]]);
});

it('sends nothing to a server with any other certificate', async () => {
  const other = { fingerprint: certificate.fingerprint.replace(/^../, '00') };
  await expect(fetchFromServer(other, url)).rejects.toThrow(/another than the one that the home of the server tells/);
  expect(asked).toEqual([]);
});

it('has an error where no server is', async () => {
  await app.close();
  await expect(fetchFromServer(certificate, url)).rejects.toThrow(/ECONNREFUSED/);
});
