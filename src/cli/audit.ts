import type { AuditQuery, FoundRecord } from '../access/audit/search-trail.ts';
import type { VerifiedChain } from '../access/audit/verify-trail.ts';
import type { Verbs } from './commands.ts';
import { auditFolder } from './locations.ts';

/** The verbs of the audit trail. They read the files in the home, while a server runs or not. */
export const auditVerbs = (output: NodeJS.WritableStream): Pick<Verbs, 'audit verify' | 'audit search'> => ({
  async 'audit verify'({ home, head, moved }) {
    const { verifyTrail } = await import('../access/audit/verify-trail.ts');
    let hasHead = head === undefined;
    const onHash = (hash: string) => {
      hasHead ||= hash === head;
    };
    const chains = await verifyTrail(auditFolder(home), { onHash, moved });
    if (chains.length === 0) output.write(`There is no audit trail in ${auditFolder(home)}.\n`);
    for (const chain of chains) output.write(verified(chain));
    if (!hasHead) output.write(`No record has the hash ${head}: records were removed or replaced.\n`);
    if (!hasHead || chains.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  },
  async 'audit search'({ home, json, ...query }) {
    const { searchTrail } = await import('../access/audit/search-trail.ts');
    const asked: AuditQuery = query;
    for await (const found of searchTrail(auditFolder(home), asked)) {
      output.write(json ? `${found.line}\n` : shown(found));
    }
  },
});

function verified({ node, files, records, first, last, torn, problems, ...chain }: VerifiedChain): string {
  const whose = node === '' ? '' : ` of ${node}`;
  const begins = first !== undefined && first > 1 ? `, from record ${first} on: ${beginningOf(chain)}` : '';
  const lines = [
    `${records} records${whose} in ${files} files${begins}.`,
    ...(torn > 0 ? [`${torn} half-written lines, from a kill or a full disk; nothing that was acknowledged.`] : []),
    ...problems,
    problems.length > 0 ? 'The chain is broken.' : `The chain is whole. Its head: ${last.hash}`,
  ];
  return `${lines.join('\n')}\n`;
}

const beginningOf = ({ removedThrough }: Pick<VerifiedChain, 'removedThrough'>) =>
  removedThrough === undefined ? 'older files are not here' : `--audit-days has removed those up to ${removedThrough}`;

const shown = ({ time, name, principal, resources, error, requestId }: FoundRecord) =>
  `${[time, name, error ?? 'ok', principal, resources.join(',') || '–', requestId].join('  ')}\n`;
