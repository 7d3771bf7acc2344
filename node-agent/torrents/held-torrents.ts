/** What of some torrents is on this machine's disk, and where a neighbour can fetch it from. */
import type { NetworkInterfaceInfo } from 'node:os'
import type { HoldsReply } from '#protocol/agent-requests.ts'
import type { TorrentState } from '../state/torrent-state.ts'
import { keptLayout } from './metadata/known-metadata.ts'
import { countBits } from './seeding-to-resume.ts'

type About = {
  state: Pick<TorrentState, 'find'>
  /** Whether a film of the operator's own goes by this made-up info hash. */
  isLocal: (infoHash: string) => boolean
  /** Where peers may call: undefined behind a door, whose only way in is the tunnel. */
  peerPort: () => number | undefined
  interfaces: () => Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>
}

const MOST_ADDRESSES = 4

/** Those of which nothing is here are left out. Local films are whole, and nobody's to fetch. */
export const createHeldTorrents =
  ({ state, isLocal, peerPort, interfaces }: About) =>
  async (infoHashes: readonly string[]): Promise<HoldsReply> => {
    const each = infoHashes.map(async (infoHash) => {
      if (isLocal(infoHash)) return [{ infoHash, isWhole: true }]
      const record = state.find(infoHash)
      const pieces = record ? countBits(record.bitfield) : 0
      if (!record || pieces === 0) return []
      const layout = await keptLayout(infoHash, record.info)
      return layout ? [{ infoHash, isWhole: pieces === layout.pieceCount }] : []
    })
    const port = peerPort()
    return {
      held: (await Promise.all(each)).flat(),
      peerAddresses: port === undefined ? [] : addresses(interfaces()).map((address) => `${address}:${port}`),
    }
  }

const addresses = (all: ReturnType<About['interfaces']>): string[] =>
  Object.values(all)
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .slice(0, MOST_ADDRESSES)
