/** A person's account at Trakt: its tokens, renewed by one of all who need them, and taken away. */
import { and, desc, eq, isNotNull } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { identityPlace, isIdentity } from '../../auth/ways/identities.ts'
import { identities } from '../../auth/ways/schema.ts'
import type { Edge } from '../../edge.ts'
import { openField, sealField } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { log } from '../../log.ts'
import { askTrakt, type TraktCall, type TraktOutcome, type TraktSite, traktSite } from './ask-trakt.ts'
import { Tokens } from './shapes.ts'
import { giveTurn, takeTurn } from './turns.ts'

/** Renewed this long before it runs out, so that nobody meets one that just did. */
const EARLY_SECONDS = 3600
/** Longer than Trakt may take: whoever holds the turn and is stopped gives it back by time. */
const TURN_SECONDS = 20
const WAIT_MS = 150
const WAITS = 100

export type TraktAccount = { personId: string; issuer: string; subject: string; sealed: string; tokens: Tokens }

/** Undefined when there is none, or when Trakt no longer takes its tokens and it must be connected again. */
export async function readAccount(edge: Edge, personId: string): Promise<TraktAccount | undefined> {
  const [row] = await edge.db
    .select({ issuer: identities.issuer, subject: identities.subject, sealed: identities.token })
    .from(identities)
    .where(and(eq(identities.userId, personId), eq(identities.provider, 'trakt'), isNotNull(identities.token)))
    .orderBy(desc(identities.linkedAt), identities.subject)
    .limit(1)
  if (!row || row.sealed === null) return undefined
  const text = await openField(readKeyring(edge.env.KEYRING), identityPlace(row, 'token'), row.sealed)
  const tokens = Tokens.safeParse(JSON.parse(text))
  return tokens.success ? { personId, ...row, sealed: row.sealed, tokens: tokens.data } : undefined
}

/** Throws `not_configured`. */
export function requireSite({ env }: Pick<Edge, 'env'>): TraktSite {
  const site = traktSite(env)
  if (!site) throw new AppError('not_configured', 'Trakt is not set up here. Whoever runs this Porchlight can do it.')
  return site
}

/** As the person. Renews the token when it is due, and once more when Trakt turned it away. */
export async function askAs(edge: Edge, account: TraktAccount, call: TraktCall): Promise<TraktOutcome> {
  const site = requireSite(edge)
  const first = await freshToken(edge, site, account)
  if (first.kind !== 'token') return first
  const outcome = await askTrakt(site, { ...call, token: first.token }, edge.nowMs)
  if (outcome.kind !== 'signed_out') return outcome
  const second = await freshToken(edge, site, account, first.token)
  return second.kind === 'token' ? askTrakt(site, { ...call, token: second.token }, edge.nowMs) : second
}

type Fresh = { kind: 'token'; token: string } | Exclude<TraktOutcome, { kind: 'ok' | 'refused' }>

/**
 * A token that is good. A refresh token works once, so of all who find it due, in whatever isolate, one renews it (a
 * turn, turns.ts) and the rest wait for what it stored.
 */
export async function freshToken(edge: Edge, site: TraktSite, known: TraktAccount, refused?: string): Promise<Fresh> {
  const isGood = ({ tokens }: TraktAccount) =>
    tokens.access_token !== refused && tokens.created_at + tokens.expires_in - EARLY_SECONDS > edge.now
  if (isGood(known)) return { kind: 'token', token: known.tokens.access_token }
  const turn = { name: `trakt:token:${known.personId}`, personId: known.personId }
  for (let waited = 0; waited < WAITS; waited++) {
    const hasTurn = await takeTurn(edge, turn, TURN_SECONDS, waited * WAIT_MS)
    // Read after the turn was taken: whoever had it before may just have renewed.
    const account = await readAccount(edge, known.personId)
    if (!account || isGood(account)) {
      if (hasTurn) await giveTurn(edge, turn)
      return account ? { kind: 'token', token: account.tokens.access_token } : { kind: 'signed_out' }
    }
    if (hasTurn) return renew(edge, site, account, refused).finally(() => giveTurn(edge, turn))
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  return { kind: 'later', afterSeconds: TURN_SECONDS, cause: new TypeError('somebody else is renewing the token') }
}

async function renew(edge: Edge, site: TraktSite, account: TraktAccount, refused?: string): Promise<Fresh> {
  const { tokens } = account
  const body = {
    refresh_token: tokens.refresh_token,
    client_id: site.clientId,
    client_secret: site.secret,
    redirect_uri: 'urn:ietf:wg:oauth:2.0:oob',
    grant_type: 'refresh_token',
  }
  const outcome = await askTrakt(site, { path: '/oauth/token', body }, edge.nowMs)
  if (outcome.kind === 'later') {
    // Due is not over: the old one is good for the rest of its hour.
    const isLeft = tokens.access_token !== refused && tokens.created_at + tokens.expires_in > edge.now
    return isLeft ? { kind: 'token', token: tokens.access_token } : outcome
  }
  const fresh = outcome.kind === 'ok' ? Tokens.safeParse(outcome.body) : undefined
  if (fresh?.success) {
    await swapToken(edge, account, JSON.stringify(fresh.data))
    return { kind: 'token', token: fresh.data.access_token }
  }
  // Its word is final: the person took the permission back, or the token was used elsewhere.
  log('warn', 'trakt_signed_out', { correlationId: edge.correlationId, personId: account.personId })
  await swapToken(edge, account, null)
  return { kind: 'signed_out' }
}

/** Compare and swap: a token that somebody stored in the meantime (linked anew) stays. */
async function swapToken(edge: Edge, account: TraktAccount, text: string | null): Promise<void> {
  const place = identityPlace(account, 'token')
  const token = text === null ? null : await sealField(readKeyring(edge.env.KEYRING), place, text)
  await edge.db
    .update(identities)
    .set({ token })
    .where(and(isIdentity(account), eq(identities.token, account.sealed)))
}

/** Tells Trakt that we need its tokens no longer. Nobody waits for it: they run out by themselves. */
export async function revokeTokens(edge: Edge, { tokens }: TraktAccount): Promise<void> {
  const site = traktSite(edge.env)
  if (!site) return
  const body = { token: tokens.access_token, client_id: site.clientId, client_secret: site.secret }
  await askTrakt(site, { path: '/oauth/revoke', body }, edge.nowMs)
}
