/** Pure: what a genuine refresh token that did not win the update is worth. */

/** The generation just replaced still gets the current token for this long: a second tab, a retried request. */
export const GRACE_SECONDS = 10

export type Verdict = 'current_again' | 'reused' | 'ended' | 'forged'

type Row = {
  generation: number
  rotatedAt: number
  revokedAt: number | null
  idleExpiresAt: number
  absoluteExpiresAt: number
}

/** `session` is the row as it is after the update that this token lost; undefined when there is none. */
export function judgeRefresh(presentedGeneration: number, session: Row | undefined, now: number): Verdict {
  if (!session || session.revokedAt !== null) return 'ended'
  if (session.idleExpiresAt <= now || session.absoluteExpiresAt <= now) return 'ended'
  // A generation that was never made: a restored backup, or a leaked key. Not a reason to end anybody's session.
  if (presentedGeneration >= session.generation) return 'forged'
  const isPrevious = presentedGeneration === session.generation - 1
  return isPrevious && now - session.rotatedAt <= GRACE_SECONDS ? 'current_again' : 'reused'
}
