import { expect, it } from 'vitest';
import { defaultServerOptions } from './options/server-options.ts';
import { restartOf } from './restart.ts';

it.each([
  [{}, 'npm start', 'http://127.0.0.1:8642'],
  [{ port: 0, home: '/tmp/my films' }, "npm start -- --home '/tmp/my films'", 'http://127.0.0.1:8642'],
  [{ port: 9000, host: '::1' }, 'npm start -- --host ::1 --port 9000', 'http://[::1]:9000'],
  [{ allowedHosts: ['a', 'b'] }, 'npm start -- --allowed-host a,b', 'http://127.0.0.1:8642'],
  [{ database: 'postgres://u:secret@h/d' }, 'npm start -- --database …', 'http://127.0.0.1:8642'],
])('after a quickstart with %j comes the command that finds its state', (options, command, url) => {
  expect(restartOf({ ...defaultServerOptions, ...options })).toEqual({ command, url });
});
