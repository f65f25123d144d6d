import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { databaseKey } from './database-key.ts';
import { deleteAccount } from './delete-account.ts';
import { PrincipalStore } from './principal-store.ts';
import { Principals } from './principals.ts';
import { principalsChange } from './principals-change.ts';
import { roleSession } from './role-session.ts';
import { RoleStore } from './role-store.ts';
import { makeSecretKey, readSecretKey } from './secret-key.ts';
import { newSession } from './sessions.ts';

const folder = await mkdtemp(join(tmpdir(), 'principals-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

let files = 0;
const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: join(folder, `database-${files++}`) }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

const account = '111122223333';
const hour = 3_600_000;
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' },
});

/** A store, and what another node knows of it. */
async function openStore({ database }: OpenDatabase, file = join(folder, `key-${files++}`)) {
  const clock = { now: Date.UTC(2026, 10, 21) };
  const change = principalsChange({ database, now: () => clock.now });
  const store = new PrincipalStore({ database, secretKey: () => makeSecretKey(file), change });
  const errors: unknown[] = [];
  const secretKey = () => readSecretKey(file);
  const node = new Principals({ database, secretKey, onError: (error) => errors.push(error) });
  return { store, node, clock, file, errors };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe.each(databases)('accounts, users and keys on $name', ({ open }) => {
  it('are known to other nodes with their secrets, until they are disabled or deleted', async () => {
    const opened = await open();
    const { store, node } = await openStore(opened);
    await node.start();
    expect(node.hasActive).toBe(false);
    await store.createAccount({ account, name: 'shop' });
    await store.createUser({ account, name: 'ada' });
    const key = await store.createKey({ account, user: 'ada' });
    expect(key).toEqual({
      accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
      arn: `arn:aws:iam::${account}:user/ada`,
    });
    await expect.poll(() => node.find(key.accessKeyId)).toBeDefined();
    const known = node.find(key.accessKeyId);
    expect(known?.principal).toEqual({
      kind: 'user',
      account,
      arn: key.arn,
      name: 'ada',
      id: expect.stringMatching(/^AIDA[A-Z2-7]{16}$/),
    });
    expect([known?.secret(), known?.isActive]).toEqual([key.secretAccessKey, true]);

    await store.setStatus({ accessKeyId: key.accessKeyId, status: 'Inactive' });
    await expect.poll(() => node.find(key.accessKeyId)?.isActive).toBe(false);
    await store.setStatus({ accessKeyId: key.accessKeyId, status: 'Active' });
    await expect.poll(() => node.find(key.accessKeyId)?.isActive).toBe(true);
    await store.deleteUser({ account, name: 'ada' });
    await expect.poll(() => node.find(key.accessKeyId)).toBeUndefined();
    await node.stop();
    await opened.close();
  });

  it('have sessions that every node with the key knows, until their user is gone', async () => {
    const opened = await open();
    const { store, node, clock, file } = await openStore(opened);
    await store.createAccount({ account });
    await store.createUser({ account, name: 'ada' });
    await node.refresh();
    const made = await store.createSession({ account, user: 'ada', lastsMs: hour });
    const root = await store.createSession({ account, lastsMs: hour });
    const other = (await openStore(opened, file)).node;
    await node.refresh();
    await other.refresh();
    for (const each of [node, other]) {
      const { accessKeyId, secretAccessKey, expiresAt } = made;
      const session = each.session(made.sessionToken);
      expect(session).toMatchObject({
        accessKeyId,
        secretAccessKey,
        expiresAt,
        principal: { kind: 'user', name: 'ada' },
      });
      expect(expiresAt).toBe(clock.now + hour);
      expect(each.session(root.sessionToken)?.principal).toMatchObject({ kind: 'root', account });
      for (const token of [`${made.sessionToken}A`, made.sessionToken.slice(0, -8), 'token', '']) {
        expect(each.session(token)).toBeUndefined();
      }
      expect(each.session((await readSecretKey(file))?.seal('{}', 'AKIA') ?? '')).toBeUndefined();
    }
    await store.deleteUser({ account, name: 'ada' });
    await node.refresh();
    expect(node.session(made.sessionToken)).toBeUndefined();
    const stranger = (await openStore(opened)).node;
    await stranger.refresh();
    expect(stranger.session(root.sessionToken)).toBeUndefined();
    await opened.close();
  });

  it('have at most two keys each, one of which can take the place of another', async () => {
    const opened = await open();
    const { store, node, clock } = await openStore(opened);
    const first = await store.createKey({ account: '000000000000' });
    const second = await store.rotateKey({ accessKeyId: first.accessKeyId, graceMs: hour });
    expect(second.arn).toBe('arn:aws:iam::000000000000:root');
    await node.refresh();
    expect(node.find(first.accessKeyId)?.expiresAt).toBe(clock.now + hour);
    expect(node.find(second.accessKeyId)).toMatchObject({
      principal: { kind: 'root', account: '000000000000' },
      expiresAt: undefined,
    });
    expect(await refusal(store.createKey({ account: '000000000000' }))).toBe(
      'LimitExceededException: arn:aws:iam::000000000000:root has 2 access keys, and may have no more: delete one.',
    );
    clock.now += hour;
    await store.createKey({ account: '000000000000' });
    await store.deleteKey(first.accessKeyId);
    const [{ keys } = { keys: [] }] = await store.list();
    expect(keys.map(({ accessKeyId }) => accessKeyId)).toContain(second.accessKeyId);
    expect(keys).toHaveLength(2);
    await opened.close();
  });

  it('are refused with a sentence where they are there already, or are not', async () => {
    const opened = await open();
    const { store } = await openStore(opened);
    await store.createAccount({ account });
    await store.createUser({ account, name: 'ada' });
    const { account: random } = await store.createAccount({});
    expect(random).toMatch(/^\d{12}$/);
    expect(await refusal(store.createAccount({ account }))).toMatch(/^ResourceAlreadyExistsException/);
    expect(await refusal(store.createUser({ account, name: 'ada' }))).toMatch(/^ResourceAlreadyExistsException/);
    expect(await refusal(store.createUser({ account: '999999999999', name: 'ada' }))).toBe(
      'InvalidInputException: There is no account 999999999999: make it with "openpersonalize access create-account ' +
        '--account 999999999999".',
    );
    expect(await refusal(store.createKey({ account, user: 'bob' }))).toMatch(/^ResourceNotFoundException/);
    for (const gone of [
      () => store.deleteKey('AKIA'),
      () => store.setStatus({ accessKeyId: 'AKIA', status: 'Inactive' }),
      () => store.rotateKey({ accessKeyId: 'AKIA', graceMs: 0 }),
      () => store.deleteUser({ account: random, name: 'ada' }),
    ]) {
      expect(await refusal(gone())).toMatch(/^ResourceNotFoundException/);
    }
    await opened.close();
  });
});

describe('sessions of a role', () => {
  it('are good until the role is gone, and not again for another of its name', async () => {
    const opened = await openDatabase({ file: ':memory:' });
    const { store, node, clock, file } = await openStore(opened);
    await store.createAccount({ account });
    const change = principalsChange({ database: opened.database, now: () => clock.now });
    const roles = new RoleStore(opened.database, change);
    const made = { account, name: 'app', trustPolicy };
    const principal = roleSession(await roles.create(made), { session: 'a', issuedAt: clock.now });
    const key = await makeSecretKey(file);
    const { sessionToken } = newSession(key, { principal, expiresAt: clock.now + hour });
    const root = await store.createSession({ account, lastsMs: hour });
    await node.refresh();
    expect(node.session(sessionToken)?.principal).toEqual({
      kind: 'session',
      account,
      arn: `arn:aws:sts::${account}:assumed-role/app/a`,
      role: 'app',
      roleArn: `arn:aws:iam::${account}:role/app`,
      session: 'a',
      id: expect.stringMatching(/^AROA\w{16}:a$/),
      issuedAt: clock.now,
    });
    await roles.delete(made);
    await roles.create(made);
    await node.refresh();
    expect(node.session(sessionToken)).toBeUndefined();
    expect(node.session(root.sessionToken)).toBeDefined();
    clock.now += 1;
    await deleteAccount({ change, dialect: opened.dialect }, account);
    await store.createAccount({ account });
    await node.refresh();
    expect(node.session(root.sessionToken)).toBeUndefined();
    await opened.close();
  });
});

describe('secrets', () => {
  it('are in no file but encrypted, with a key that its owner alone may read', async () => {
    const opened = await openDatabase({ file: join(folder, 'sealed') });
    const { store, file } = await openStore(opened);
    const { accessKeyId, secretAccessKey } = await store.createKey({ account: '000000000000' });
    await opened.close();
    const content = await readFile(join(folder, 'sealed'), 'latin1');
    expect(content).toContain(accessKeyId);
    expect(content).not.toContain(secretAccessKey);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('can be read with that key alone, each for its own access key', async () => {
    const opened = await openDatabase({ file: join(folder, 'foreign') });
    const { store, node, file } = await openStore(opened);
    const [one, two] = [
      await store.createKey({ account: '000000000000' }),
      await store.createKey({ account: '000000000000' }),
    ];
    const rows = opened.database.selectFrom('access_keys').select('sealed_secret');
    const { sealed_secret } = await rows.where('id', '=', one.accessKeyId).executeTakeFirstOrThrow();
    await opened.database.updateTable('access_keys').set({ sealed_secret }).where('id', '=', two.accessKeyId).execute();
    await node.refresh();
    expect(node.find(one.accessKeyId)?.secret()).toBe(one.secretAccessKey);
    expect(() => node.find(two.accessKeyId)?.secret()).toThrow();

    const elsewhere = (await openStore(opened)).node;
    await expect(elsewhere.start()).rejects.toThrow(/encrypted with a key that is not here: put openpersonalize.key/);
    const other = await openStore(opened);
    await makeSecretKey(other.file);
    await expect(other.node.start()).rejects.toThrow(/encrypted with another key/);
    await writeFile(file, 'not a key');
    await expect((await openStore(opened, file)).node.start()).rejects.toThrow(/holds no key/);
    await opened.close();
  });

  it('of a database whose key file is gone, or is another, are not joined by new ones', async () => {
    const opened = await openDatabase({ file: join(folder, 'restored') });
    const { database } = opened;
    const { store, file } = await openStore(opened);
    const { accessKeyId } = await store.createKey({ account: '000000000000' });
    const known = await databaseKey(database, file);
    expect(known.id).toBe((await readSecretKey(file))?.id);
    const missing = join(folder, 'missing');
    const refused = `InvalidInputException: The secrets in the database are encrypted with a key that is not in ${missing}`;
    expect(await refusal(databaseKey(database, missing))).toContain(refused);
    expect(await readSecretKey(missing)).toBeUndefined();
    await makeSecretKey(missing);
    expect(await refusal(databaseKey(database, missing))).toContain(refused);
    await store.deleteKey(accessKeyId);
    expect((await databaseKey(database, missing)).id).not.toBe(known.id);
    await opened.close();
  });
});
