/** The catalog routes: titles for people, offers from agents. */
import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { LocalFilms, LocalFilmTitles } from '#protocol/local-films.ts'
import { Offers } from '#protocol/source.ts'
import { FoundSources } from '#protocol/source-search.ts'
import { requireAgent } from '../agents/require-agent.ts'
import { requireUser } from '../auth/require-user.ts'
import { briefView } from '../cache/brief-views.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { TitleCard, TitleId, TitleSearched, WholeTitle } from './answers.ts'
import { acceptFound } from './found/accept-found.ts'
import { searchForPage } from './found/search-title.ts'
import { matchLocalFilms } from './local-films/match-local-films.ts'
import { acceptOffers } from './offers.ts'
import { revalidate } from './revalidate.ts'
import { TitleCursor } from './title-cursor.ts'
import { openTitlePage } from './title-page/open-title-page.ts'
import { listTitles, readTitle, sourcesOf } from './titles.ts'

const TitleList = z.object({ titles: z.array(TitleCard), cursor: z.string().nullable() })

/** The same for everybody of one cap and one language: what can be had changes by the hour, and is asked for by the minute. */
const viewList = briefView<z.infer<typeof TitleList>>({ mostKept: 20 })

/** Shows and seasons are had by their episodes. */
const isLookedFor = (kind: string) => kind === 'movie' || kind === 'episode'

export const titleRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'Films and shows that can be had, by name; the next page by its cursor',
      access: 'person',
      answer: { status: 200, schema: TitleList },
    }),
    requireUser,
    validate('query', z.object({ cursor: TitleCursor.optional() })),
    revalidate,
    async (c) => {
      const [{ db, now }, { viewer }, { cursor }] = [edgeOf(c), c.var.person, c.req.valid('query')]
      const key = JSON.stringify([viewer.capYears, viewer.language, cursor])
      return c.json(await viewList(key, now, () => listTitles(db, viewer, cursor)), 200)
    },
  )
  .get(
    '/:id',
    describe({
      summary: 'One title with all that is known of it, and its sources',
      access: 'person',
      answer: { status: 200, schema: WholeTitle },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', z.object({ id: TitleId })),
    revalidate,
    async (c) => {
      const edge = edgeOf(c)
      const title = await openTitlePage(edge, c.var.person.viewer, c.req.valid('param').id)
      if (!title) throw new AppError('not_found', 'There is no such title. It may have been withdrawn.')
      return c.json(title, 200)
    },
  )
  .post(
    '/:id/search',
    describe({
      summary: 'Have a title looked for, now and then, and wait for the first that is found, 1.2 seconds at most',
      access: 'person',
      answer: { status: 200, schema: TitleSearched },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', z.object({ id: TitleId })),
    async (c) => {
      const [edge, { viewer }, { id }] = [edgeOf(c), c.var.person, c.req.valid('param')]
      const title = await readTitle(edge.db, viewer, id)
      if (!title) throw new AppError('not_found', 'There is no such title. It may have been withdrawn.')
      const isLooking = isLookedFor(title.kind) && (await searchForPage(edge, id))
      const found = await sourcesOf(edge.db, viewer, id)
      return c.json({ isLooking, sourceCount: found.length }, 200)
    },
  )

export const catalogRoutes = new Hono<AppEnv>()
  .post(
    '/offers',
    describe({
      summary: 'Everything one provider of an agent offers now',
      access: 'agent',
      answer: { status: 204 },
      refuses: ['bad_signature', 'too_large'],
    }),
    requireAgent,
    validate('json', Offers),
    async (c) => {
      await acceptOffers(edgeOf(c), c.var.agentId, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .post(
    '/found',
    describe({
      summary: 'Sources of one title that an agent found',
      access: 'agent',
      answer: { status: 204 },
      refuses: ['bad_signature', 'too_large', 'not_found'],
    }),
    requireAgent,
    validate('json', FoundSources),
    async (c) => {
      await acceptFound(edgeOf(c), c.var.agentId, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .post(
    '/local-films',
    describe({
      summary: 'Which titles the films on an agent’s own disks may be; and which of them are gone',
      access: 'agent',
      answer: { status: 200, schema: LocalFilmTitles },
      refuses: ['bad_signature', 'too_large'],
    }),
    requireAgent,
    validate('json', LocalFilms),
    async (c) => c.json(await matchLocalFilms(edgeOf(c), c.var.agentId, c.req.valid('json')), 200),
  )
