/** Lists through the API: one's own order, what the household shares, and nobody else's hands. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../../auth/password-hash.ts'
import { ADMIN, refusal, setUp } from '../../testing/call-edge.ts'
import { insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import type { ListCard, ListPage } from './answers.ts'

const [ada, ben] = [new TestBrowser(), new TestBrowser()]
const password = 'four words and a lamp'
const ids = Array.from({ length: 70 }, (_, at) => `film-${String(at).padStart(2, '0')}`)

const make = async (json: object, browser = ada) =>
  (await (await browser.call('/api/lists', { json })).json<{ id: string }>()).id
const put = (list: string, titleId: string, after: string | null = null, browser = ada) =>
  browser.call(`/api/lists/${list}/titles/${titleId}`, { method: 'PUT', json: { after } })
const take = (list: string, titleId: string) => ada.call(`/api/lists/${list}/titles/${titleId}`, { method: 'DELETE' })
const page = async (list: string, browser = ada, cursor?: string) =>
  (await browser.call(`/api/lists/${list}${cursor === undefined ? '' : `?cursor=${cursor}`}`)).json<ListPage>()
const order = async (list: string) => (await page(list)).titles.map(({ id }) => id)
const lists = async (browser = ada, query = '') =>
  (await (await browser.call(`/api/lists${query}`)).json<{ lists: ListCard[] }>()).lists

beforeAll(async () => {
  await setUp()
  await ada.signIn(ADMIN.email, ADMIN.password)
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  await insertPerson({ id: 'ben', email: 'ben@example.org', displayName: 'Ben', passwordHash, role: 'user' })
  await ben.signIn('ben@example.org', password)
  const insert = env.DB.prepare(
    "insert into titles (id, kind, name, overview, licence, credit) values (?1, 'movie', ?1, '', '', '')",
  )
  await env.DB.batch(ids.map((id) => insert.bind(id)))
})

describe('a watchlist', () => {
  it('is there for everybody, empty, before anything is in it', async () => {
    expect(await page('watchlist')).toMatchObject({
      list: { kind: 'watchlist', isOwn: true, titleCount: 0 },
      titles: [],
      next: null,
    })
  })

  it('takes a title once, newest first, and lets it go', async () => {
    for (const id of ['film-01', 'film-02', 'film-01']) expect((await put('watchlist', id)).status).toBe(204)
    expect(await order('watchlist')).toEqual(['film-01', 'film-02'])
    expect((await page('watchlist')).list.titleCount).toBe(2)
    for (const id of ['film-01', 'film-01']) expect((await take('watchlist', id)).status).toBe(204)
    expect(await page('watchlist')).toMatchObject({ list: { titleCount: 1 }, titles: [{ id: 'film-02' }] })
  })

  it('is one, and counts one, when fifty put the same title in', async () => {
    await Promise.all(Array.from({ length: 50 }, () => put('watchlist', 'film-03', null, ben)))
    expect(await page('watchlist', ben)).toMatchObject({ list: { titleCount: 1 }, titles: [{ id: 'film-03' }] })
  })

  it('is each one’s own, and cannot be renamed or removed', async () => {
    const own = (await page('watchlist')).list.id
    expect((await page('watchlist', ben)).list.id).not.toBe(own)
    expect(await refusal(await ben.call(`/api/lists/${own}`))).toEqual([404, 'not_found'])
    expect(await refusal(await ada.call(`/api/lists/${own}`, { method: 'DELETE' }))).toEqual([404, 'not_found'])
  })
})

describe('a personal list', () => {
  it('is made, changed and removed by its owner; others see it once it is shared, and cannot change it', async () => {
    const id = await make({ name: ' Rainy days ' })
    expect(await lists()).toContainEqual({
      ...{ id, kind: 'personal', name: 'Rainy days', description: '', isShared: false, isOwn: true },
      ...{ titleCount: 0, has: null },
    })
    expect((await lists(ben)).map((list) => list.id)).not.toContain(id)
    expect(await refusal(await ben.call(`/api/lists/${id}`))).toEqual([404, 'not_found'])
    await put(id, 'film-05')
    expect((await ada.call(`/api/lists/${id}`, { method: 'PATCH', json: { isShared: true } })).status).toBe(204)
    expect(await page(id, ben)).toMatchObject({
      list: { isOwn: false, name: 'Rainy days' },
      titles: [{ id: 'film-05' }],
    })
    for (const refused of [
      await put(id, 'film-06', null, ben),
      await ben.call(`/api/lists/${id}`, { method: 'PATCH', json: { name: 'Mine' } }),
      await ben.call(`/api/lists/${id}`, { method: 'DELETE' }),
    ]) {
      expect(await refusal(refused)).toEqual([404, 'not_found'])
    }
    expect((await ada.call(`/api/lists/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await refusal(await ada.call(`/api/lists/${id}`))).toEqual([404, 'not_found'])
  })

  it('says whether it holds a title', async () => {
    const [holds, lacks] = [await make({ name: 'Holds' }), await make({ name: 'Lacks' })]
    await put(holds, 'film-07')
    const told = new Map((await lists(ada, '?title=film-07')).map(({ id, has }) => [id, has]))
    expect([told.get(holds), told.get(lacks)]).toEqual([true, false])
  })

  it('refuses a title that is not known', async () => {
    const id = await make({ name: 'Strange' })
    expect(await refusal(await put(id, 'no-such-film'))).toEqual([404, 'not_found'])
  })

  it('that is full takes nothing more, and lets what is in it move', async () => {
    const id = await make({ name: 'Full' })
    await put(id, 'film-08')
    await put(id, 'film-09')
    await env.DB.prepare('update media_lists set item_count = 2000 where id = ?').bind(id).run()
    expect(await refusal(await put(id, 'film-10'))).toEqual([409, 'conflict'])
    expect((await put(id, 'film-09', 'film-08')).status).toBe(204)
    expect(await order(id)).toEqual(['film-08', 'film-09'])
  })

  it('is one of fifty when a hundred are made at once', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, at) => ben.call('/api/lists', { json: { name: `L${at}` } })))
    expect(
      await env.DB.prepare("select count(*) n from media_lists where person_id = 'ben' and kind = 'personal'").first(
        'n',
      ),
    ).toBe(50)
  })

  it('comes in pages that leave nothing out and tell nothing twice', async () => {
    const id = await make({ name: 'Long' })
    for (const titleId of ids) await put(id, titleId)
    const first = await page(id)
    const second = await page(id, ada, first.next ?? '')
    expect([...first.titles, ...second.titles].map((title) => title.id)).toEqual(ids.toReversed())
    expect(second.next).toBeNull()
  })

  it('stands in the order of every move that was made', async () => {
    const some = ids.slice(0, 6)
    const moves = fc.array(fc.record({ titleId: fc.constantFrom(...some), after: fc.constantFrom(null, ...some) }), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        const id = await make({ name: 'Moves' })
        let model: string[] = []
        for (const { titleId, after } of list) {
          expect((await put(id, titleId, after)).status).toBe(204)
          const rest = model.filter((one) => one !== titleId)
          model = rest.toSpliced(after === null ? 0 : rest.indexOf(after) + 1, 0, titleId)
        }
        expect(await order(id)).toEqual(model)
        await ada.call(`/api/lists/${id}`, { method: 'DELETE' })
      }),
      { numRuns: 15 },
    )
  })
})
