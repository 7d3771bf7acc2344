/** The routes of the films in the folders of an agent, beneath the agent's own. */
import { Hono } from 'hono'
import { AgentParam } from '../../agents/answers.ts'
import { may } from '../../auth/may.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { OwnFilmList, OwnFilmParam, OwnFilmSaid, OwnFilmsQuery } from './answers.ts'
import { listOwnFilms, setOwnFilm } from './own-films.ts'

const away = ['not_found', 'agent_offline', 'version_unsupported'] as const

export const ownFilmRoutes = new Hono<AppEnv>()
  .get(
    '/:id/own-films',
    describe({
      summary: 'The films in the folders of an agent: which titles they are, and which nobody knows, fifty at a time',
      access: 'admin',
      answer: { status: 200, schema: OwnFilmList },
      refuses: [...away],
    }),
    may('sources.read'),
    validate('param', AgentParam),
    validate('query', OwnFilmsQuery),
    async (c) => c.json(await listOwnFilms(edgeOf(c), c.req.valid('param').id, c.req.valid('query')), 200),
  )
  .put(
    '/:id/own-films/:film',
    describe({
      summary: 'Say which title a film in a folder is, or that it is none; of a show, all that bear its name',
      access: 'admin',
      answer: { status: 204 },
      refuses: [...away],
    }),
    may('sources.change'),
    validate('param', OwnFilmParam),
    validate('json', OwnFilmSaid),
    async (c) => {
      await setOwnFilm(edgeOf(c), c.var.person, c.req.valid('param'), c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id/own-films/:film',
    describe({
      summary: 'Take back what was said of a film in a folder',
      access: 'admin',
      answer: { status: 204 },
      refuses: [...away],
    }),
    may('sources.change'),
    validate('param', OwnFilmParam),
    async (c) => {
      await setOwnFilm(edgeOf(c), c.var.person, c.req.valid('param'), null)
      return c.body(null, 204)
    },
  )
