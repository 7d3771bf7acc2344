/** Connections between real peers, for tests: home's end with a handler of the test's, and viewers of its stream. */
import type { HttpHandle } from '../http-exchange.ts'
import { createLog } from '../log.ts'
import { loadDataChannels } from '../p2p/data-channels.ts'
import { createPeers, type Peers } from '../p2p/peers.ts'
import { connectLaneViewer, type LaneViewer } from './lane-viewer.ts'

type PeersOptions = Parameters<typeof createPeers>[0]
type ViewerOptions = Parameters<typeof connectLaneViewer>[1]

const make = await loadDataChannels(createLog(() => {}))
const begun: { peers: Peers; viewers: LaneViewer[] }[] = []

export function beginPeers(options: Partial<PeersOptions> & { handle: HttpHandle }) {
  const lines: Record<string, unknown>[] = []
  const log = createLog((line) => lines.push(JSON.parse(line)))
  const peers = createPeers({ ...{ make, bindAddress: '127.0.0.1', log }, ...options })
  const viewers: LaneViewer[] = []
  begun.push({ peers, viewers })
  let connections = 0
  return {
    peers,
    lines,
    closed: () => lines.filter(({ event }) => event === 'p2p_closed'),
    /** Their connections are `c1`, `c2`, … `lead`: what the viewer is told of the way home, where it is another. */
    async connect(
      viewerOptions: ViewerOptions = {},
      streamId = 'stream-1',
      lead: (answer: string) => Promise<string> = async (answer) => answer,
    ) {
      const connectionId = `c${++connections}`
      const open = (offer: string) =>
        peers.open({ kind: 'p2p-open', streamId, connectionId, offer, iceServers: [] }, 'correlation-1')
      const viewer = await connectLaneViewer(async (offer) => lead((await open(offer)).answer), viewerOptions)
      viewers.push(viewer)
      return viewer
    },
  }
}

/** After each test: both ends of everything that was begun. */
export function endPeers(): void {
  for (const { peers, viewers } of begun.splice(0)) {
    for (const viewer of viewers) viewer.close()
    peers.closeAll()
  }
}

/** An offer whose viewer goes no further. */
export async function offerOfNobody(): Promise<string> {
  const offer = Promise.withResolvers<string>()
  void connectLaneViewer((text) => {
    offer.resolve(text)
    return Promise.reject(new Error('That was all.'))
  }).catch(() => {})
  return offer.promise
}

/** A film without an end, which knows how much of it was read and whether somebody still reads. */
export function endlessFilm() {
  const seen = { readBytes: 0, isClosed: false, signal: undefined as AbortSignal | undefined }
  const handle: HttpHandle = async ({ signal }) => {
    seen.signal = signal
    async function* body() {
      try {
        for (;;) {
          seen.readBytes += 100_000
          yield new Uint8Array(100_000)
        }
      } finally {
        seen.isClosed = true
      }
    }
    return { status: 200, headers: {}, body: body() }
  }
  return { seen, handle }
}
