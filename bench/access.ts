import { benchPolicies } from './access/policies.ts';
import { benchSignatures } from './access/signatures.ts';
import type { BenchOptions, BenchResult } from './result.ts';

/** What it costs to know who calls, and whether the call may be made. */
export async function benchAccess(options: BenchOptions): Promise<BenchResult[]> {
  return [...(await benchPolicies(options)), ...(await benchSignatures(options))];
}
