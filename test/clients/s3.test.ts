import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { S3 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keys, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas, twoTastes } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));
const frames = await pythonEnvironment('s3fs', join(import.meta.dirname, 's3fs.txt'));

describe('S3 of a server that verifies signatures', () => {
  let home: string;
  let server: ServerProcess;
  let keys: Keys;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'openpersonalize-s3-'));
    keys = await keysOf(home, 'create-key');
    server = await startServerProcess({ home, options: ['--auth', 'on'] });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it.skipIf(!environment)('takes what boto3 signs, and nothing signed with another secret', async () => {
    const ask = (secret: string) =>
      run(environment?.python ?? '', [join(import.meta.dirname, 's3_boto3.py'), server.url, server.buckets], {
        env: { ...process.env, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: secret },
      });
    expect((await ask(keys.secretAccessKey)).stdout).toBe('done\n');
    await expect(ask('x'.repeat(40))).rejects.toThrow(/SignatureDoesNotMatch/);
  });

  it('takes streams, signed URLs and errors of the AWS SDK for JavaScript', async () => {
    const s3 = new S3({ endpoint: server.url, region: 'eu-west-1', credentials: keys, forcePathStyle: true });
    const bucket = { Bucket: 'javascript' };
    await s3.createBucket(bucket);
    const content = Buffer.alloc(300_000, 'stream ');
    const pieces = [content.subarray(0, 100_000), content.subarray(100_000)];
    // Its checksum is known at the end alone, so that the SDK sends it behind the content.
    await s3.putObject({ ...bucket, Key: 'a b/ü.bin', Body: Readable.from(pieces), ContentLength: content.length });
    const { Body, ChecksumCRC32 } = await s3.getObject({ ...bucket, Key: 'a b/ü.bin', ChecksumMode: 'ENABLED' });
    expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(content);
    expect(ChecksumCRC32).toBeDefined();
    await new Upload({
      client: s3,
      params: { ...bucket, Key: 'parts', Body: Readable.from([Buffer.alloc(6 << 20)]) },
    }).done();
    expect((await s3.headObject({ ...bucket, Key: 'parts' })).ContentLength).toBe(6 << 20);
    await expect(s3.getObject({ ...bucket, Key: 'nothing' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const keyList = (await s3.listObjectsV2(bucket)).Contents?.map(({ Key }) => ({ Key })) ?? [];
    expect(keyList).toEqual([{ Key: 'a b/ü.bin' }, { Key: 'parts' }]);
    await s3.deleteObjects({ ...bucket, Delete: { Objects: keyList } });
    await s3.deleteBucket(bucket);
  });
});

describe('S3 of the server', () => {
  let server: ServerProcess;
  /** As in a shell where one variable moves clients over. */
  const env = () => ({
    ...process.env,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_DEFAULT_REGION: 'us-east-1',
  });
  const script = (name: string) => join(import.meta.dirname, name);
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it.skipIf(!environment)('takes what boto3 does with buckets, objects, lists, parts and URLs', async () => {
    const { stdout } = await run(environment?.python ?? '', [script('s3_boto3.py'), server.url, server.buckets], {
      env: env(),
    });
    expect(stdout).toBe('done\n');
  });

  it.skipIf(!environment)('takes aws s3 mb, cp, ls, sync, mv, presign, rm and rb', async () => {
    const aws = async (...parameters: readonly string[]) => {
      const program = join(environment?.bin ?? '', 'aws');
      const { stdout } = await run(program, ['s3', ...parameters], { env: env() });
      return stdout;
    };
    const local = join(server.home, 'local');
    await mkdir(join(local, 'below'), { recursive: true });
    await writeFile(join(local, 'a.csv'), 'a');
    await writeFile(join(local, 'below', 'b c.csv'), 'b');
    await writeFile(join(local, 'large.bin'), Buffer.alloc(20 * 2 ** 20, 'large '));

    expect(await aws('mb', 's3://cli-bucket')).toBe('make_bucket: cli-bucket\n');
    await aws('cp', join(local, 'a.csv'), 's3://cli-bucket/one.csv');
    expect(await readFile(join(server.buckets, 'cli-bucket', 'one.csv'), 'utf8')).toBe('a');
    await aws('sync', local, 's3://cli-bucket/all');
    expect(await aws('sync', local, 's3://cli-bucket/all'), 'nothing is left to do').toBe('');
    const listed = await aws('ls', '--recursive', 's3://cli-bucket');
    expect(
      listed
        .trim()
        .split('\n')
        .map((line) => line.slice(20).trim()),
    ).toEqual(['1 all/a.csv', '1 all/below/b c.csv', '20971520 all/large.bin', '1 one.csv']);
    expect(await aws('ls', 's3://cli-bucket/all/')).toMatch(/^ +PRE below\/\n\S+ \S+ +1 a\.csv\n/);
    expect(await aws('ls')).toMatch(/ cli-bucket\n/);

    await aws('cp', 's3://cli-bucket/all/large.bin', join(local, 'back.bin'));
    expect((await readFile(join(local, 'back.bin'))).equals(await readFile(join(local, 'large.bin')))).toBe(true);
    await aws('sync', 's3://cli-bucket/all', join(server.home, 'back'));
    expect((await readdir(join(server.home, 'back'), { recursive: true })).sort()).toEqual([
      'a.csv',
      'below',
      'below/b c.csv',
      'large.bin',
    ]);
    await aws('mv', 's3://cli-bucket/all/large.bin', 's3://cli-bucket/moved.bin');
    const link = (await aws('presign', 's3://cli-bucket/one.csv')).trim();
    expect(await (await fetch(link)).text()).toBe('a');
    await aws('rm', '--recursive', 's3://cli-bucket/all');
    await aws('rb', '--force', 's3://cli-bucket');
    expect(await readdir(server.buckets)).not.toContain('cli-bucket');
  });

  it.skipIf(!frames)('takes what pandas and s3fs write and read', async () => {
    const { stdout } = await run(frames?.python ?? '', [script('s3_pandas.py'), 'pandas-bucket'], { env: env() });
    expect(stdout).toBe('done\n');
  });

  it.skipIf(!environment)('gives an import job what boto3 has uploaded', async () => {
    await writeFile(join(server.home, 'interactions.csv'), twoTastes());
    await writeFile(join(server.home, 'interactions.json'), schemas.interactions);
    const parameters = [
      script('s3_import.py'),
      ...['csv', 'json'].map((end) => join(server.home, `interactions.${end}`)),
    ];
    const { stdout } = await run(environment?.python ?? '', parameters, { env: env() });
    expect(stdout).toBe('ACTIVE \n');
  });
});
