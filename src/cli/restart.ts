import { defaultServerOptions as defaults, type ServerOptions } from './server-options.ts';

/** The flags that decide where a server listens and what it finds there. */
const flags = {
  home: '--home',
  host: '--host',
  allowedHosts: '--allowed-host',
  port: '--port',
  buckets: '--buckets',
  store: '--store',
  account: '--account',
};

/**
 * How a person starts a server on the same state again, and its URL then. A port that was picked is not kept: it is the default one.
 * A database's URL bears a password, so it is named without its value.
 */
export function restartOf(options: ServerOptions): { command: string; url: string } {
  const given: Partial<Record<string, unknown>> = {
    ...options,
    port: options.port === 0 ? defaults.port : options.port,
  };
  const known: Partial<Record<string, unknown>> = defaults;
  const differing = Object.entries(flags).flatMap(([name, flag]) =>
    given[name] === undefined || given[name] === known[name] ? [] : [`${flag} ${quoted(String(given[name]))}`],
  );
  const database = options.database === undefined ? [] : ['--database …'];
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const command = ['npm start', ...[...differing, ...database].flatMap((part, i) => (i === 0 ? ['--', part] : [part]))];
  return { command: command.join(' '), url: `http://${host}:${given.port}` };
}

/** As a shell takes it for one word. */
const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
