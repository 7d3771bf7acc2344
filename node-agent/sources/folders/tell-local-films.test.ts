/** What the edge is told of the operator's own films: what is new, what is gone, each once, and all of it now and then. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import type { LocalFilms } from '#protocol/local-films.ts'
import type { FoundSources, TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../../log.ts'
import { openState } from '../../state/state.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOfPath } from './film-of-path.ts'
import { createTellLocalFilms } from './tell-local-films.ts'

const WEEK_MS = 7 * 86_400_000
const sintel: TitleWish = { titleId: 'sintel', kind: 'movie', name: 'Sintel', otherNames: [], year: 2010 }
const film = (path: string, sizeBytes = 7) =>
  filmOfPath(path.split('/').slice(-2), { path, sizeBytes, modifiedMs: 1 }, 2026)

function box(titlesOf: (told: LocalFilms) => TitleWish[] = () => [sintel]) {
  const state = openState(temporaryDirectory())
  onTestFinished(() => state.close())
  const box = { nowMs: 2_000_000_000_000, isReady: true, told: [] as LocalFilms[], posted: [] as FoundSources[] }
  const tell = createTellLocalFilms({
    async ask(films) {
      box.told.push(films)
      return { titles: titlesOf(films) }
    },
    post: async (found) => void box.posted.push(found),
    state: state.localFilms,
    isReady: () => box.isReady,
    log: createLog(() => {}),
    now: () => box.nowMs,
  })
  return Object.assign(box, { films: state.localFilms, tell: () => tell(new AbortController().signal) })
}

describe('the edge', () => {
  it('is told what a name says and nothing of where the file lies, and hears which titles it fits', async () => {
    const one = box()
    one.films.change([film('/secret/place/Sintel.2010.1080p.WEB-DL.x264-GRP.mkv')], [])
    await one.tell()
    expect(one.told).toEqual([{ films: [{ title: 'sintel', year: 2010 }], gone: [] }])
    expect(one.posted).toEqual([
      {
        titleId: 'sintel',
        found: [
          expect.objectContaining({
            isOnThisAgentOnly: true,
            name: 'Sintel.2010.1080p.WEB-DL.x264-GRP.mkv',
            release: expect.objectContaining({ heightPixels: 1080 }),
            provenance: [{ provider: 'folders', seenAt: 2_000_000_000 }],
          }),
        ],
      },
    ])
    expect(JSON.stringify([one.told, one.posted])).not.toContain('secret')
  })

  it('is told nothing of a title that does not fit what is there', async () => {
    const one = box(() => [{ ...sintel, name: 'Sintel Returns' }])
    one.films.change([film('/films/Sintel.2010.mkv')], [])
    await one.tell()
    expect(one.posted).toEqual([])
  })

  it('is told of a film once, of all again after a week, and of none while nothing may be asked', async () => {
    const one = box()
    one.films.change([film('/films/Sintel.2010.mkv')], [])
    await one.tell()
    await one.tell()
    one.nowMs += WEEK_MS
    await one.tell()
    expect(one.told).toHaveLength(1)
    one.nowMs += 1000
    one.isReady = false
    await one.tell()
    expect(one.told).toHaveLength(1)
    one.isReady = true
    await one.tell()
    expect(one.told).toHaveLength(2)
  })

  it('hears what is gone or became another file, unless it never knew of it, or it came back', async () => {
    const one = box(() => [])
    const [a, b, c] = [film('/films/A.2001.mkv'), film('/films/B.2002.mkv'), film('/films/C.2003.mkv')]
    one.films.change([a, b], [])
    await one.tell()
    one.films.change([c], [a.path])
    one.films.change([film(b.path, 8)], [c.path])
    await one.tell()
    expect(one.told[1]?.gone.toSorted()).toEqual([a.infoHash, b.infoHash].toSorted())
    await one.tell()
    expect(one.told).toHaveLength(2)
    one.films.change([], [b.path])
    one.films.change([film(b.path, 8)], [])
    await one.tell()
    expect(one.told[2]).toMatchObject({ films: [{ title: 'b' }], gone: [] })
  })

  it('is not told of a number that no film has, and hears of the others', async () => {
    const one = box(() => [])
    const odd = { ...film('/films/Odd.2001.mkv'), year: 3001 }
    one.films.change([odd, film('/films/Even.2002.mkv')], [])
    await one.tell()
    await one.tell()
    expect(one.told.map(({ films }) => films)).toEqual([[{ title: 'even', year: 2002 }]])
  })

  it('is told of a large library in parts, the rest in the next run', async () => {
    const one = box(() => [])
    const films = Array.from({ length: 1120 }, (_, n) => film(`/films/Film ${n} (2001).mkv`))
    one.films.change(films, [])
    await one.tell()
    expect(one.told.map((told) => told.films.length)).toEqual(Array(20).fill(50))
    await one.tell()
    expect(one.told.slice(20).map((told) => told.films.length)).toEqual([50, 50, 20])
    expect(new Set(one.told.flatMap((told) => told.films.map(({ title }) => title))).size).toBe(1120)
  })

  it.each([
    ['that knows of no such thing is left alone', new AppError('not_found', 'Nothing here.'), undefined],
    ['that fails is told another time', new AppError('internal', 'No.'), 'No.'],
  ])('%s', async (_what, error, thrown) => {
    let isAway = true
    const one = box(() => {
      if (isAway) throw error
      return []
    })
    one.films.change([film('/films/Sintel.2010.mkv')], [])
    expect(await one.tell().catch(({ message }: Error) => message)).toBe(thrown)
    isAway = false
    await one.tell()
    expect(one.told).toHaveLength(2)
  })
})
