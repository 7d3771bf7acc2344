/** Fetches what a stranger's torrent names: not from the home network, and no more than was meant. */
import { isLocalHost } from '../../local-address.ts'

const MOST_REDIRECTS = 3

/** How one request leaves this machine: `fetch`, or the VPN's door. */
export type FetchOnce = (
  url: URL,
  options: { headers: Record<string, string>; signal: AbortSignal; redirect: 'manual' },
) => Promise<Response>

/** Follows to other places, but from none outside into the home (see `metadata/read-torrent-source.ts`). */
export async function fetchPublic(
  first: URL,
  options: { headers: Record<string, string>; signal: AbortSignal },
  fetchOnce: FetchOnce = fetch,
): Promise<Response> {
  let url = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // Node refuses it too, and says the password.
    if (url.username !== '' || url.password !== '') throw new Error('its address holds a password')
    const response = await fetchOnce(url, { ...options, redirect: 'manual' })
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
