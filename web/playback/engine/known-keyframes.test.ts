/** When a player asks for a film's keyframes, and where it goes while it does not know them. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { KnownKeyframes } from './known-keyframes.ts'

afterEach(() => vi.unstubAllGlobals())

const base = 'https://porch.example/p2p/stream-1'
const hls = (resource: string) => ({ mode: 'remux' as const, reasons: [], resource })
const playing = {
  agentId: 'first',
  sourceId: 'source-1',
  sizeBytes: 1000,
  plan: hls('hls/v1+a2/master.m3u8'),
  tracks: { video: [{ id: 3, width: 1920, height: 1080 }], audio: [], subtitles: [] },
}

/** `home` answers in turn, by the last for ever; `show` gives a frame to the screen. */
function world(...home: (() => Promise<Response>)[]) {
  const waiting: (() => void)[] = []
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url.slice(base.length))
    return (home.length > 1 ? home.shift() : home[0])?.()
  })
  const video = { duration: 100, requestVideoFrameCallback: (shown: () => void) => waiting.push(shown) }
  const keyframes = new KnownKeyframes(video as unknown as HTMLVideoElement)
  const show = async () => {
    for (const shown of waiting.splice(0)) shown()
    await new Promise((done) => setTimeout(done))
  }
  return { keyframes, asked, show }
}
const answers = (ok: boolean, body: unknown) => async () => ({ ok, json: async () => body }) as Response
const list = answers(true, { seconds: [0.001, 2.001, 4.001] })
const none = answers(false, { error: { code: 'not_found', message: 'None.' } })
const away = () => Promise.reject(new TypeError('away'))

describe('the keyframes of a film', () => {
  it('are asked for when its first frame has been shown, and not before', async () => {
    const { keyframes, asked, show } = world(list)
    keyframes.follow(playing, base)
    await new Promise((done) => setTimeout(done))
    expect([asked, keyframes.near(2.4, 1)]).toEqual([[], 2.4])
    await show()
    expect([asked, keyframes.near(2.4, 1)]).toEqual([['/hls/v1/keyframes.json'], 2.001])
  })

  it.each([
    ['of the file itself', { mode: 'direct' as const, reasons: [] }, '/hls/v3/keyframes.json'],
    ['of what is made', hls('hls/v1-720+v1-480+a2/master.m3u8'), '/hls/v1-720/keyframes.json'],
    ['of a film that was cut anew', hls('hls-whole/v1+a2/master.m3u8'), '/hls-whole/v1/keyframes.json'],
  ])('are asked for %s', async (_what, plan, expected) => {
    const { keyframes, asked, show } = world(list)
    keyframes.follow({ ...playing, plan }, base)
    await show()
    expect(asked).toEqual([expected])
  })

  it('are not asked for of sound alone', async () => {
    const { keyframes, asked, show } = world(list)
    keyframes.follow({ ...playing, plan: hls('hls/a2/master.m3u8') }, base)
    await show()
    expect(asked).toEqual([])
  })

  it('are asked for once, however often the stream is renewed, and kept when another agent cuts it alike', async () => {
    const { keyframes, asked, show } = world(list)
    for (const agentId of ['first', 'first', 'second']) {
      keyframes.follow({ ...playing, agentId }, base)
      await show()
    }
    expect([asked.length, keyframes.near(3.9, 1)]).toEqual([1, 4.001])
  })

  it('are forgotten when another film or another plan plays, before the new ones are there', async () => {
    const { keyframes, asked, show } = world(list)
    keyframes.follow(playing, base)
    await show()
    keyframes.follow({ ...playing, plan: hls('hls/v1-720+a2/master.m3u8') }, base)
    expect(keyframes.near(2.4, 1)).toBe(2.4)
    await show()
    expect([asked.length, keyframes.near(2.4, 1)]).toEqual([2, 2.001])
  })

  it('that come after the plan has changed are not taken for its own', async () => {
    let answer = (_: Response) => {}
    const late = () => new Promise<Response>((done) => (answer = done))
    const { keyframes, show } = world(late, none)
    keyframes.follow(playing, base)
    await show()
    keyframes.follow({ ...playing, plan: hls('hls/v1-720+a2/master.m3u8') }, base)
    answer(await list())
    await show()
    expect(keyframes.near(2.4, 1)).toBe(2.4)
  })

  it.each([
    ['that home does not have', none, 1],
    ['that are none', answers(true, { seconds: ['2'] }), 1],
    ['that could not be fetched', away, 2],
  ])('%s leave seeks exact, and are asked for again only when nothing was answered', async (_what, answer, times) => {
    const { keyframes, asked, show } = world(answer)
    for (let renewals = 0; renewals < 2; renewals++) {
      keyframes.follow(playing, base)
      await show()
    }
    expect([asked.length, keyframes.near(2.4, 1)]).toEqual([times, 2.4])
  })

  it('are asked of the next agent when the one before knew none', async () => {
    const { keyframes, show } = world(none, list)
    for (const agentId of ['old', 'new']) {
      keyframes.follow({ ...playing, agentId }, base)
      await show()
    }
    expect(keyframes.near(2.4, 1)).toBe(2.001)
  })

  it('are asked for no more when the film has been left', async () => {
    const { keyframes, asked, show } = world(list)
    keyframes.follow(playing, base)
    keyframes.close()
    await show()
    expect(asked).toEqual([])
  })
})
