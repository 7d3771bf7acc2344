/** The subtitle routes of a stream: add a file, search for one, add what was found. */
import { Hono } from 'hono'
import { SubtitleTrack } from '#protocol/tracks.ts'
import { requireUser } from '../../auth/require-user.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { StreamParam } from '../answers.ts'
import { addFoundSubtitle, addSubtitle, findSubtitles } from './add-subtitle.ts'
import { ChosenSubtitle, FoundSubtitles, SubtitleQuery, UploadedSubtitle } from './answers.ts'

export const subtitleRoutes = new Hono<AppEnv>()
  .post(
    '/',
    describe({
      summary: 'Add a subtitle file of my own to what I watch',
      access: 'person',
      answer: { status: 201, schema: SubtitleTrack },
      refuses: ['not_found', 'token_revoked', 'too_large', 'not_playable', 'too_many', 'agent_offline'],
    }),
    requireUser,
    validate('param', StreamParam),
    validate('json', UploadedSubtitle),
    async (c) => {
      const stream = { id: c.req.valid('param').id, person: c.var.person, signal: c.req.raw.signal }
      return c.json(await addSubtitle(edgeOf(c), stream, c.req.valid('json')), 201)
    },
  )
  .get(
    '/search',
    describe({
      summary: 'Search subtitles for what I watch, in one language; best first',
      access: 'person',
      answer: { status: 200, schema: FoundSubtitles },
      refuses: ['not_found', 'not_configured', 'too_many', 'busy'],
    }),
    requireUser,
    validate('param', StreamParam),
    validate('query', SubtitleQuery),
    async (c) => {
      const stream = { id: c.req.valid('param').id, person: c.var.person, signal: c.req.raw.signal }
      return c.json({ results: await findSubtitles(edgeOf(c), stream, c.req.valid('query').language) }, 200)
    },
  )
  .post(
    '/found',
    describe({
      summary: 'Add a subtitle file that a search found',
      access: 'person',
      answer: { status: 201, schema: SubtitleTrack },
      refuses: ['not_found', 'not_configured', 'not_playable', 'too_large', 'too_many', 'busy', 'agent_offline'],
    }),
    requireUser,
    validate('param', StreamParam),
    validate('json', ChosenSubtitle),
    async (c) => {
      const stream = { id: c.req.valid('param').id, person: c.var.person, signal: c.req.raw.signal }
      return c.json(await addFoundSubtitle(edgeOf(c), stream, c.req.valid('json')), 201)
    },
  )
