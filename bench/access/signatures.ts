import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KnownKey } from '../../src/access/principals/principals.ts';
import { signatureVerifier } from '../../src/access/principals/verified-principal.ts';
import { type SigningCredentials, signed } from '../../src/access/signatures/sign.ts';
import { personalizeRules } from '../../src/access/signatures/signed-request.ts';
import { administer } from '../../src/cli/administer.ts';
import { median, quantile } from '../median.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import type { Call } from '../serving/load.ts';
import { loadFromAnotherProcess } from '../serving/load-process.ts';
import { deployCatalogue, userIdOf } from '../serving/prepared-home.ts';
import { type ServerProcess, startServerProcess } from '../serving/server-process.ts';

const region = 'us-east-1';
const account = '000000000000';

/** What it costs to verify a signature, alone and as a share of the rate of GetRecommendations from end to end. */
export async function benchSignatures(options: BenchOptions): Promise<BenchResult[]> {
  return [...verification(options), ...(await rates(options))];
}

/** Headers of a call as a client signs it. */
function signature(host: string, { path, input }: Call, credentials: SigningCredentials) {
  const headers = { host, 'content-type': 'application/json' };
  const request = { method: 'POST', url: path, headers, body: Buffer.from(JSON.stringify(input)) };
  return signed(request, credentials, { region, rules: personalizeRules, at: Date.now() });
}

function verification({ quick }: BenchOptions): BenchResult[] {
  const rounds = quick ? 2_000 : 100_000;
  const credentials = { accessKeyId: 'AKIABENCH', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const key: KnownKey = {
    principal: { kind: 'root', account, arn: `arn:aws:iam::${account}:root` },
    isActive: true,
    secret: () => credentials.secretAccessKey,
  };
  const verify = signatureVerifier({
    principals: { find: () => key, session: () => undefined },
    now: () => Date.now(),
  });
  const requests = Array.from({ length: 1000 }, (_, n) => {
    const input = { campaignArn: `arn:aws:personalize:${region}:${account}:campaign/c`, userId: userIdOf(n) };
    const headers = signature('localhost:8642', { path: '/recommendations', input }, credentials);
    const rawHeaders = Object.entries(headers).flat();
    const body = Buffer.from(JSON.stringify(input));
    return { method: 'POST', url: '/recommendations', headers: { ...headers }, rawHeaders, body };
  });
  const times: number[] = [];
  for (let round = -rounds / 10; round < rounds; round++) {
    const request = requests[(round + rounds) % requests.length];
    const began = performance.now();
    if (request) verify(request, personalizeRules);
    if (round >= 0) times.push((performance.now() - began) * 1000);
  }
  const detail = `a call of GetRecommendations, ${rounds.toLocaleString('en')} times, 1 thread`;
  return [
    { name: 'access: verify a signature, p50', value: quantile(times, 0.5), unit: 'µs', detail },
    { name: 'access: verify a signature, p99', value: quantile(times, 0.99), unit: 'µs', detail },
  ];
}

/** Two servers on homes that are alike, one of which verifies, asked in turn. */
async function rates({ quick }: BenchOptions): Promise<BenchResult[]> {
  const [seconds, rounds] = quick ? [1, 1] : [4, 7];
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  const [open, closed] = [join(folder, 'open'), join(folder, 'closed')];
  const servers: ServerProcess[] = [];
  try {
    const first = await startServerProcess(['--home', open]);
    const catalogue = { items: 2_000, users: 2_000, interactions: 60_000 };
    const { popular } = await deployCatalogue(first.url, open, catalogue).finally(() => first.stop());
    await cp(open, closed, { recursive: true });
    const credentials = await administer({ home: closed }, 'AddAccessKey', { account });
    const unsigned = await startServerProcess(['--home', open]);
    servers.push(unsigned);
    const verifying = await startServerProcess(['--home', closed, '--auth', 'on']);
    servers.push(verifying);
    const calls = Array.from(
      { length: 1000 },
      (_, n): Call => ({
        path: '/recommendations',
        input: { campaignArn: popular, userId: userIdOf(n), numResults: 25 },
      }),
    );
    const { host } = new URL(verifying.url);
    const rateOf = async (url: string, requests: readonly Call[]) => {
      const report = await loadFromAnotherProcess({ url, requests, load: { callers: 16 }, seconds });
      return report.requests / report.seconds;
    };
    const measured: { readonly off: number; readonly on: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const off = await rateOf(unsigned.url, calls);
      // Headers that are sent as they are, beside those that the load generator writes itself.
      const signing = calls.map((call) => {
        const { host: _, 'content-type': __, ...headers } = signature(host, call, credentials);
        return { ...call, signature: headers };
      });
      measured.push({ off, on: await rateOf(verifying.url, signing) });
    }
    const detail = `aws-popularity-count, 16 callers, medians of ${rounds} rounds of ${seconds} s in turn`;
    const [off, on] = [median(measured.map((one) => one.off)), median(measured.map((one) => one.on))];
    const ratio = median(measured.map((one) => one.on / one.off));
    return [
      { name: 'access: GetRecommendations, signatures off', value: off, unit: 'requests/s', detail },
      {
        name: 'access: GetRecommendations, signatures verified',
        value: on,
        unit: 'requests/s',
        detail,
        ratio,
        least: 0.9,
      },
    ];
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
