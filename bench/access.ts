import { benchPolicies } from './access/policies.ts';
import type { BenchOptions, BenchResult } from './result.ts';

/** What it costs to know whether a call may be made. */
export async function benchAccess(options: BenchOptions): Promise<BenchResult[]> {
  return await benchPolicies(options);
}
