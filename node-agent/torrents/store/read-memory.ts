/** Memory that reads fill and give back: clearing away a buffer of each request's own costs more than to find its bytes. */

const SMALLEST_BYTES = 64 * 1024
const LARGEST_BYTES = 512 * 1024
/** Enough for fifty players that ask for small parts at once. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024

const kept = new Map<number, Buffer[]>()
let keptBytes = 0

/** At least so many bytes, with whatever somebody left in them. */
export function lendMemory(sizeBytes: number): Buffer {
  const roundBytes = Math.max(SMALLEST_BYTES, 2 ** Math.ceil(Math.log2(sizeBytes)))
  const found = kept.get(roundBytes)?.pop()
  if (found) keptBytes -= found.length
  return found ?? Buffer.allocUnsafeSlow(roundBytes)
}

/** Only what nobody holds any more: the next who borrows it writes over it. Call it once for what was lent. */
export function returnMemory(memory: Buffer): void {
  if (memory.length > LARGEST_BYTES || keptBytes + memory.length > MOST_KEPT_BYTES) return
  keptBytes += memory.length
  const alike = kept.get(memory.length)
  if (alike) alike.push(memory)
  else kept.set(memory.length, [memory])
}
