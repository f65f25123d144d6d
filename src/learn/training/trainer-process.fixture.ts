/** A trainer that misbehaves as the task's recipe says, for the tests of who runs it. */
import type { TrainerMessage, TrainerTask } from './trainer-messages.ts';

const send = (message: TrainerMessage) => process.send?.(message);

const behaviours: Readonly<Record<string, () => void>> = {
  killed: () => process.kill(process.pid, 'SIGKILL'),
  crashing: () => process.exit(7),
  failing: () =>
    process.send?.({ kind: 'failed', expected: false, message: 'TypeError: a defect' }, () => process.exit(0)),
  stubborn() {
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);
    send({ kind: 'progress', fraction: 0.5, note: String(process.pid) });
  },
};

process.once('message', ({ request }: TrainerTask) => behaviours[request.recipe]?.());
process.on('disconnect', () => process.exit(1));
