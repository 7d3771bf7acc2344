/** A whole Porchlight whose catalog holds the films of a test, shared by a peer on this machine, and a person in it. */
import * as z from 'zod'
import { until } from '../node-agent/testing/until.ts'
import type { HomeOptions } from '../start/home.ts'
import { type EdgeClient, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import type { SharedFilms } from './share-films.ts'

export type FilmHome = TestHome & {
  client: EdgeClient
  titleIds: ReadonlyMap<string, string>
  /** Where a film's own page is. */
  pageOf(name: string): string
}

const Titles = z.object({ titles: z.array(z.object({ id: z.string(), name: z.string() })) })

/** Resolves when the edge has heard of every film; they are shared until it stops. */
export async function startFilmHome(shared: SharedFilms, options: Partial<HomeOptions> = {}): Promise<FilmHome> {
  const home = await startTestHome({
    demo: false,
    ...options,
    agentEnv: { SOURCE_DEMO_CATALOG: shared.catalogFile, ...options.agentEnv },
  })
  const stopHome = home.stop
  const stop = async () => {
    await stopHome()
    await shared.stop()
  }
  try {
    const client = await setUp(home.origin, home.setupUrl)
    const titleIds = new Map<string, string>()
    await until(async () => {
      const { titles } = Titles.parse(await (await client.call('GET', '/api/titles')).json())
      for (const { id, name } of titles) titleIds.set(name, id)
      return shared.names.every((name) => titleIds.has(name))
    }, 'the catalog to hold every film')
    return Object.assign(home, {
      client,
      titleIds,
      stop,
      pageOf: (name: string) => `${home.origin}/title/${titleIds.get(name) ?? 'none'}`,
    })
  } catch (error) {
    await stop()
    throw error
  }
}
