/** One contract over every provider, and the demo's catalog file in all its shapes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { createLog } from '../log.ts'
import type { LocalFilmState } from '../state/local-film-state.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { enableProviders } from './enable-providers.ts'
import { describeOptions } from './options.ts'
import { postOffers } from './post-offers.ts'
import { providers } from './sources.ts'

const live = () => new AbortController().signal
const offer = {
  key: 'demo:film',
  title: { name: 'Film', year: 2008, runtimeMinutes: 1, overview: '', licence: 'CC BY 3.0', credit: '© somebody' },
  source: { infoHash: 'a'.repeat(40) },
  file: {},
  sizeBytes: 10,
}
const rooms = { userAgent: 'test', log: createLog(() => {}), localFilms: {} as LocalFilmState }
const enabled = (settings: Record<string, Record<string, string>>) =>
  enableProviders(providers, (id) => ({ enabled: 'off', ...settings[id] }), rooms)
const catalog = (text: string) => {
  const file = join(temporaryDirectory(), 'catalog.json')
  writeFileSync(file, text)
  return demoOf(file)
}
const demoOf = (file: string) => enabled({ demo: { catalog: file, enabled: 'on' } })[0]?.offers
const known = providers.map((provider) => [provider.id, provider] as const)

describe('every provider', () => {
  it.each(known)('%s is named for its settings and for people', (id, { label, about }) => {
    expect(id).toMatch(/^[a-z][a-z0-9-]{1,39}$/)
    expect(label).not.toBe('')
    expect(about).toMatch(/\.$/)
  })

  it.each(known)('%s says how often it is asked, how long, and what can be set', (_id, provider) => {
    expect(provider.requestsPerSecond.background).toBeGreaterThan(0)
    expect(provider.requestsPerSecond.awaited).toBeGreaterThanOrEqual(provider.requestsPerSecond.background)
    expect(provider.timeoutSeconds).toBeGreaterThan(0)
    for (const field of describeOptions(provider.options)) {
      expect(field.name).toMatch(/^[a-z_]+$/)
      expect(field.title).not.toBe('')
      expect(field.description).toMatch(/\.$/)
      if (/key|secret|password/.test(field.name)) expect(field.isSecret).toBe(true)
    }
  })

  it.each(known)('%s is on only when it may be', (id, provider) => {
    const on = enableProviders([provider], () => ({}), rooms)
    expect(on.map((one) => one.id)).toEqual(provider.isOnByDefault ? [id] : [])
    expect(enableProviders([provider], () => ({ enabled: 'off' }), rooms)).toEqual([])
  })

  it.each(known.filter(([, { asksForLawfulUse }]) => asksForLawfulUse))(
    '%s ships without a host, and is not on before the operator has confirmed',
    (id, provider) => {
      expect(provider.isOnByDefault).toBe(false)
      expect(provider.options.safeParse({}).success).toBe(false)
      const confirm = () => enableProviders([provider], () => ({ enabled: 'on' }), rooms)
      expect(confirm).toThrow(`SOURCE_${id.toUpperCase().replaceAll('-', '_')}_LAWFUL_USE=confirmed`)
    },
  )

  it.each(known)('%s names a setting that it does not know', (id, provider) => {
    const settings = { enabled: 'on', lawful_use: 'confirmed', evil: '1' }
    const wrong = () => enableProviders([provider], () => settings, rooms)
    expect(wrong).toThrow(`SOURCE_${id.toUpperCase().replaceAll('-', '_')}_EVIL`)
  })

  it('has an id of its own', () => {
    expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length)
  })
})

describe('the demo source', () => {
  it('offers what its catalog lists', async () => {
    const offers = catalog(JSON.stringify({ provider: 'demo', offers: [offer] }))
    expect(await offers?.(live())).toEqual({ provider: 'demo', offers: [offer] })
  })

  it.each([
    ['is not JSON', '{'],
    ['has no offers', '{"provider":"demo"}'],
    ['has a field that is not known', JSON.stringify({ provider: 'demo', offers: [{ ...offer, evil: 1 }] })],
    [
      'has a poster on another host',
      JSON.stringify({
        provider: 'demo',
        offers: [{ ...offer, title: { ...offer.title, poster: 'https://x.example/a' } }],
      }),
    ],
    [
      'has an info hash that is none',
      JSON.stringify({ provider: 'demo', offers: [{ ...offer, source: { infoHash: 'x' } }] }),
    ],
    ['is of another provider', JSON.stringify({ provider: 'other', offers: [] })],
  ])('refuses a catalog that %s, and names the setting', async (_what, text) => {
    await expect(catalog(text)?.(live())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('SOURCE_DEMO_CATALOG'),
    })
  })

  it('says so when the file is not there', async () => {
    await expect(demoOf('/nowhere/catalog.json')?.(live())).rejects.toThrow('cannot be read')
  })

  it('reads or refuses any file', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          provider: fc.constantFrom('demo', 'x'),
          offers: fc.array(fc.oneof(fc.constant(offer), fc.anything())),
        })
        .map((value) => JSON.stringify(value)),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const outcome = await catalog(text)?.(live()).catch((error: unknown) => error)
        expect(outcome).toSatisfy((value) =>
          value instanceof AppError ? value.code === 'invalid' : Array.isArray((value as { offers: unknown }).offers),
        )
      }),
      { numRuns: 50 },
    )
  })
})

describe('postOffers', () => {
  const lines: string[] = []
  const log = createLog((line) => lines.push(line))
  const good = { id: 'good', offers: async () => ({ provider: 'good', offers: [offer] }) }
  const bad = { id: 'bad', offers: () => Promise.reject(new AppError('invalid', 'No file.')) }
  const noWait = async () => {}

  it('tries again until the edge has heard it, and no source hinders another', async () => {
    const heard: string[] = []
    let failures = 2
    await postOffers(
      [bad, good],
      async (offers) => {
        if (failures-- > 0) throw new Error('away')
        heard.push(offers.provider)
      },
      log,
      live(),
      noWait,
    )
    expect(heard).toEqual(['good'])
  })

  it('stops when it is told to', async () => {
    const abort = new AbortController()
    let posts = 0
    await postOffers(
      [good],
      async () => {
        posts++
        abort.abort()
        throw new Error('away')
      },
      log,
      abort.signal,
      noWait,
    )
    expect(posts).toBe(1)
  })
})
