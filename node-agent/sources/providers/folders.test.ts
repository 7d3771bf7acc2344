/** Folders of the operator's own films: what a path says, what a scan sees, and what is found for a title. */
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../../log.ts'
import { openState } from '../../state/state.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { until } from '../../testing/until.ts'
import { filmOfPath, isFilmFolder, isFilmName } from '../folders/film-of-path.ts'
import { filmsOf } from '../folders/films-of.ts'
import { scanFolders } from '../folders/scan-folders.ts'
import { watchFolders } from '../folders/watch-folders.ts'
import { folders } from './folders.ts'

const YEAR = 2026
const movie: TitleWish = { titleId: 't', kind: 'movie', name: 'Sintel', otherNames: [], year: 2010 }
const said = (path: string) => {
  const { title, year, season, episode, imdbId } = filmOfPath(
    path.split('/'),
    { path, sizeBytes: 1, modifiedMs: 1 },
    YEAR,
  )
  return [title, year, season, episode, imdbId]
}

describe('a path', () => {
  it.each<[string, unknown[]]>([
    ['Sintel.2010.1080p.BluRay.x264-GRP.mkv', ['sintel', 2010, null, null, null]],
    ['Sintel (2010)/Sintel (2010).mkv', ['sintel', 2010, null, null, null]],
    ['Sintel (2010)/video.mkv', ['sintel', 2010, null, null, null]],
    ['Sintel (2010) {imdb-tt1727587}/Sintel.mkv', ['sintel', 2010, null, null, 'tt1727587']],
    ['Sintel [imdbid-tt1727587].mkv', ['sintel', null, null, null, 'tt1727587']],
    ['Pioneer One/Season 1/Pioneer One S01E02.mkv', ['pioneer one', null, 1, 2, null]],
    ['Pioneer One/Season 1/S01E02.mkv', ['pioneer one', null, 1, 2, null]],
    ['Pioneer One/1x03.mkv', ['pioneer one', null, 1, 3, null]],
  ])('%s says %j', (path, expected) => expect(said(path)).toEqual(expected))

  it.each(['a.txt', '.hidden.mkv', 'film-trailer.mkv', 'Sample.mkv', 'film.sample.mkv', 'poster.jpg'])(
    'of %s is no film',
    (name) => expect(isFilmName(name)).toBe(false),
  )

  it.each(['Extras', '.trash', 'Featurettes', 'sample'])('through %s is not walked', (name) =>
    expect(isFilmFolder(name)).toBe(false),
  )

  it('of any shape says something, and the same file always the same hash', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), fc.nat(), (parts, sizeBytes) => {
        const file = { path: parts.join('/'), sizeBytes, modifiedMs: 7 }
        const film = filmOfPath(parts, file, YEAR)
        expect(film.infoHash).toMatch(/^[0-9a-f]{40}$/)
        expect(filmOfPath(parts, file, YEAR)).toEqual(film)
        expect(filmOfPath(parts, { ...file, modifiedMs: 8 }, YEAR).infoHash).not.toBe(film.infoHash)
      }),
    )
  })
})

/** A folder with files in it, and a state. */
function library(...paths: string[]) {
  const root = temporaryDirectory()
  const state = openState(temporaryDirectory())
  onTestFinished(() => state.close())
  const put = (path: string, text = 'film') => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const path of paths) put(path)
  const scan = (...roots: string[]) =>
    scanFolders(roots.length === 0 ? [root] : roots, state.localFilms, {
      signal: new AbortController().signal,
      thisYear: YEAR,
    })
  const titles = () => [...state.localFilms.seen().keys()].map((path) => path.slice(root.length + 1)).sort()
  return { root, put, scan, titles, films: state.localFilms }
}

describe('a scan', () => {
  it('finds films however deep, and no sample, link or hidden file', async () => {
    const { root, scan, titles } = library(
      'Sintel (2010)/Sintel.mkv',
      'a/b/c/Film.2001.mp4',
      '.x/y.mkv',
      'Extras/z.mkv',
    )
    writeFileSync(join(root, 'notes.txt'), '')
    symlinkSync('/etc', join(root, 'etc'))
    symlinkSync('/etc/hostname', join(root, 'hostname.mkv'))
    expect(await scan()).toEqual({ films: 2, changed: 2, gone: 0, unreadable: 0 })
    expect(titles()).toEqual(['Sintel (2010)/Sintel.mkv', 'a/b/c/Film.2001.mp4'])
  })

  it('looks again only at what changed, and forgets what is gone', async () => {
    const { root, put, scan, titles } = library('a.mkv', 'b.mkv', 'c.mkv')
    await scan()
    expect(await scan()).toMatchObject({ films: 3, changed: 0, gone: 0 })
    put('a.mkv', 'a longer film')
    utimesSync(join(root, 'b.mkv'), 1, 1)
    renameSync(join(root, 'c.mkv'), join(root, 'd.mkv'))
    expect(await scan()).toMatchObject({ films: 3, changed: 3, gone: 1 })
    expect(titles()).toEqual(['a.mkv', 'b.mkv', 'd.mkv'])
  })

  it('keeps the films of a disk that is not there', async () => {
    const { root, scan, titles } = library('a.mkv')
    const away = `${root}-away`
    await scan()
    renameSync(root, away)
    onTestFinished(() => rmSync(away, { recursive: true, force: true }))
    expect(await scan()).toMatchObject({ films: 0, gone: 0, unreadable: 1 })
    expect(titles()).toHaveLength(1)
  })

  it('forgets a folder that is not asked for any more', async () => {
    const { scan, titles } = library('a.mkv')
    await scan()
    await scan(temporaryDirectory())
    expect(titles()).toEqual([])
  })
})

describe('finding a title', () => {
  const paths = [
    'Sintel.2010.mkv',
    'Sintel (1999).mkv',
    'Sintel Making Of (2010).mkv',
    'Durian [imdbid-tt1727587].mkv',
    'Sintel {imdb-tt9999999}.mkv',
    'Show/Season 1/S01E02.mkv',
    'Show/Season 2/S02E02.mkv',
  ]
  it.each<[string, Partial<TitleWish>, string[]]>([
    ['its name and year', {}, ['Sintel.2010.mkv', 'Sintel {imdb-tt9999999}.mkv']],
    ['its IMDb id', { imdbId: 'tt1727587' }, ['Durian [imdbid-tt1727587].mkv', 'Sintel.2010.mkv']],
    ['another name', { name: 'X', otherNames: ['The Sintel'] }, ['Sintel.2010.mkv', 'Sintel {imdb-tt9999999}.mkv']],
    [
      'season and episode',
      { kind: 'episode', name: 'Show', episode: { season: 2, episode: 2 } },
      ['Show/Season 2/S02E02.mkv'],
    ],
    ['an episode that is not there', { kind: 'episode', name: 'Show', episode: { season: 3, episode: 2 } }, []],
    ['no film by the name of a show', { name: 'Show' }, []],
  ])('goes by %s', async (_what, changes, expected) => {
    const { root, scan, films } = library(...paths)
    await scan()
    const found = filmsOf({ ...movie, ...changes }, films).map(({ path }) => path.slice(root.length + 1))
    expect(found.sort()).toEqual([...expected].sort())
  })

  it('tells no path of this machine', async () => {
    const { root, scan, films } = library('secret place/Sintel.2010.mkv')
    await scan()
    const log = createLog(() => {})
    const rooms = { fetch: () => Promise.reject(new Error('asked')), now: Date.now, localFilms: films, log }
    const found = await folders.work({ paths: [root] }, rooms).search?.(movie, {
      signal: new AbortController().signal,
      isAwaited: () => true,
    })
    expect(found).toHaveLength(1)
    expect(found?.[0]).toMatchObject({ name: 'Sintel.2010.mkv', isOnThisAgentOnly: true, sizeBytes: 4 })
    expect(JSON.stringify(found)).not.toContain('secret place')
  })
})

describe('watching', () => {
  it('scans at the start and again after a change, one scan at a time, until it ends', async () => {
    const { root, put } = library()
    let scans = 0
    let atOnce = 0
    const life = new AbortController()
    const watching = watchFolders(
      [root, '/nowhere/at/all'],
      async () => {
        expect(++atOnce).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        atOnce--
        scans++
      },
      life.signal,
      { settleMilliseconds: 1, anywayMilliseconds: 3_600_000 },
    )
    await until(() => scans === 1, 'the first scan')
    put('new.mkv')
    await until(() => scans >= 2, 'the scan after a change')
    life.abort()
    await watching
  })
})
