import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Becomes a program where this Node can (from 22.15 on, not on Windows), so that one process is left; else runs it in
 * the foreground and ends as it did. Below npm it runs it, too, and ends it when npm is killed.
 */
export async function becomeProgram(command, parameters) {
  const canBecome = process.execve && process.platform !== 'win32' && !belowNpm();
  if (canBecome) process.execve(command, [command, ...parameters]);
  process.exitCode = await runProgram(command, parameters);
}

/**
 * Runs a program in the foreground: its streams are ours, our signals are its own.
 *
 * @returns its exit code, 128 + the signal's number where a signal ended it, as shells say it.
 */
export function runProgram(command, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    for (const signal of passedOn) process.on(signal, passOn);
    const orphanCheck = whenOrphaned(() => passOn('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const passed of passedOn) process.off(passed, passOn);
      clearInterval(orphanCheck);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

const belowNpm = () => process.env.npm_lifecycle_event !== undefined;

/** An npm that is killed outright passes nothing on. */
function whenOrphaned(end) {
  const parent = process.ppid;
  if (!belowNpm()) return undefined;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    end();
  }, 200);
  return check;
}
