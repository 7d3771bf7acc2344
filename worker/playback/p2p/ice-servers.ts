/** The operator's STUN and TURN servers, as a browser and a home are given them for one stream. */
import type { IceServer } from '#protocol/p2p-signalling.ts'
import type { StreamUrl } from '#protocol/stream-url.ts'
import type { Edge } from '../../edge.ts'
import type { Bindings } from '../../env.ts'
import { randomId } from '../../random-id.ts'

/** Longer than a film: an allocation ends with the credential that refreshes it. */
const TURN_CREDENTIAL_SECONDS = 4 * 3600

const host = String.raw`(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?`
const stunUrl = new RegExp(`^stuns?:${host}$`)
const turnUrl = new RegExp(String.raw`^turns?:${host}(?:\?transport=(?:udp|tcp))?$`)

/** Those of a setting that are addresses of such a server (RFC 7064, RFC 7065), at most eight. */
const urlsIn = (setting: string | undefined, pattern: RegExp): string[] =>
  (setting ?? '')
    .split(/[\s,]+/)
    .filter((url) => pattern.test(url))
    .slice(0, 8)

/**
 * Without a setting there are none: nothing leaves for a third party that the operator did not name. Credentials are
 * made for this call, as coturn's `use-auth-secret` checks them: the name says when they end, and nobody's name.
 */
export async function iceServers({
  env,
  now,
}: {
  env: Pick<Bindings, 'STUN_URLS' | 'TURN_URLS' | 'TURN_SECRET'>
  now: number
}): Promise<IceServer[]> {
  const [stun, turn] = [urlsIn(env.STUN_URLS, stunUrl), urlsIn(env.TURN_URLS, turnUrl)]
  const servers: IceServer[] = stun.length > 0 ? [{ urls: stun }] : []
  if (turn.length === 0 || !env.TURN_SECRET) return servers
  const username = `${now + TURN_CREDENTIAL_SECONDS}:${randomId(9)}`
  return [...servers, { urls: turn, username, credential: await credentialFor(username, env.TURN_SECRET) }]
}

/** What the answer to Play says of them, where one of its URLs needs them. */
export async function serversFor(edge: Edge, urls: readonly StreamUrl[]): Promise<{ iceServers?: IceServer[] }> {
  if (!urls.some(({ transport }) => transport === 'p2p')) return {}
  const servers = await iceServers(edge)
  return servers.length > 0 ? { iceServers: servers } : {}
}

async function credentialFor(username: string, secret: string): Promise<string> {
  const text = new TextEncoder()
  const hmac = { name: 'HMAC', hash: 'SHA-1' }
  const key = await crypto.subtle.importKey('raw', text.encode(secret), hmac, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(username)))
  return btoa(String.fromCharCode(...mac))
}
