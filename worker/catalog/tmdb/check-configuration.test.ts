/** Where TMDB says that its pictures are, beside where we look for them: over real HTTP (its stand-in). */
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { beginWithTmdb, edgeNow, passDay } from '../../testing/tmdb-days.ts'
import { addFault } from '../../testing/tmdb-stand-in.ts'
import { checkConfiguration } from './check-configuration.ts'
import { refreshLists } from './refresh-lists.ts'

const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
const reasons = () =>
  told.mock.calls
    .map(([line]) => JSON.parse(String(line)) as { event: string; reason?: string })
    .filter(({ event }) => event === 'tmdb_pictures_moved')
    .map(({ reason }) => reason)
const all = ['w92', 'w185', 'w342', 'w500', 'w780', 'w1280']
const says = (images: object) => ({
  status: 200,
  text: JSON.stringify({
    images: {
      secure_base_url: 'https://image.tmdb.org/t/p/',
      ...{ poster_sizes: all, backdrop_sizes: all, profile_sizes: all, logo_sizes: all },
      ...images,
    },
  }),
})

beforeAll(beginWithTmdb)
beforeEach(passDay)
afterEach(() => told.mockClear())

it('says nothing while both are the same', async () => {
  expect(await checkConfiguration(edgeNow().edge)).toBe(true)
  expect(reasons()).toEqual([])
})

it.each([
  ['are somewhere else', { secure_base_url: 'https://pictures.example/' }, 'secure_base_url'],
  ['have lost a size', { poster_sizes: ['w92', 'w185', 'w500', 'w780'] }, 'poster_sizes w342'],
  ['have no size of a kind', { backdrop_sizes: null }, 'backdrop_sizes w1280'],
])('tells the operator when they %s', async (_, images, reason) => {
  await addFault({ path: '/3/configuration', times: 1, ...says(images) })
  expect(await checkConfiguration(edgeNow().edge)).toBe(false)
  expect(reasons()).toEqual([reason])
})

it.each([
  ['in pieces', { status: 200, text: '{"images":{' }],
  ['about nothing', { status: 200, text: '{"images":{}}' }],
])('says nothing when TMDB’s word is %s', async (_, fault) => {
  await addFault({ path: '/3/configuration', times: 1, ...fault })
  expect(await checkConfiguration(edgeNow().edge)).toBeUndefined()
  expect(reasons()).toEqual([])
})

it('is asked with the lists, which do without it', async () => {
  await addFault({ path: '/3/configuration', times: 1, status: 503 })
  expect((await refreshLists(edgeNow().edge)).lists).toBe(7)
  passDay()
  await addFault({ path: '/3/configuration', times: 1, ...says({ logo_sizes: [] }) })
  expect((await refreshLists(edgeNow().edge)).lists).toBe(7)
  expect(reasons()).toEqual(['logo_sizes w500'])
})
