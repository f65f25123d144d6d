import { benchAudit } from './access/audit.ts';
import { benchPolicies } from './access/policies.ts';
import { benchSignatures } from './access/signatures.ts';
import type { BenchOptions, BenchResult } from './result.ts';

/** What it costs to know who calls, whether the call may be made, and to record it. */
export async function benchAccess(options: BenchOptions): Promise<BenchResult[]> {
  return [...(await benchPolicies(options)), ...(await benchSignatures(options)), ...(await benchAudit(options))];
}
