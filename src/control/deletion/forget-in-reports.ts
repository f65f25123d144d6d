import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ListedProblem } from '../../data/import/bad-rows.ts';
import { importProblems, keepImportProblems } from '../../data/import/import-problems.ts';
import { datasetImportJobKind } from '../datasets/dataset-import-job-kind.ts';
import { allResources, changeResource, findResourceAmong } from '../resources/resource-store.ts';
import type { DeletionWork } from './forget-in-dataset.ts';
import type { HiddenList } from './hidden-users.ts';
import { arnsOfGroup } from './unfinished-work.ts';

const removedReason = 'The reason quoted the data of a user who was deleted, and was removed with it.';
const removedRule = 'It was about the data of a user who was deleted.';

/** Takes values that quote the users out of what the server says of bad rows of imports, and why work has failed. */
export async function forgetInReports(work: DeletionWork): Promise<void> {
  const { context, deletion, users, job } = work;
  const arns = await arnsOfGroup(context.database, deletion.parent ?? '');
  const all = await allResources(context.database, context.kinds);
  for (const { arn, kind, document } of all.filter((resource) => arns.has(resource.arn))) {
    await letOthersRun();
    if (kind === datasetImportJobKind) await forgetInProblems(work, arn);
    const reason = document.failureReason;
    const updateReason = document.latestUpdate?.failureReason;
    const [isQuoted, isQuotedByUpdate] = [await quotes(reason, users), await quotes(updateReason, users)];
    if (!isQuoted && !isQuotedByUpdate) continue;
    await job.transaction(async (tx) => {
      const present = await findResourceAmong(tx.db, context.kinds, arn);
      if (!present) return;
      const { latestUpdate } = present.document;
      await changeResource(tx, present, {
        document: {
          ...(isQuoted && { failureReason: removedReason }),
          ...(isQuotedByUpdate && latestUpdate && { latestUpdate: { ...latestUpdate, failureReason: removedReason } }),
        },
      });
    });
  }
}

async function forgetInProblems({ context, job, users, deletion }: DeletionWork, importJobArn: string): Promise<void> {
  const { database, keys } = context;
  const problems = await importProblems(database, keys, importJobArn);
  const kept: ListedProblem[] = [];
  let isChanged = false;
  for (const problem of problems) {
    const isQuoted = (await quotes(problem.value, users)) || (await quotes(problem.rule, users));
    isChanged ||= isQuoted;
    const { value: _, ...rest } = problem;
    kept.push(isQuoted ? { ...rest, rule: removedRule } : problem);
  }
  if (!isChanged) return;
  const sealing = await keys?.ofGroup(deletion.parent ?? '');
  await job.transaction((tx) => keepImportProblems(tx.db, importJobArn, kept, sealing));
}

/** Whether a part of a text is the id of one of the users. Texts have some hundred characters. */
async function quotes(text: string | undefined, users: HiddenList): Promise<boolean> {
  if (text === undefined) return false;
  for (let start = 0; start < text.length; start++) {
    if (start % 16 === 15) await letOthersRun();
    for (let end = start + 1; end <= Math.min(text.length, start + longestId); end++) {
      if (users.has(text.slice(start, end))) return true;
    }
  }
  return false;
}

const longestId = 256;
