import { describe, expect, it } from 'vitest'
import { readStreamAnswer, type Stage } from './stream-answer.ts'

const stream = {
  streamId: 'strm_abcdefgh',
  expiresAt: 1_800_000_000,
  contentType: 'video/mp4',
  sizeBytes: 10,
  durationSeconds: null,
  tracks: { video: [], audio: [], subtitles: [] },
  plan: { mode: 'direct', reasons: ['plays_as_it_is'] },
  chapters: [{ startSeconds: 0, name: 'Opening' }],
  markers: [],
  thumbnails: false,
  fontCount: 0,
  urls: [{ transport: 'direct', url: 'http://127.0.0.1:8788/api/stream/v1.a.b' }],
  resumeAtSeconds: 0,
}

const answer = (...lines: unknown[]) => new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

describe('the answer to Play', () => {
  it('tells each stage in order, then gives the stream', async () => {
    const stages: Stage[] = []
    const told = [
      { type: 'stage', stage: 'finding', peers: 0 },
      { type: 'stage', stage: 'peers', peers: 3 },
    ]
    const ready = await readStreamAnswer(answer(...told, { type: 'ready', stream }), (stage) => stages.push(stage))
    expect(stages.map(({ stage, peers }) => [stage, peers])).toEqual([
      ['finding', 0],
      ['peers', 3],
    ])
    expect(ready).toEqual(stream)
  })

  it('is read to its end, because one that is cut off looks like a person who left', async () => {
    let [isCancelled, hasEnded] = [false, false]
    const lines = [{ type: 'ready', stream }, { type: 'later' }].map((line) => `${JSON.stringify(line)}\n`)
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const line = lines.shift()
          if (line !== undefined) return controller.enqueue(new TextEncoder().encode(line))
          hasEnded = true
          controller.close()
        },
        cancel: () => {
          isCancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    await readStreamAnswer(new Response(body), () => undefined)
    await expect.poll(() => hasEnded).toBe(true)
    expect(isCancelled).toBe(false)
  })

  it('throws the refusal by its code', async () => {
    const failed = { type: 'failed', error: { code: 'no_peers', message: 'Nobody.' } }
    await expect(readStreamAnswer(answer(failed), () => undefined)).rejects.toMatchObject({ code: 'no_peers' })
  })

  it('passes over lines of a newer edge', async () => {
    const newer = { type: 'hint', text: 'from the future' }
    expect(await readStreamAnswer(answer(newer, { type: 'ready', stream }), () => undefined)).toEqual(stream)
  })

  it.each([
    ['ends before it is ready', answer({ type: 'stage', stage: 'finding', peers: 0 })],
    ['has no body', new Response(null)],
    ['refuses without a code that we know', answer({ type: 'failed', error: { code: 'zzz', message: '' } })],
  ])('is as good as none when it %s', async (_, response) => {
    await expect(readStreamAnswer(response, () => undefined)).rejects.toMatchObject({ name: 'Unreachable' })
  })

  it('is as good as none when it breaks off', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError('network error')),
    })
    await expect(readStreamAnswer(new Response(body), () => undefined)).rejects.toMatchObject({ name: 'Unreachable' })
  })
})
