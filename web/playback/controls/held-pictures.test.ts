/** Pictures over the seek bar: asked for once, and left when somebody seeks. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { leavePictures, pictureOf } from './held-pictures.ts'

afterEach(() => {
  leavePictures()
  vi.unstubAllGlobals()
})

/** Answers when it is told to. */
function home() {
  const signals: AbortSignal[] = []
  let answer = (_: Response) => {}
  vi.stubGlobal(
    'fetch',
    (_url: string, { signal }: { signal: AbortSignal }) =>
      new Promise<Response>((done, reject) => {
        signals.push(signal)
        answer = done
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  )
  return { signals, answer: (response: Response) => answer(response) }
}
const url = 'https://agent.example/api/stream/token/thumbnails/3.jpg'

describe('a picture over the seek bar', () => {
  it('is fetched once and kept, also when somebody seeks later', async () => {
    const { signals, answer } = home()
    const asked = [pictureOf('kept', url), pictureOf('kept', url)]
    answer(new Response('jpeg'))
    const [one, other] = await Promise.all(asked)
    leavePictures()
    expect(one).toMatch(/^blob:/)
    expect([other, await pictureOf('kept', url), signals.length]).toEqual([one, one, 1])
    expect(signals[0]?.aborted).toBe(false)
  })

  it('is left when somebody seeks, and fetched anew when it is wanted after that', async () => {
    const { signals, answer } = home()
    const left = pictureOf('left', url)
    leavePictures()
    expect([await left, signals[0]?.aborted]).toEqual([undefined, true])
    const again = pictureOf('left', url)
    answer(new Response('jpeg'))
    expect(await again).toMatch(/^blob:/)
  })

  it('that home does not have is asked for again', async () => {
    const { signals, answer } = home()
    const asked = pictureOf('none', url)
    answer(new Response(null, { status: 404 }))
    expect(await asked).toBeUndefined()
    void pictureOf('none', url)
    expect(signals).toHaveLength(2)
  })
})
