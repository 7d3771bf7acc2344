/** What runs in Chromium: the player's own way home, with the test between the two. */

import type { IceServer } from '../../protocol/p2p-signalling.ts'
import { openPeerLink } from '../../web/playback/transports/p2p/peer-link.ts'
import { WayHome } from '../../web/playback/transports/way-home.ts'
import { createChecksum } from './checksum.ts'

declare const askHome: (request: object) => Promise<object & { answer: string; candidates: string[] }>
/** Resolves when the test has done what it does in mid-film. */
declare const midFilm: () => Promise<void>

let connections = 0
/** Ended by home when nobody asks for anything on it: nothing is said of its end here. */
const openLink = (
  _streamId: string,
  { iceServers, signal }: { iceServers: readonly IceServer[]; signal: AbortSignal },
) => {
  const connectionId = `chromium-${++connections}`
  return openPeerLink(
    {
      offer: async (offer) => {
        const { answer } = await askHome({ kind: 'p2p-open', connectionId, offer, iceServers })
        return { connectionId, description: answer }
      },
      change: (_, candidates) => askHome({ kind: 'p2p-candidates', connectionId, candidates, mid: '0' }),
      end: () => undefined,
    },
    { iceServers, signal },
  )
}

export async function readFilm(iceServers: IceServer[]): Promise<number> {
  const link = await openLink('stream-1', { iceServers, signal: AbortSignal.timeout(60_000) })
  const film = await (await link.fetch('/api/stream/t')).arrayBuffer()
  link.close()
  return film.byteLength
}

/** As a player that holds five seconds of its film: in one request, with `midFilm` when so much of it has come. */
export async function watchFilm(iceServers: IceServer[], midFilmBytes: number): Promise<string> {
  const origin = 'http://porch.test'
  const way = new WayHome({
    ...{ streamId: 'stream-1', iceServers, origin, openLink },
    urls: [
      // Home's own network, which is not this one.
      { transport: 'direct', url: 'http://192.168.1.2:8788/api/stream/t' },
      { transport: 'p2p', url: `${origin}/p2p/stream-1/api/stream/t` },
    ],
    localNetwork: {
      known: Promise.resolve(),
      verdict: () => 'go',
      subscribe: () => undefined,
      changed: () => new Promise(() => undefined),
    },
  })
  way.look = () => ({ aheadSeconds: 5, filmBytesPerSecond: undefined, isLinesPace: false })
  await way.choose(AbortSignal.timeout(60_000))
  const { body } = await way.fetch('', {})
  const checksum = createChecksum()
  let bytes = 0
  for await (const part of body ?? []) {
    checksum.add(part)
    const before = bytes
    bytes += part.length
    if (before < midFilmBytes && bytes >= midFilmBytes) await midFilm()
  }
  way.close()
  return checksum.value()
}
Object.assign(window, { readFilm, watchFilm })
