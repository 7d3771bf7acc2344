/** Whether a torrent that nobody watches any more goes on giving. Pure. */
import * as z from 'zod'

export type SeedingPolicy =
  | { kind: 'off' }
  /** Until so much was given for every byte that is on disk. */
  | { kind: 'ratio'; ratio: number }
  /** For so long after the last reader has left. */
  | { kind: 'time'; minutes: number }

/** `off`, `ratio 1.5` or `time 120` (minutes). */
export const SeedingPolicy = z.string().transform((text, context): SeedingPolicy => {
  const found = /^(?:(off)|ratio (\d{1,3}(?:\.\d{1,2})?)|time (\d{1,6}))$/.exec(text.trim().toLowerCase())
  if (found?.[1]) return { kind: 'off' }
  if (found?.[2]) return { kind: 'ratio', ratio: Number(found[2]) }
  if (found?.[3]) return { kind: 'time', minutes: Number(found[3]) }
  context.addIssue({ code: 'custom', message: 'must be off, "ratio 1.5" or "time 120" (minutes)' })
  return z.NEVER
})

export type Given = {
  /** Over all of the torrent's life. */
  uploadedBytes: number
  onDiskBytes: number
  /** Since the last reader left, by a clock that does not jump. */
  idleSeconds: number
}

/** A torrent without a byte on disk has nothing to give. */
export function keepsSeeding(policy: SeedingPolicy, { uploadedBytes, onDiskBytes, idleSeconds }: Given): boolean {
  if (onDiskBytes === 0) return false
  switch (policy.kind) {
    case 'off':
      return false
    case 'ratio':
      return uploadedBytes < policy.ratio * onDiskBytes
    case 'time':
      return idleSeconds < policy.minutes * 60
  }
}
