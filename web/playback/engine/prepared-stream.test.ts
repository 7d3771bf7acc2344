import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AppError } from '#protocol/errors.ts'

const edge = vi.hoisted(() => ({
  opened: [] as object[],
  closed: [] as string[],
  refuses: false,
  sessionId: 'session-1',
  leavePage: (): void => undefined,
  hlsWay: async () => 'mse',
}))
vi.stubGlobal('addEventListener', (name: string, heard: () => void) => {
  if (name === 'pagehide') edge.leavePage = heard
})
vi.mock('../../auth/current-session.ts', () => ({
  session: { getState: () => ({ status: 'signed-in', sessionId: edge.sessionId }) },
}))
vi.mock('../device/device-profile.ts', () => ({ deviceProfile: async () => ({}), hlsWayHere: () => edge.hlsWay() }))
vi.mock('./sources/make-source.ts', () => ({ prepareSource: async () => undefined }))
vi.mock('../../edge-api.ts', () => ({
  openStream: async (body: object, { signal }: { signal: AbortSignal }) => {
    edge.opened.push(body)
    signal.throwIfAborted()
    if (edge.refuses) throw new AppError('not_found', 'Not at home.')
    const stream = {
      ...{ streamId: `s${edge.opened.length}`, expiresAt: 0, contentType: 'video/mp4', sizeBytes: 1 },
      ...{ durationSeconds: 1, tracks: { video: [], audio: [], subtitles: [] }, chapters: [], markers: [] },
      plan: { mode: 'direct', reasons: ['plays_as_it_is'] },
      ...{ thumbnails: false, fontCount: 0, resumeAtSeconds: 0 },
      urls: ['https://away.example/a', 'https://home.example/a'].map((url) => ({ transport: 'direct', url })),
    }
    const lines = [
      { type: 'stage', stage: 'peers', peers: 3 },
      { type: 'ready', stream },
    ]
    return new Response(lines.map((line) => JSON.stringify(line)).join('\n'))
  },
  closeStream: async (id: string) => void edge.closed.push(id),
}))

const { openPressed, prepareStream, setWatching, takePrepared } = await import('./prepared-stream.ts')

let sessions = 0
beforeEach(() => {
  vi.useFakeTimers()
  sessions++
  Object.assign(edge, {
    opened: [],
    closed: [],
    refuses: false,
    sessionId: `session-${sessions}`,
    hlsWay: async () => 'mse',
  })
  vi.stubGlobal('location', new URL('https://porch.example'))
  vi.stubGlobal('localStorage', { getItem: () => null })
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.includes('away')) throw new TypeError('nobody there')
    return new Response('x', { status: 206 })
  })
})
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(200_000)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const wanted = { titleId: 'film', startSeconds: 0, wish: { audioLanguages: ['fr'] } }

it('opens a film if it is at home, and gives it to Play once, with the way that answers first', async () => {
  prepareStream(wanted)
  prepareStream(wanted)
  const opened = await takePrepared('film', wanted.wish)?.opened
  expect(opened?.way.realUrl('direct')).toBe('https://home.example/a')
  opened?.way.close()
  expect(edge.opened).toMatchObject([{ titleId: 'film', ifAtHome: true }])
  expect(takePrepared('film', wanted.wish)).toBeUndefined()
  await vi.advanceTimersByTimeAsync(200_000)
  expect(edge.closed).toEqual([])
})

it('gives to nobody what was opened for another film, another wish, or another person', async () => {
  prepareStream(wanted)
  expect(takePrepared('another', wanted.wish)).toBeUndefined()
  expect(takePrepared('film', {})).toBeUndefined()
  edge.sessionId = 'of another'
  expect(takePrepared('film', wanted.wish)).toBeUndefined()
})

it('gives back what nobody plays, after a while or for another film', async () => {
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  prepareStream({ ...wanted, titleId: 'another' })
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.closed).toEqual(['s1'])
  await vi.advanceTimersByTimeAsync(100_000)
  expect(edge.closed).toEqual(['s1', 's2'])
  expect(takePrepared('another', wanted.wish)).toBeUndefined()
})

it('has nothing to give when home refuses', async () => {
  edge.refuses = true
  prepareStream(wanted)
  const taken = takePrepared('film', wanted.wish)
  await expect(taken?.opened).rejects.toMatchObject({ code: 'not_found' })
  edge.refuses = false
  await vi.advanceTimersByTimeAsync(10_000)
  prepareStream(wanted)
  await expect(takePrepared('film', wanted.wish)?.opened).resolves.toMatchObject({ ready: { streamId: 's2' } })
  expect(edge.closed).toEqual([])
})

it('does not look at home twice for a film that a moment ago was not there', async () => {
  edge.refuses = true
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  prepareStream(wanted)
  expect(edge.opened).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(10_000)
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.opened).toHaveLength(2)
})

it('looks at home again for a film that was given back before home had answered', async () => {
  prepareStream(wanted)
  prepareStream({ ...wanted, titleId: 'another' })
  await vi.advanceTimersByTimeAsync(0)
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.opened).toMatchObject([{ titleId: 'film' }, { titleId: 'another' }, { titleId: 'film' }])
})

it('opens what was pressed wherever it is, gives it to the player with the stage it is at, and waits for no way', async () => {
  edge.refuses = true
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  edge.refuses = false
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
  openPressed(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.opened).toMatchObject([{ ifAtHome: true }, { ifAtHome: false }])
  const taken = takePrepared('film', wanted.wish)
  const stages: object[] = []
  taken?.follow((stage) => stages.push(stage))
  expect(stages).toMatchObject([{ stage: 'peers', peers: 3 }])
  const opened = await taken?.opened
  expect(opened?.ready.streamId).toBe('s2')
  opened?.way.close()
})

it('keeps the refusal of a press for the player, and asks again at the next press', async () => {
  edge.refuses = true
  openPressed(wanted)
  await vi.advanceTimersByTimeAsync(0)
  openPressed(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.opened).toHaveLength(2)
  await expect(takePrepared('film', wanted.wish)?.opened).rejects.toMatchObject({ code: 'not_found' })
  expect(takePrepared('film', wanted.wish)).toBeUndefined()
})

it('ends what was pressed when the player asks for something else', async () => {
  openPressed(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(takePrepared('film', {})).toBeUndefined()
  expect(edge.closed).toEqual(['s1'])
})

it('gives back what nobody plays when the page is left', async () => {
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  edge.leavePage()
  expect(edge.closed).toEqual(['s1'])
  expect(takePrepared('film', wanted.wish)).toBeUndefined()
})

it('opens nothing while a film is watched', async () => {
  setWatching(true)
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.opened).toEqual([])
  setWatching(false)
  prepareStream(wanted)
  await vi.advanceTimersByTimeAsync(0)
  expect(edge.opened).toHaveLength(1)
})

it('is no stream any more once it was given back, however late', async () => {
  const way = Promise.withResolvers<string>()
  edge.hlsWay = () => way.promise
  prepareStream(wanted)
  const taken = takePrepared('film', wanted.wish)
  const opened = expect(taken?.opened).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(0)
  taken?.giveBack()
  way.resolve('mse')
  await opened
  expect(edge.closed).toEqual(['s1'])
})
