/** What runs in Chromium: the player's own connection to home, with the test between the two. */

import type { IceServer } from '../../protocol/p2p-signalling.ts'
import { openPeerLink } from '../../web/playback/transports/p2p/peer-link.ts'

declare const askHome: (request: object) => Promise<object & { answer: string; candidates: string[] }>

export async function readFilm(iceServers: IceServer[]): Promise<number> {
  const connectionId = 'chromium'
  const link = await openPeerLink(
    {
      offer: async (offer) => {
        const { answer } = await askHome({ kind: 'p2p-open', offer, iceServers })
        return { connectionId, description: answer }
      },
      change: (_, candidates) => askHome({ kind: 'p2p-candidates', candidates, mid: '0' }),
      end: () => undefined,
    },
    { iceServers, signal: AbortSignal.timeout(60_000) },
  )
  const film = await (await link.fetch('/api/stream/t')).arrayBuffer()
  link.close()
  return film.byteLength
}
Object.assign(window, { readFilm })
