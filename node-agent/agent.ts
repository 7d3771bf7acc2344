/** What each request of the hub becomes: the only file that knows the whole corridor. */
import type { AgentReply, AgentRequest, HoldsReply, LendRequest } from '#protocol/agent-requests.ts'
import type { Capacity } from './capacity.ts'
import type { Drain } from './drain.ts'
import type { Leases } from './http/leases.ts'
import type { Handle } from './link/answer.ts'
import type { MakingJobs } from './media/making/jobs/making-jobs.ts'
import type { OpenFilm } from './media/open-film.ts'
import type { AddedSubtitles } from './media/subtitles/added-subtitles.ts'
import type { Peers } from './p2p/peers.ts'
import type { Relays } from './relay/relays.ts'
import type { OwnFilms } from './sources/folders/own-films.ts'
import type { ProviderBoard } from './sources/provider-board.ts'
import { readName, type Search } from './sources/search.ts'
import type { TaskLoop } from './task-loop.ts'

export type Corridor = {
  film: OpenFilm
  leases: Leases
  relays: Relays
  peers: Peers
  /** What is made for a stream. */
  making: Pick<MakingJobs, 'leave'>
  subtitles: AddedSubtitles
  search: Search
  providers: Pick<ProviderBoard, 'report' | 'set'>
  ownFilms: OwnFilms
  /** Once it runs. */
  tasks: () => Pick<TaskLoop, 'report' | 'runsOf' | 'runNow' | 'pause'>
  capacity: Pick<Capacity, 'admit'>
  drain: Pick<Drain, 'set'>
  held: (infoHashes: readonly string[]) => Promise<HoldsReply>
  lend: (request: LendRequest) => Promise<void>
}

/** The kinds of request here that older agents do not know. */
export const alsoAnswers = [
  'drain',
  'holds',
  'lend',
  'providers',
  'set-provider',
  'tasks',
  'task-runs',
  'run-task',
  'pause-task',
  'read-release',
  'own-films',
  'set-own-film',
] as const satisfies AgentRequest['kind'][]

export function createAgent(corridor: Corridor): Handle {
  const { film, leases, relays, peers, making, subtitles, search } = corridor
  /** What works for a stream, its lease aside. */
  const end = (streamId: string) => {
    film.close(streamId)
    peers.closeStream(streamId)
    making.leave(streamId)
  }
  return async (request: AgentRequest, context): Promise<AgentReply<AgentRequest['kind']>> => {
    switch (request.kind) {
      case 'open':
        corridor.capacity.admit(request.streamId)
        return film.open(request, context)
      case 'close':
        leases.close(request.streamId)
        end(request.streamId)
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
        leases.revoke(request.streamIds)
        for (const streamId of request.streamIds) end(streamId)
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
      case 'lend':
        await corridor.lend(request)
        return {}
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
      case 'own-films':
        return corridor.ownFilms.list(request)
      case 'set-own-film':
        corridor.ownFilms.set(request)
        return {}
    }
  }
}
