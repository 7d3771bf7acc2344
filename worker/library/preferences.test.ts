/** How a person likes to watch, over HTTP. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Browser, callEdge, refusal, setUp } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import type { Preferences } from './answers.ts'
import { DEFAULT_PREFERENCES, readPreferences } from './preferences.ts'

let admin: Browser
beforeAll(async () => {
  admin = await setUp()
})
const get = async (beneath = '') =>
  (await callEdge(`/api/preferences${beneath}`, { token: admin.accessToken })).json<unknown>()
const put = (json: object, beneath = '') =>
  callEdge(`/api/preferences${beneath}`, { method: 'PUT', token: admin.accessToken, json })

const mine: Preferences = {
  audioLanguages: ['ja', 'en'],
  subtitleLanguages: ['pt-BR'],
  subtitles: 'on',
  subtitleSizePercent: 150,
  mostHeightPixels: 720,
}

describe('preferences', () => {
  it('are the defaults until they are saved, then what was saved last', async () => {
    expect(await get()).toEqual(DEFAULT_PREFERENCES)
    expect((await put(mine)).status).toBe(204)
    expect(await get()).toEqual(mine)
    await put({ ...mine, subtitles: 'off', mostHeightPixels: null })
    expect(await get()).toEqual({ ...mine, subtitles: 'off', mostHeightPixels: null })
  })

  it('are each person’s own', async () => {
    expect(await readPreferences(testEdge(1), 'somebody-else')).toEqual(DEFAULT_PREFERENCES)
  })

  it.each([
    ['a field too few', { ...mine, subtitles: undefined }],
    ['a field too many', { ...mine, personId: 'user-1' }],
    ['a language that is none', { ...mine, audioLanguages: ['<b>'] }],
    ['more languages than anybody speaks', { ...mine, audioLanguages: Array(9).fill('en') }],
    ['a size that nobody could read', { ...mine, subtitleSizePercent: 10 }],
    ['a word that is none', { ...mine, subtitles: 'always' }],
  ])('are refused with %s', async (_name, body) => {
    expect(await refusal(await put(body))).toEqual([400, 'invalid'])
  })
})

describe('a choice in a title', () => {
  const path = '/titles/sintel-2010'
  it('is none until it is made, then what was chosen last', async () => {
    expect(await get(path)).toEqual({ audioTrackId: null, subtitle: null })
    expect((await put({ audioTrackId: 3, subtitle: { trackId: 'e4' } }, path)).status).toBe(204)
    expect(await get(path)).toEqual({ audioTrackId: 3, subtitle: { trackId: 'e4' } })
    await put({ audioTrackId: null, subtitle: 'off' }, path)
    expect(await get(path)).toEqual({ audioTrackId: null, subtitle: 'off' })
    expect(await get('/titles/big-buck-bunny-2008')).toEqual({ audioTrackId: null, subtitle: null })
  })
  it('is refused for a title that there is not, and for a track that cannot be one', async () => {
    expect(await refusal(await put({ audioTrackId: 1, subtitle: null }, '/titles/nothing'))).toEqual([404, 'not_found'])
    expect(await refusal(await put({ audioTrackId: 1, subtitle: { trackId: '../x' } }, path))).toEqual([400, 'invalid'])
    const { results } = await env.DB.prepare('select title_id from title_choices').all()
    expect(results).toEqual([{ title_id: 'sintel-2010' }])
  })
})
