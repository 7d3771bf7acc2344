/** Challenges for passkeys to sign: random, bound to one walk, taken by the statement that deletes them. */
import { and, eq, gt } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { randomId } from '../../random-id.ts'
import { passkeyChallenges } from './schema.ts'

export const CHALLENGE_SECONDS = 5 * 60

export type ChallengePurpose = (typeof passkeyChallenges.$inferSelect)['purpose']
export type Walk = { purpose: ChallengePurpose; boundTo: string }

/** 32 random bytes, base64url. */
export async function newChallenge(edge: Edge, walk: Walk): Promise<string> {
  const challenge = randomId(32)
  await edge.db.insert(passkeyChallenges).values({ challenge, ...walk, expiresAt: edge.now + CHALLENGE_SECONDS })
  return challenge
}

/** Takes the challenge of a signed answer: of any number of the same answer at once, one gets through. */
export async function takeChallenge(edge: Edge, challenge: string, { purpose, boundTo }: Walk): Promise<string> {
  const taken = await edge.db
    .delete(passkeyChallenges)
    .where(
      and(
        eq(passkeyChallenges.challenge, challenge),
        eq(passkeyChallenges.purpose, purpose),
        eq(passkeyChallenges.boundTo, boundTo),
        gt(passkeyChallenges.expiresAt, edge.now),
      ),
    )
    .returning({ challenge: passkeyChallenges.challenge })
  if (!taken[0]) throw new AppError('link_over', 'That took too long. Please start again with your passkey.')
  return taken[0].challenge
}
