/** How many bytes may pass now, at so many a second. Pure: time is passed in. */

export type ByteAllowance = {
  /** What may pass now. Below zero when too much has: then nothing may until that time has gone by. */
  left(): number
  spend(bytes: number): void
}

/** What was not used is saved for a second. `now`: monotonic milliseconds. */
export function byteAllowance(bytesPerSecond: number, now: () => number): ByteAllowance {
  let leftBytes = bytesPerSecond
  let atMs = now()
  const left = () => {
    const nowMs = now()
    leftBytes = Math.min(bytesPerSecond, leftBytes + (bytesPerSecond * (nowMs - atMs)) / 1000)
    atMs = nowMs
    return leftBytes
  }
  return {
    left,
    spend(bytes) {
      leftBytes = left() - bytes
    },
  }
}
