/** Every provider that asks somebody, before a host that is slow, broken, or means harm. */
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../../log.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { nightOfTheLivingDead, startArchive, torrentOf } from '../../testing/upstreams/archive.ts'
import { bombs, capabilitiesOf } from '../../testing/upstreams/indexes.ts'
import {
  type StandInServer,
  sendJson,
  sendText,
  sendWithoutEnd,
  startStandInServer,
} from '../../testing/upstreams/stand-in-server.ts'
import { enableProviders } from '../enable-providers.ts'
import { createGuardedFetch } from '../guarded-fetch.ts'
import type { Found } from '../provider.ts'
import { providers } from '../sources.ts'

const wish: TitleWish = {
  ...{ titleId: 't', kind: 'movie', name: 'Night of the Living Dead', otherNames: [], year: 1968 },
  ...{ imdbId: 'tt0063350', runtimeMinutes: 96 },
}

/** Sixteen megabytes of nothing in a few kilobytes. */
const bomb = gzipSync(Buffer.alloc(16_000_000, ' '))

/** As the operator enters it. */
const settingsOf: Record<string, (origin: string) => Record<string, string>> = {
  'internet-archive': (address) => ({ address }),
  rss: (origin) => ({ addresses: `${origin}/feed` }),
  torznab: (origin) => ({ address: `${origin}/api`, api_key: 'a-key' }),
  yts: (address) => ({ address }),
  therarbg: (address) => ({ address }),
}
const asking = Object.keys(settingsOf)
/** It takes whatever leads elsewhere for a title that it does not know. */
const followsNothing = ['therarbg']

/** What it found, or why it found nothing. */
async function search(id: string, origin: string, timeoutSeconds = 5): Promise<Found[] | string> {
  const provider = providers.filter((one) => one.id === id)
  const [one] = enableProviders(
    provider,
    () => ({
      ...{ enabled: 'on', ...settingsOf[id]?.(origin) },
      ...(provider[0]?.asksForLawfulUse ? { lawful_use: 'confirmed' } : {}),
    }),
    {
      ...{ userAgent: 'test', log: createLog(() => {}), localFilms: {} as LocalFilmState },
      fetchOf: (_provider, entered) =>
        createGuardedFetch({ entered, timeoutSeconds, pace: { turn: async () => {} }, userAgent: 'test' }),
    },
  )
  const searching = { signal: new AbortController().signal, isAwaited: () => true }
  return one?.search?.(wish, searching).catch((error: { reason?: string }) => error.reason ?? String(error)) ?? 'off'
}

/** The outcome of each provider before a host that answers everything like this. */
async function outcomes(
  answer: (response: ServerResponse) => unknown,
  { only = asking, timeoutSeconds = 5 } = {},
): Promise<Record<string, Found[] | string>> {
  const server = await startStandInServer((_url, response) => void answer(response))
  const each = only.map(async (id) => [id, await search(id, server.origin, timeoutSeconds)] as const)
  return Object.fromEntries(await Promise.all(each))
}
const all = (outcome: string, only = asking) => Object.fromEntries(only.map((id) => [id, outcome]))

it('is of every provider that asks somebody', () => {
  const networked = providers.filter(({ isSetAtHomeOnly }) => !isSetAtHomeOnly)
  expect(networked.map(({ id }) => id).sort()).toEqual(asking.toSorted())
})

describe('a host', () => {
  it.each<[string, (response: ServerResponse) => unknown, string]>([
    ['that goes on without end', sendWithoutEnd, 'too_large'],
    [
      'whose small answer unpacks into a huge one',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      'too_large',
    ],
    [
      'that answers noise',
      (response) => sendText(response, Buffer.from([0, 1, 0xff]), 'application/json'),
      'malformed',
    ],
    ['that nests without end', (response) => sendText(response, '['.repeat(500_000), 'application/json'), 'malformed'],
    [
      'that answers another shape',
      (response) => sendJson(response, { response: 7, data: [], trb_posts: 1 }),
      'malformed',
    ],
    [
      'that packs in a way of its own',
      (response) => response.writeHead(200, { 'content-encoding': 'x' }).end(),
      'malformed',
    ],
    [
      'that breaks off',
      (response) => {
        response.writeHead(200, { 'content-length': '9999' }).write('{')
        setTimeout(() => response.destroy(), 5)
      },
      'unreachable',
    ],
    ['that hangs up', (response) => response.destroy(), 'unreachable'],
    ['that fails', (response) => response.writeHead(500).end(), 'refused'],
    ['that lets nobody in', (response) => response.writeHead(403).end(), 'refused'],
    ['that asks for patience', (response) => response.writeHead(429, { 'retry-after': '9' }).end(), 'busy'],
  ])('%s ends the search of each provider, and says why', async (_what, answer, reason) => {
    expect(await outcomes(answer)).toEqual(all(reason))
  })

  it.each<[string, (response: ServerResponse) => unknown]>([
    ['says nothing', () => {}],
    [
      'says a letter now and then',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 10)
        response.on('close', () => clearInterval(drip))
      },
    ],
  ])('that %s is waited for as long as was said, and no longer', async (_what, answer) => {
    expect(await outcomes(answer, { timeoutSeconds: 0.1 })).toEqual(all('timed_out'))
  })

  it.each(Object.entries(bombs))('whose XML is a trap (%s) ends the search', async (_what, bomb) => {
    const only = ['rss', 'torznab']
    expect(await outcomes((response) => sendText(response, bomb, 'application/xml'), { only })).toEqual(
      all('malformed', only),
    )
  })

  it('leads nobody into the home', async () => {
    const victim = await startStandInServer((_url, response) => sendJson(response, {}))
    const { port } = new URL(victim.origin)
    const inside = ['https://127.0.0.1', 'https://[::1]', 'https://localhost', 'https://2130706433', 'http://127.0.0.1']
    for (const host of inside) {
      const location = `${host}:${port}/secret`
      const told = await outcomes((response) => response.writeHead(302, { location }).end())
      const refusals = asking.map((id) => [id, followsNothing.includes(id) ? [] : 'not_allowed'])
      expect(told, host).toEqual(Object.fromEntries(refusals))
    }
    expect(victim.asked).toEqual([])
  })

  it('that leads on and on is left', async () => {
    const told = await outcomes((response) => response.writeHead(302, { location: '/on' }).end())
    expect(told).toEqual({ ...all('malformed'), therarbg: [] })
  })
})

describe('what a host tells of', () => {
  const feed = (link: string) =>
    `<rss><channel><item><title>Night of the Living Dead 1968</title><link>${link}</link></item></channel></rss>`

  it('is not fetched from the home, whatever link it gives', async () => {
    const torrent = torrentOf(nightOfTheLivingDead)
    const victim = await startStandInServer((_url, response) => sendText(response, torrent.bytes))
    for (const link of [
      victim.origin,
      victim.origin.replace('http', 'https'),
      'file:///etc/passwd',
      'https://[::1]/x',
    ]) {
      const server = await startStandInServer((url, response) =>
        sendText(response, url.searchParams.get('t') === 'caps' ? capabilitiesOf.modern : feed(link)),
      )
      for (const id of ['rss', 'torznab']) expect(await search(id, server.origin), `${id} ${link}`).toEqual([])
    }
    expect(victim.asked).toEqual([])
  })

  it('is left out where the .torrent is none, has no end, or is another’s secret', async () => {
    const bencoded: Record<string, (response: ServerResponse) => unknown> = {
      none: (response) => sendText(response, 'd4:infod5:filesl'),
      endless: sendWithoutEnd,
      deep: (response) => sendText(response, `d4:info${'l'.repeat(200_000)}`),
      private: (response) => sendText(response, torrentOf({ ...nightOfTheLivingDead, isPrivate: true }).bytes),
    }
    for (const [what, answer] of Object.entries(bencoded)) {
      const server: StandInServer = await startStandInServer((url, response) =>
        url.pathname === '/x.torrent'
          ? void answer(response)
          : sendText(response, feed(`${server.origin}/x.torrent`), 'application/xml'),
      )
      expect(await search('rss', server.origin), what).toEqual([])
      expect(server.asked, what).toContain('/x.torrent')
    }
  })

  it('is found where nothing is wrong, by the same door', async () => {
    const { origin } = await startArchive([nightOfTheLivingDead])
    expect(await search('internet-archive', origin)).toHaveLength(1)
  })
})
