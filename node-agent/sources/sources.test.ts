/** One contract over every provider, and the demo's catalog file in all its shapes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { createLog } from '../log.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { postOffers } from './post-offers.ts'
import { enabledSources, sources } from './sources.ts'

const live = () => new AbortController().signal
const offer = {
  key: 'demo:film',
  title: { name: 'Film', year: 2008, runtimeMinutes: 1, overview: '', licence: 'CC BY 3.0', credit: '© somebody' },
  source: { infoHash: 'a'.repeat(40) },
  file: {},
  sizeBytes: 10,
}
const catalog = (text: string) => {
  const file = join(temporaryDirectory(), 'catalog.json')
  writeFileSync(file, text)
  return enabledSources((id) => (id === 'demo' ? { catalog: file } : ({} as Record<string, string>)))
}

describe('every source', () => {
  it.each(sources.map((source) => [source.id, source] as const))(
    '%s is named for its settings and is off without them',
    (id, source) => {
      expect(id).toMatch(/^[a-z][a-z0-9-]{1,39}$/)
      expect(source.label).not.toBe('')
      expect(source.enable({})).toBeUndefined()
    },
  )

  it('has an id of its own', () => {
    expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length)
  })
})

describe('the demo source', () => {
  it('offers what its catalog lists', async () => {
    const [source] = catalog(JSON.stringify({ provider: 'demo', offers: [offer] }))
    expect(await source?.offers(live())).toEqual({ provider: 'demo', offers: [offer] })
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
    await expect(catalog(text)[0]?.offers(live())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('SOURCE_DEMO_CATALOG'),
    })
  })

  it('says so when the file is not there', async () => {
    const [source] = enabledSources(() => ({ catalog: '/nowhere/catalog.json' }))
    await expect(source?.offers(live())).rejects.toThrow('cannot be read')
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
        const outcome = await catalog(text)[0]
          ?.offers(live())
          .catch((error: unknown) => error)
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
