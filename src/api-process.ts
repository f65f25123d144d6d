// Entry of a process that answers requests: `primary.ts` starts several, which share one port.
import type { ServerOptions } from './cli/options/server-options.ts';
import { PrimaryLink } from './processes/primary-link.ts';
import { withSmallYoungGeneration } from './util/small-young-generation.ts';

// A terminal and service managers send signals to all processes of a server; its primary ends the others.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const link = await PrimaryLink.open<ServerOptions>(() => process.exit(1));
link.onClose(() => process.exit(0));
try {
  const server = await withSmallYoungGeneration(async () => {
    const { startServer } = await import('./server.ts');
    return await startServer(link.startup.options, link);
  });
  link.onClose(() => void server.close().finally(() => process.exit(0)));
} catch (error) {
  await link.failed(error);
  process.exit(1);
}
