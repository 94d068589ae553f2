/** Exit statuses of shells for a process that a signal ended: 128 and the signal's number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Lets Ctrl-C and `kill` end the process as its end does, so that temporary folders are removed. */
export function exitOnSignals(): void {
  for (const [signal, status] of Object.entries(STATUS)) process.once(signal, () => process.exit(status));
}
