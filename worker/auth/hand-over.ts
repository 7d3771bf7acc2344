/** What leaves with a finished sign-in: cookies for the browser, a body for the page, the news for the house. */
import type { Context } from 'hono'
import { type Edge, edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import type { SecondFactorNeeded, SignedIn } from './answers.ts'
import { TICKET_SECONDS } from './factors/tickets.ts'
import type { Finished } from './finish-sign-in.ts'
import { setDeviceCookie } from './guard/device-cookie.ts'
import { setRefreshCookie } from './refresh-cookie.ts'
import { setSecretCookie } from './secret-cookie.ts'
import type { Issued } from './sessions.ts'

/** What the rest of the house does when something happens here; app.ts brings them together. */
export type AuthEvents = {
  /** A household exists now. */
  setupDone: (edge: Edge) => Promise<void>
  /** The session can no longer be used: what hangs on it must end too. */
  sessionEnded: (edge: Edge, sessionId: string) => Promise<void>
  /** Somebody else watches with the session now: what plays was another's choice. */
  viewerChanged: (edge: Edge, sessionId: string) => Promise<void>
}

/** Tells the house of each session that ended. */
export async function tellEnded(events: AuthEvents, edge: Edge, sessionIds: readonly string[]): Promise<void> {
  for (const sessionId of sessionIds) await events.sessionEnded(edge, sessionId)
}

export function handOverIssued(c: Context, issued: Issued): SignedIn {
  setRefreshCookie(c, issued.signedIn.sessionId, issued.refreshToken, issued.maxAgeSeconds)
  c.header('Cache-Control', 'no-store')
  return issued.signedIn
}

/** Sets the cookies of either end of a sign-in. Every way in answers with this, or redirects after it. */
export async function handOver<E extends AppEnv>(
  c: Context<E>,
  events: AuthEvents,
  finished: Finished,
): Promise<SignedIn | SecondFactorNeeded> {
  c.header('Cache-Control', 'no-store')
  if (finished.kind === 'second_factor') {
    setSecretCookie(c, 'ticket', finished.ticket, TICKET_SECONDS)
    return finished.needed
  }
  const { account, issued, endedSessionIds } = finished
  const edge = edgeOf(c)
  await tellEnded(events, edge, endedSessionIds)
  const signedIn = handOverIssued(c, issued)
  if (account.emailIndex) await setDeviceCookie(c, readKeyring(c.env.KEYRING), account.emailIndex)
  return signedIn
}
