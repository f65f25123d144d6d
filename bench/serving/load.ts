import { Connection } from './connection.ts';
import { madeUpSignature } from './made-up-signature.ts';

/**
 * How requests come: as fast as so many callers get their answers, or at a rate, whether or not earlier ones were
 * answered.
 */
export type Load = { readonly callers: number } | { readonly perSecond: number; readonly connections: number };

/** A call of a REST operation. */
export type Call = {
  readonly path: string;
  readonly input: object;
  /** A signature in place of a made-up one; it is good for 15 minutes. */
  readonly signature?: Readonly<Record<string, string>>;
};

export type LoadPlan = {
  readonly url: string;
  /** What is asked, in turn and over and over. */
  readonly requests: readonly Call[];
  readonly load: Load;
  /** Measured time, after a warm-up of a fifth of it. */
  readonly seconds: number;
};

/** Latencies in milliseconds from when a request was due to the last byte of its answer. */
export type LoadReport = {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
};

/** @throws if any answer is not 200. */
export async function runLoad(plan: LoadPlan): Promise<LoadReport> {
  const requests = plan.requests.map((call) => requestOf(plan.url, call));
  const warmupEnds = performance.now() + plan.seconds * 200;
  await issue(plan, requests, warmupEnds);
  const began = performance.now();
  const latencies = await issue(plan, requests, began + plan.seconds * 1000);
  const seconds = (performance.now() - began) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (quantile: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
  return { requests: sorted.length, seconds, p50: at(0.5), p99: at(0.99), max: at(1) };
}

async function issue({ url, load }: LoadPlan, requests: readonly Buffer[], until: number): Promise<number[]> {
  const count = 'callers' in load ? load.callers : load.connections;
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(new URL(url))));
  const latencies: number[] = [];
  let next = 0;
  const ask = async (connection: Connection, due: number) => {
    const request = requests[next % requests.length] ?? Buffer.alloc(0);
    next += 1;
    const status = await connection.request(request);
    if (status !== 200) throw new Error(`A request of the load generator was answered with status ${status}.`);
    latencies.push(performance.now() - due);
  };
  if ('callers' in load) await Promise.all(connections.map((connection) => repeat(connection, until, ask)));
  else await atRate(connections, load.perSecond, until, ask);
  for (const connection of connections) connection.close();
  return latencies;
}

type Ask = (connection: Connection, due: number) => Promise<void>;

async function repeat(connection: Connection, until: number, ask: Ask): Promise<void> {
  for (let now = performance.now(); now < until; now = performance.now()) await ask(connection, now);
}

/** Requests fall due evenly; one that finds no free connection waits, and its wait counts. */
async function atRate(connections: readonly Connection[], perSecond: number, until: number, ask: Ask): Promise<void> {
  const free = [...connections];
  const waiting: number[] = [];
  const asked = new Set<Promise<void>>();
  const send = (connection: Connection, due: number) => {
    const answer = ask(connection, due).then(() => {
      asked.delete(answer);
      const overdue = waiting.shift();
      if (overdue === undefined) free.push(connection);
      else send(connection, overdue);
    });
    asked.add(answer);
  };
  const began = performance.now();
  for (let sent = 0; ; ) {
    const now = performance.now();
    if (now >= until) break;
    for (; sent < ((now - began) * perSecond) / 1000; sent++) {
      const connection = free.pop();
      // `now`, not the even moment before it: how late a timer of the generator fires says nothing of the server
      if (connection) send(connection, now);
      else waiting.push(now);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (asked.size > 0) await Promise.all(asked);
}

/** A whole request as the AWS SDK would send it. */
function requestOf(url: string, { path, input, signature = madeUpSignature }: Call): Buffer {
  const body = JSON.stringify(input);
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(signature).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
