/** Ends this process when the one that started it is gone, so that a killed `npm start` leaves nothing running. */
export function endWithParent(): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0)
  }, 1000)
  process.once('SIGTERM', () => process.exit(0))
}
