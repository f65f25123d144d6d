/** The thread that chains, writes, delivers and removes records, so that all this takes nothing from answers. */
import { parentPort, workerData } from 'node:worker_threads';
import { TrailWriter } from '../trail-writer.ts';
import { failureOf, type TrailPlan, type TrailReply, type TrailRequest, type TrailTask } from './messages.ts';
import { startUpkeep } from './upkeep.ts';

function run(port: NonNullable<typeof parentPort>, plan: TrailPlan): void {
  const reply = (message: TrailReply, transferred: ArrayBuffer[] = []) => port.postMessage(message, transferred);
  const problem = (task: TrailTask, error: unknown, lostRecords = 0) =>
    reply({ kind: 'problem', task, failure: failureOf(error), lostRecords });
  const writer = new TrailWriter({
    ...plan,
    now: () => Date.now(),
    onError: (error, lostRecords) => problem('write', error, lostRecords),
  });
  const upkeep = startUpkeep(plan, { writer, now: () => Date.now(), onError: problem });
  const close = async () => {
    await writer.close();
    await upkeep.close();
    reply({ kind: 'closed' });
    port.close();
  };
  port.on('message', (request: TrailRequest) => {
    if (request.kind === 'close') return void close();
    const { ticket, records, isSynced } = request;
    writer.append(records, isSynced).then(
      (memory) => reply({ kind: 'appended', ticket, result: memory }, [memory]),
      (error: unknown) => reply({ kind: 'appended', ticket, result: failureOf(error) }),
    );
  });
}

if (!parentPort) throw new Error('The worker of the audit trail runs as a thread of the server only.');
run(parentPort, workerData);
