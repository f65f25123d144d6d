import { nameOf } from './options/option.ts';
import { defaultServerOptions as defaults, type ServerOptions, startOptions } from './options/server-options.ts';

/**
 * How a person starts a server on the same state again, and its URL then. A port that was picked is not kept: it is the
 * default one. A secret is named without its value.
 */
export function restartOf(options: ServerOptions): { command: string; url: string } {
  const port = options.port === 0 ? defaults.port : options.port;
  const given: Partial<Record<string, unknown>> = { ...options, port };
  const differing = Object.entries(startOptions).flatMap(([key, record]) => {
    const value = given[key];
    if (record.restart === undefined || value === undefined || value === record.default) return [];
    return [`${nameOf(record)} ${record.restart === 'secret' ? '…' : quoted(String(value))}`];
  });
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const command = ['npm start', ...differing.flatMap((part, i) => (i === 0 ? ['--', part] : [part]))];
  return { command: command.join(' '), url: `${options.tlsCert === undefined ? 'http' : 'https'}://${host}:${port}` };
}

/** As a shell takes it for one word. */
const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
