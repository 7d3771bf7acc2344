/** Who sent bad blocks, and when that is enough to be rid of them. Pure. */

/** One failed attempt at a piece: what each block hashed to, and who sent it. */
export type FailedAttempt = readonly { sender: string; digest: string }[]

/** A flipped bit can happen to anybody once. */
const FORGIVEN_BLOCKS = 1

/**
 * Bad blocks by sender: those of failed attempts that differ from the piece as it verified in the end. Less the one that
 * was counted when an attempt from one peer alone failed (`provenBy`).
 */
export function guiltyOf(attempts: readonly FailedAttempt[], verifiedDigests: readonly string[]): Map<string, number> {
  const guilty = new Map<string, number>()
  const count = (sender: string, blocks: number) => guilty.set(sender, (guilty.get(sender) ?? 0) + blocks)
  for (const attempt of attempts) {
    for (const [block, { sender, digest }] of attempt.entries()) if (digest !== verifiedDigests[block]) count(sender, 1)
    for (const [sender, blocks] of provenBy(attempt)) count(sender, -blocks)
  }
  return guilty
}

/**
 * What a failed attempt proves at once, by sender: of a whole piece from one peer alone, that one block at least was bad.
 * How many, and of whom in an attempt of many peers, only the piece tells once it has verified.
 */
export function provenBy(attempt: FailedAttempt): Map<string, number> {
  const sender = onlySender(attempt)
  return new Map(sender === undefined ? [] : [[sender, 1]])
}

/** Who sent all of it, if one peer did. */
export function onlySender(attempt: FailedAttempt): string | undefined {
  const first = attempt[0]?.sender
  return attempt.every(({ sender }) => sender === first) ? first : undefined
}

/** Adds to what is known of each peer and says who is banned now. */
export function blame(known: Map<string, number>, guilty: ReadonlyMap<string, number>): string[] {
  const banned: string[] = []
  for (const [peer, blocks] of guilty) {
    const total = (known.get(peer) ?? 0) + blocks
    known.set(peer, total)
    if (total > FORGIVEN_BLOCKS) banned.push(peer)
  }
  return banned
}

/**
 * By what a peer is remembered. The address alone, so that it cannot come back by another port; on this machine and
 * in private networks, where many share one address or it is handed on, the port too.
 */
export function peerKey(address: string | undefined, port: number | undefined, peerId: string | null): string {
  if (address === undefined) return `id:${peerId ?? ''}`
  return isLocal(address) ? `${address}:${port ?? 0}` : address
}

/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, loopback; IPv4 also as mapped into IPv6. */
function isLocal(address: string): boolean {
  return /^(::ffff:)?(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^::1$|^f[cd]|^fe[89ab]/i.test(
    address,
  )
}
