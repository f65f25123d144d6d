// The demo's own server, in a process of its own. It ends when the demo does, however the demo ends.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
await import(new URL('../dist/main.js', import.meta.url).href);
