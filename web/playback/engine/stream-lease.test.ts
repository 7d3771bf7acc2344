import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const edge = vi.hoisted(() => ({ otherAgents: 0 }))
vi.stubGlobal('addEventListener', () => undefined)
vi.mock('../../auth/current-session.ts', () => ({ session: { getState: () => ({ status: 'signed-out' }) } }))
vi.mock('../device/device-profile.ts', () => ({ deviceProfile: async () => ({}), hlsWayHere: async () => 'mse' }))
vi.mock('./sources/make-source.ts', () => ({ prepareSource: async () => undefined }))
const urls = [{ transport: 'direct', url: 'https://home.example/a' }]
vi.mock('../../edge-api.ts', () => ({
  openStream: async () => {
    const stream = {
      ...{ streamId: 's1', agentId: 'attic', otherAgents: edge.otherAgents, expiresAt: 0, contentType: 'video/mp4' },
      ...{ sizeBytes: 1, durationSeconds: 1, tracks: { video: [], audio: [], subtitles: [] }, chapters: [] },
      plan: { mode: 'direct', reasons: ['plays_as_it_is'] },
      ...{ markers: [], thumbnails: false, fontCount: 0, resumeAtSeconds: 0, urls },
    }
    return new Response(JSON.stringify({ type: 'ready', stream }))
  },
  renewStream: async () => ({ urls, expiresAt: 0, isLeaving: false, otherAgents: edge.otherAgents }),
  closeStream: async () => undefined,
}))

const { StreamLease } = await import('./stream-lease.ts')

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('location', new URL('https://porch.example'))
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
  vi.stubGlobal('document', { addEventListener: () => undefined, removeEventListener: () => undefined })
  vi.stubGlobal('removeEventListener', () => undefined)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('learns with each renewal who else could go on with the film, whoever was there when it began', async () => {
  const onRenewed = vi.fn()
  const lease = new StreamLease('film', { onRenewed, onWay: () => undefined, onLeaving: () => undefined })
  await lease.open(0, {}, { signal: new AbortController().signal, onStage: () => undefined })
  expect(lease.ready?.otherAgents).toBe(0)
  for (const others of [1, 0, 2]) {
    edge.otherAgents = others
    onRenewed.mockClear()
    await vi.advanceTimersToNextTimerAsync()
    await vi.waitFor(() => expect(onRenewed).toHaveBeenCalled())
    expect(lease.ready?.otherAgents).toBe(others)
  }
  lease.close()
})
