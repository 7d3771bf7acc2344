/** A person whose account is linked with one at the stand-in's Trakt, without the walk there. */
import { env } from 'cloudflare:workers'
import { sealAccount } from '../auth/ways/identities.ts'
import { identities } from '../auth/ways/schema.ts'
import { openDb } from '../db.ts'
import { testEdge } from './test-edge.ts'
import { nowSeconds, order } from './walk-ways.ts'

/** `age`: seconds since the tokens, good for a week, were issued. */
export async function linkTrakt(personId: string, slug: string, { age = 0 } = {}): Promise<void> {
  const tokens = await order<object>(env.TRAKT_URL, '/stand-in/tokens', { slug, age })
  const issuer = String(env.TRAKT_URL)
  const account = { issuer, subject: `uuid-of-${slug}`, label: slug, displayName: slug, email: null }
  const sealed = await sealAccount(testEdge(nowSeconds()), {
    ...account,
    isEmailProven: false,
    isMember: false,
    token: JSON.stringify(tokens),
  })
  const { subject } = account
  await openDb(env.DB)
    .insert(identities)
    .values({ issuer, subject, userId: personId, provider: 'trakt', ...sealed, linkedAt: nowSeconds() })
}
