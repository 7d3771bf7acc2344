/** What each request of the hub becomes: the only file that knows the whole corridor. */
import type { AgentReply, AgentRequest, HoldsReply } from '#protocol/agent-requests.ts'
import type { Capacity } from './capacity.ts'
import type { Drain } from './drain.ts'
import type { Leases } from './http/leases.ts'
import type { Handle } from './link/answer.ts'
import type { OpenFilm } from './media/open-film.ts'
import type { AddedSubtitles } from './media/subtitles/added-subtitles.ts'
import type { Peers } from './p2p/peers.ts'
import type { Relays } from './relay/relays.ts'
import type { ProviderBoard } from './sources/provider-board.ts'
import { readName, type Search } from './sources/search.ts'
import type { TaskLoop } from './task-loop.ts'

export type Corridor = {
  film: OpenFilm
  leases: Leases
  relays: Relays
  peers: Peers
  subtitles: AddedSubtitles
  search: Search
  providers: Pick<ProviderBoard, 'report' | 'set'>
  /** Once it runs. */
  tasks: () => Pick<TaskLoop, 'report' | 'runsOf' | 'runNow' | 'pause'>
  capacity: Pick<Capacity, 'admit'>
  drain: Pick<Drain, 'set'>
  held: (infoHashes: readonly string[]) => Promise<HoldsReply>
}

/** The kinds of request here that older agents do not know. */
export const alsoAnswers = [
  'drain',
  'holds',
  'providers',
  'set-provider',
  'tasks',
  'task-runs',
  'run-task',
  'pause-task',
  'read-release',
] as const satisfies AgentRequest['kind'][]

export function createAgent(corridor: Corridor): Handle {
  const { film, leases, relays, peers, subtitles, search } = corridor
  return async (request: AgentRequest, context): Promise<AgentReply<AgentRequest['kind']>> => {
    switch (request.kind) {
      case 'open':
        corridor.capacity.admit(request.streamId)
        return film.open(request, context)
      case 'close':
        film.close(request.streamId)
        leases.close(request.streamId)
        peers.closeStream(request.streamId)
        return {}
      case 'relay':
        relays.start(request, context.correlationId)
        return {}
      case 'relay-cancel':
        relays.cancel(request.requestId)
        return {}
      case 'p2p-open':
        return peers.open(request, context.correlationId)
      case 'p2p-candidates':
        return peers.exchange(request)
      case 'p2p-close':
        peers.close(request)
        return {}
      case 'revoke':
        for (const streamId of request.streamIds) film.close(streamId)
        leases.revoke(request.streamIds)
        for (const streamId of request.streamIds) peers.closeStream(streamId)
        return {}
      case 'add-subtitle':
        return subtitles.add(request)
      case 'search':
        return search.search(request, context)
      case 'drain':
        corridor.drain.set(request.isDraining)
        return {}
      case 'holds':
        return corridor.held(request.infoHashes)
      case 'providers':
        return { providers: corridor.providers.report() }
      case 'set-provider':
        return corridor.providers.set(request)
      case 'tasks':
        return { tasks: corridor.tasks().report() }
      case 'task-runs':
        return { runs: corridor.tasks().runsOf(request.name) }
      case 'run-task':
        corridor.tasks().runNow(request.name)
        return {}
      case 'pause-task':
        corridor.tasks().pause(request.name, request.isPaused)
        return {}
      case 'read-release':
        return readName(request, request.wish, Date.now())
    }
  }
}
