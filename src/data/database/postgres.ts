import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

/** A transaction per job and per request under way; more wait their turn. */
const connections = 10;

/**
 * Connects to a PostgreSQL server, `postgres://user@host:port/database`.
 * Throws an Error whose message names the server, never the password, and the reason.
 */
export async function connectPostgres(url: string): Promise<Dialect> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'openpersonalize',
    max: connections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that breaks leaves the pool by itself; its user learns of it from the next query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    const client = await pool.connect();
    client.release();
  } catch (error) {
    await pool.end();
    throw new Error(`Cannot connect to the PostgreSQL database ${withoutPassword(url)}: ${reason(error)}.`, {
      cause: error,
    });
  }
  return new PostgresDialect({ pool });
}

/** Whole numbers and sums come as numbers, as from SQLite; one that a number cannot hold is refused. */
const getTypeParser: typeof pg.types.getTypeParser = (type: number, format?: 'text' | 'binary') => {
  if (type === pg.types.builtins.INT8 || type === pg.types.builtins.NUMERIC) return toNumber;
  return pg.types.getTypeParser(type, format);
};

function toNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`${text} is too large for a number.`);
  return value;
}

/** SQLSTATE of connections, lack of resources, shutdown, read-only mode, the system and damaged data. */
const outageStates = /^(08|53|57P|58|25006|XX00[12])/;

const networkCodes = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Of a connection that was lost or not made; the driver gives these errors no code. */
const lostConnection = /^(Connection terminated|timeout (exceeded|expired)|Client (was closed|has encountered))/;

/** What a person has to know where the PostgreSQL server cannot do its work; undefined for any other error. */
export function postgresOutage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  const notConnected = 'syscall' in error && error.syscall === 'connect';
  if (notConnected || networkCodes.test(code) || lostConnection.test(error.message)) {
    return `The PostgreSQL database cannot be reached (${reason(error)}): check that it is running, and its log.`;
  }
  if (!(error instanceof pg.DatabaseError) || !outageStates.test(code)) return undefined;
  if (code === '53100') {
    return `There is no space left on the disk of the PostgreSQL database (${reason(error)}): free some and try again.`;
  }
  return `The PostgreSQL database cannot do its work (${reason(error)}): look at its log.`;
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '(not a URL)';
  const { host, pathname, searchParams } = new URL(url);
  return `${pathname.slice(1)} at ${host || searchParams.get('host') || 'localhost'}`;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node tries every address of a host name, and then tells of all failures at once with an empty message.
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error.message.replace(/\.$/, '');
}
