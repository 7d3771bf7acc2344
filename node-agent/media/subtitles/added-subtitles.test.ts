/** Subtitles that people add: kept across a restart, within bounds, and only when there is something in them. */
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import { addedSubtitleState, MOST_OF_A_FILM } from '../../state/added-subtitle-state.ts'
import { openDatabase } from '../../state/open-database.ts'
import { openState } from '../../state/state.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { createAddedSubtitles } from './added-subtitles.ts'

const film = { sourceId: 's1', path: 'film.mkv' }
const srt = (text: string) => `1\n00:00:01,000 --> 00:00:02,000\n${text}\n`
const request = (text: string, change: object = {}) => ({
  ...{ kind: 'add-subtitle' as const, ...film, name: 'Mine', language: 'DE', format: 'srt' as const },
  file: encodeBase64Url(new TextEncoder().encode(text)),
  ...change,
})

function begin(directory = temporaryDirectory()) {
  const state = openState(directory)
  state.sources.save('s1', { infoHash: 'a'.repeat(40), hints: { trackers: [], webSeeds: [], peers: [] } })
  state.sources.saveFile('s1', 'film.mkv', 10)
  const known = ({ sourceId, path }: typeof film) => state.sources.findFile(sourceId, path) !== undefined
  return { state, directory, subtitles: createAddedSubtitles(state.addedSubtitles, known) }
}
const codeOf = (act: () => unknown): string => {
  try {
    act()
    return 'nothing was refused'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('added subtitles', () => {
  it('are there after a restart, as UTF-8 whatever they were', () => {
    const { state, directory, subtitles } = begin()
    const file = encodeBase64Url(Uint8Array.from(srt('Grüße, schöne Mädchen für Jürgen'), (c) => c.charCodeAt(0)))
    const track = { id: 'u1', kind: 'text', format: 'subrip', language: 'de', name: 'Mine' }
    expect(subtitles.add(request('', { file }))).toEqual(track)
    state.close()
    const again = begin(directory)
    expect(again.subtitles.list(film)).toEqual([track])
    expect(again.subtitles.read(film, 1)).toEqual({ format: 'srt', text: srt('Grüße, schöne Mädchen für Jürgen') })
    expect(again.subtitles.read(film, 2)).toBeUndefined()
    again.state.close()
  })

  it('are what they are, not what they were called', () => {
    const { state, subtitles } = begin()
    expect(subtitles.add(request('WEBVTT\n\n00:01.000 --> 00:02.000\nA'))).toMatchObject({ format: 'webvtt' })
    state.close()
  })

  it('are the same track when they are added again', () => {
    const { state, subtitles } = begin()
    expect(subtitles.add(request(srt('A'))).id).toBe('u1')
    expect(subtitles.add(request(srt('B'))).id).toBe('u2')
    expect(subtitles.add(request(srt('A'))).id).toBe('u1')
    state.close()
  })

  it('push the oldest of their film out when they are many, and never take its id', () => {
    const { state, subtitles } = begin()
    for (let number = 0; number <= MOST_OF_A_FILM; number++) subtitles.add(request(srt(`${number}`)))
    const ids = subtitles.list(film).map(({ id }) => id)
    expect(ids).toHaveLength(MOST_OF_A_FILM)
    expect([ids[0], ids.at(-1)]).toEqual(['u2', `u${MOST_OF_A_FILM + 1}`])
    state.close()
  })

  it('push out the longest ago when all together are too large', () => {
    const { state, directory } = begin()
    state.close()
    const database = openDatabase(directory)
    const small = addedSubtitleState(database, 1000)
    const add = (digest: string) =>
      small.save(film, { name: 'n', language: undefined, format: 'srt', digest, text: 'x'.repeat(400) })
    expect(['a', 'b', 'c'].map(add)).toEqual([1, 2, 3])
    expect(small.list(film).map(({ number }) => number)).toEqual([2, 3])
    database.close()
  })

  it('go when their source means another film', () => {
    const { state, subtitles } = begin()
    subtitles.add(request(srt('A')))
    state.sources.save('s1', { infoHash: 'b'.repeat(40), hints: { trackers: [], webSeeds: [], peers: [] } })
    expect(subtitles.list(film)).toEqual([])
    state.close()
  })

  it.each([
    ['not_found', { path: 'other.mkv' }, srt('A')],
    ['not_playable', {}, 'hello'],
    ['not_playable', {}, ''],
    ['invalid', { file: 'A' }, ''],
  ])('are refused with %s', (code, change, text) => {
    const { state, subtitles } = begin()
    expect(codeOf(() => subtitles.add(request(text, change)))).toBe(code)
    state.close()
  })
})
