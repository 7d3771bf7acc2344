/** Every kind of request reaches the rooms it is for. */
import { describe, expect, it, vi } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { ProviderReport } from '#protocol/provider-settings.ts'
import { alsoAnswers, createAgent } from './agent.ts'
import type { Leases } from './http/leases.ts'

const provider: ProviderReport = {
  ...{ id: 'yts', label: 'YTS API', about: 'Asks.', asksForLawfulUse: true, isOn: true, isSwitchFixed: false },
  ...{ hosts: [], requestsPerSecond: { background: 1, awaited: 2 }, timeoutSeconds: 1, priority: 1, fields: [] },
}

const noFilms = { isOn: true, counts: { waiting: 0, unmatched: 0, decided: 0, matched: 0 }, films: [], isMore: false }

function begin() {
  const calls: string[] = []
  const called = (name: string) => vi.fn((...args: unknown[]) => void calls.push(`${name} ${JSON.stringify(args[0])}`))
  const reply = {
    path: 'f',
    sizeBytes: 1,
    contentType: 'video/mp4',
    tracks: { video: [], audio: [], subtitles: [] },
    plan: { mode: 'direct' as const, reasons: [] },
  }
  const handle = createAgent({
    film: { open: async () => reply, close: called('film.close') },
    leases: { close: called('leases.close'), revoke: called('leases.revoke') } as unknown as Leases,
    relays: { start: called('relays.start'), cancel: called('relays.cancel'), close: called('relays.close') },
    peers: {
      ...{ isOn: true, closeAll: called('peers.closeAll'), closeStream: called('peers.closeStream') },
      open: async (_request, correlationId) => ({ answer: correlationId }),
      exchange: ({ candidates }) => ({ candidates }),
      close: called('peers.close'),
    },
    making: { leave: called('making.leave') },
    subtitles: {
      add: ({ name }) => ({ id: 'u1', kind: 'text', format: 'subrip', name }),
      list: () => [],
      read: called(''),
    },
    search: { search: async () => ({ providers: [], isComplete: true }), close: called('search.close') },
    capacity: {
      admit: (streamId) => {
        if (streamId === 'too many') throw new AppError('busy', 'Full.')
      },
    },
    drain: { set: called('drain.set') },
    providers: { report: () => [], set: () => ({ provider, problems: [] }) },
    ownFilms: { list: ({ from }) => ({ ...noFilms, isMore: from > 0 }), set: called('ownFilms.set') },
    tasks: () => ({
      report: () => [],
      runsOf: (name) => [{ startedAt: 1, durationMs: 2, result: 'done', problem: name }],
      runNow: called('tasks.runNow'),
      pause: called('tasks.pause'),
    }),
    held: async (infoHashes) => ({
      held: infoHashes.map((infoHash) => ({ infoHash, isWhole: true })),
      peerAddresses: [],
    }),
    lend: async ({ to }) => void calls.push(`lend ${to}`),
  })
  const context = { signal: new AbortController().signal, correlationId: 'correlation-1', onStage: () => {} }
  return { calls, reply, ask: (request: AgentRequest) => handle(request, context) }
}

describe('createAgent', () => {
  it('answers open with what the film is', async () => {
    const { ask, reply } = begin()
    const source = { infoHash: 'a'.repeat(40) }
    expect(await ask({ kind: 'open', streamId: 's', sourceId: 'x', source, file: {}, startSeconds: 0 })).toEqual(reply)
  })

  it('opens nothing that it has no room for', async () => {
    const { ask } = begin()
    const open = {
      kind: 'open' as const,
      sourceId: 'x',
      source: { infoHash: 'a'.repeat(40) },
      file: {},
      startSeconds: 0,
    }
    await expect(ask({ ...open, streamId: 'too many' })).rejects.toMatchObject({ code: 'busy' })
  })

  it('says what it holds, and that it can be asked for it', async () => {
    const held = await begin().ask({ kind: 'holds', infoHashes: ['a'] })
    expect(held).toEqual({ held: [{ infoHash: 'a', isWhole: true }], peerAddresses: [] })
    expect(alsoAnswers).toContain('holds')
  })

  it.each<[AgentRequest, string[]]>([
    [
      { kind: 'close', streamId: 's' },
      ['leases.close "s"', 'film.close "s"', 'peers.closeStream "s"', 'making.leave "s"'],
    ],
    [
      { kind: 'revoke', streamIds: ['s', 't'] },
      [
        'leases.revoke ["s","t"]',
        ...['film.close "s"', 'peers.closeStream "s"', 'making.leave "s"'],
        ...['film.close "t"', 'peers.closeStream "t"', 'making.leave "t"'],
      ],
    ],
    [
      { kind: 'p2p-close', streamId: 's', connectionId: 'c' },
      ['peers.close {"kind":"p2p-close","streamId":"s","connectionId":"c"}'],
    ],
    [{ kind: 'relay-cancel', requestId: 'r' }, ['relays.cancel "r"']],
    [{ kind: 'drain', isDraining: true }, ['drain.set true']],
    [{ kind: 'lend', infoHash: 'a', to: ['192.168.1.9:51413'] }, ['lend 192.168.1.9:51413']],
    [{ kind: 'run-task', name: 'measure' }, ['tasks.runNow "measure"']],
    [{ kind: 'pause-task', name: 'measure', isPaused: true }, ['tasks.pause "measure"']],
  ])('answers %j', async (request, expected) => {
    const { ask, calls } = begin()
    expect(await ask(request)).toEqual({})
    expect(calls).toEqual(expected)
  })

  it('answers what the operator asks of providers and tasks, and of the name of a source', async () => {
    const { ask } = begin()
    expect(await ask({ kind: 'providers' })).toEqual({ providers: [] })
    const settings = { isOn: true, values: {} }
    const set = await ask({ kind: 'set-provider', id: 'yts', settings, isLawfulUseConfirmed: true })
    expect(set).toEqual({ provider, problems: [] })
    expect(await ask({ kind: 'tasks' })).toEqual({ tasks: [] })
    expect(await ask({ kind: 'task-runs', name: 'measure' })).toMatchObject({ runs: [{ problem: 'measure' }] })
    const wish = { titleId: 't', kind: 'movie' as const, name: 'Wanted', otherNames: [], year: 2001 }
    const read = await ask({ kind: 'read-release', wish, name: 'Other.2001.1080p.WEB-DL.x264-GRP' })
    expect(read).toMatchObject({ release: { heightPixels: 1080, source: 'web-dl' }, doubts: ['other_title'] })
  })

  it('answers an offer with an answer, and candidates with candidates', async () => {
    const { ask } = begin()
    const connection = { streamId: 's', connectionId: 'c' }
    expect(await ask({ kind: 'p2p-open', ...connection, offer: 'o', iceServers: [] })).toEqual({
      answer: 'correlation-1',
    })
    const candidates = ['candidate:1 1 udp 1 192.0.2.1 5000 typ host']
    expect(await ask({ kind: 'p2p-candidates', ...connection, candidates, mid: '0' })).toEqual({ candidates })
  })

  it('answers add-subtitle with the new track', async () => {
    const { ask } = begin()
    const film = { sourceId: 's', path: 'f' }
    const track = await ask({ kind: 'add-subtitle', ...film, name: 'Mine', format: 'srt', file: 'QQ' })
    expect(track).toEqual({ id: 'u1', kind: 'text', format: 'subrip', name: 'Mine' })
  })

  it('answers relay before the relay has ended', async () => {
    const { ask, calls } = begin()
    const request = {
      kind: 'relay' as const,
      streamId: 's',
      requestId: 'r',
      method: 'GET' as const,
      path: '/api/stream/t',
      headers: {},
    }
    expect(await ask(request)).toEqual({})
    expect(calls[0]).toContain('relays.start')
  })
})
