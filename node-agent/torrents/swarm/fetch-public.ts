/** Fetches what a stranger's torrent names: not from the home network, and no more than was meant. */
import { isLocalHost } from '../../local-address.ts'
import { createDoorFetch, type DoorFetch, openWay } from '../../vpn/door-fetch.ts'

const MOST_REDIRECTS = 3

/** How what strangers' torrents name is asked: by which way, and which hosts may be at home whatever they are called. */
export type AskStrangers = { fetchOnce: DoorFetch; isKnownHost: (host: string) => boolean }

export const noGuard: AskStrangers = { fetchOnce: createDoorFetch(openWay()), isKnownHost: () => false }

/** Where a host may lead: one that says itself that it is at home was let in when it was read (`read-torrent-source`). */
export const mayLeadHome = ({ hostname, host }: URL, { isKnownHost }: Pick<AskStrangers, 'isKnownHost'>): boolean =>
  isLocalHost(hostname) || isKnownHost(host)

/** Follows to other places, but from none outside into the home, be it by an address or by what a name means then. */
export async function fetchPublic(
  first: URL,
  options: { headers: Record<string, string>; signal: AbortSignal },
  ask: AskStrangers = noGuard,
): Promise<Response> {
  let url = first
  const isHomely = mayLeadHome(first, ask)
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // Node refuses it too, and says the password.
    if (url.username !== '' || url.password !== '') throw new Error('its address holds a password')
    const response = await ask.fetchOnce(url, {
      ...options,
      mayLeadHome: isHomely && url.hostname === first.hostname,
    })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    await response.body?.cancel()
    url = new URL(location, url)
    if (url.hostname !== first.hostname && isLocalHost(url.hostname)) throw new Error('it points into the home')
  }
  throw new Error('it points on and on')
}

/** Throws as soon as there is more. */
export async function readAtMost(response: Response, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  // Leaving the loop ends the response.
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length
    if (sizeBytes > mostBytes) throw new Error('it answers without end')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
