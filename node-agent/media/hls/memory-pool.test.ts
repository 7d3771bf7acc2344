/** Memory that is used again, and only so much of it at once. */
import { describe, expect, it } from 'vitest'
import { createMemoryPool, MOST_SEGMENT_BYTES } from './memory-pool.ts'
import { createSharedRanges } from './shared-ranges.ts'

describe('the memory of segments', () => {
  it('is used again', () => {
    const pool = createMemoryPool()
    const first = pool.take(1000)
    pool.give(first)
    expect(pool.take(2000).buffer).toBe(first.buffer)
  })

  it('is refused to an index that names more than any film has, before a byte is read', async () => {
    const pool = createMemoryPool()
    expect(() => pool.take(MOST_SEGMENT_BYTES + 1)).toThrowError(expect.objectContaining({ code: 'not_playable' }))
    let isRead = false
    const film = {
      ...{ sourceId: 'source-1', path: 'film.mkv', etag: '""', sizeBytes: 1e12, contentType: 'video/x-matroska' },
      ...{ inside: undefined as never, isOnDisk: () => true },
      async read() {
        isRead = true
        return new Uint8Array()
      },
    }
    const range = [0, MOST_SEGMENT_BYTES + 1] as const
    const answer = createSharedRanges(pool).use(film, range, new AbortController().signal, () => {})
    await expect(answer).rejects.toMatchObject({ code: 'not_playable' })
    expect(isRead).toBe(false)
  })
})
