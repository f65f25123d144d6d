import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-keys-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What `openpersonalize keys …` writes, and its exit code. */
async function keys(...parameters: readonly string[]) {
  const program = runOpenPersonalize(['keys', ...parameters, '--home', home]);
  const code = await new Promise<number | null>((resolve) => program.process.once('close', resolve));
  return { code, text: program.output() + program.errors() };
}

const create = async (...parameters: readonly string[]) => {
  const { text } = await keys('create', ...parameters);
  const arn = /arn:aws:kms:us-east-1:000000000000:key\/[\da-f-]{36}/.exec(text)?.[0];
  if (arn === undefined) throw new Error(text);
  return arn;
};

const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const region = ['--region', 'us-east-1'];

describe('openpersonalize keys', () => {
  it('makes keys before a server runs and while it runs, which clients use as they are', async () => {
    const arn = await create('--alias', 'films', '--rotation-days', '365', ...region);
    await using server = await startServerProcess({ home });
    const kms = new KMS({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
    const { CiphertextBlob } = await kms.encrypt({ KeyId: 'alias/films', Plaintext: Buffer.from('secret') });
    const decrypted = async () => {
      const { Plaintext } = await kms.decrypt({ CiphertextBlob });
      return Buffer.from(Plaintext ?? []).toString();
    };

    expect((await keys('rotate', 'alias/films', ...region)).text).toBe(
      `${arn} encrypts with version 2 now, and decrypts with all.\n`,
    );
    expect(await decrypted()).toBe('secret');
    expect((await keys('disable', arn)).text).toContain(`${arn} is disabled`);
    await expect(decrypted()).rejects.toMatchObject({ name: 'DisabledException' });
    expect((await keys('rotate', arn)).text).toBe(`${arn} is disabled.\n`);
    expect((await keys('enable', arn)).text).toBe(`${arn} is enabled.\n`);
    expect(await decrypted()).toBe('secret');

    expect((await keys('delete', arn, '--days', '7')).text).toContain('cannot be read then, ever');
    await expect(decrypted()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    expect((await keys('restore', arn)).text).toContain('It is disabled');
    await keys('enable', arn);
    expect(await decrypted()).toBe('secret');

    const second = await create(...region);
    expect((await keys('alias', 'films', '--key', second)).text).toBe(`alias/films is for ${second}.\n`);
    expect((await keys('rotate', second, '--every', '90')).text).toBe(
      `${second} is rotated by itself every 90 days.\n`,
    );
    const { text } = await keys('describe', 'alias/films', ...region);
    expect(text).toContain(`key: ${second}`);
    expect(text).toContain('"arn:aws:iam::000000000000:root"');
    expect((await keys('alias', 'films', '--delete', ...region)).text).toBe('alias/films is removed.\n');
    const list = (await keys('list')).text;
    expect(list).toContain(arn);
    expect(list).toContain(second);
    kms.destroy();
  });

  it('says what is wrong in a sentence', async () => {
    const unknown = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000';
    expect(await keys('disable', unknown)).toEqual({ code: 1, text: `Key '${unknown}' does not exist\n` });
    expect(await keys('alias', 'films')).toEqual({
      code: 1,
      text: 'Which key is alias/films for? Name it with --key, or remove it with --delete.\n',
    });
    expect((await keys('delete', unknown, '--days', '6')).code).toBe(2);
    expect((await keys('list')).text).toBe('There are no keys.\n');
  });
});

describe('a key that was being rotated when the process was killed', () => {
  it('decrypts what it has encrypted before and after, and is rotated again', async () => {
    const arn = await create(...region);
    const ciphertexts: string[] = [];
    for (let round = 0; round < 4; round++) {
      const script = join(import.meta.dirname, '../fixtures/key-rotator.ts');
      const rotator = spawn(process.execPath, [script, home, arn], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(rotator, 'exit');
      let lines = 0;
      for await (const line of createInterface({ input: rotator.stdout })) {
        ciphertexts.push(line);
        // At another point of the next rotation each time.
        if (++lines === 2 + round) setTimeout(() => rotator.kill('SIGKILL'), round);
      }
      await ended;
    }
    await using server = await startServerProcess({ home });
    const kms = new KMS({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
    expect(ciphertexts.length).toBeGreaterThan(8);
    for (const ciphertext of ciphertexts) {
      const { Plaintext } = await kms.decrypt({ CiphertextBlob: Buffer.from(ciphertext, 'base64') });
      expect(Buffer.from(Plaintext ?? []).toString()).toBe('a secret');
    }
    const { Rotations = [] } = await kms.listKeyRotations({ KeyId: arn });
    expect(Rotations.filter(({ KeyMaterialState }) => KeyMaterialState === 'CURRENT')).toHaveLength(1);
    const { KeyMaterialId } = await kms.generateDataKey({ KeyId: arn, KeySpec: 'AES_256' });
    expect(Rotations.at(-1)).toMatchObject({ KeyMaterialId, KeyMaterialState: 'CURRENT' });
    kms.destroy();
  });
});
