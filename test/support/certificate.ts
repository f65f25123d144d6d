import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files in PEM form. */
export type CertificateFiles = { readonly cert: string; readonly key: string };

/** Makes a certificate that signs itself, for a name and for 127.0.0.1, and its key. */
export async function makeCertificate(folder: string, name = 'localhost', file = name): Promise<CertificateFiles> {
  const [cert, key] = [join(folder, `${file}.crt`), join(folder, `${file}.key`)];
  const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`];
  await run('openssl', ['req', ...form, ...names, '-keyout', key, '-out', cert]);
  return { cert, key };
}
