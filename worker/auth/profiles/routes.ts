/** The profiles of the signed-in person's account. */
import { Hono } from 'hono'
import * as z from 'zod'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { IdParam } from '../answers.ts'
import { may } from '../may.ts'
import {
  ChangeProfile,
  changeProfile,
  listProfiles,
  MakeProfile,
  makeProfile,
  OpenProfile,
  openProfile,
  ProfileCard,
  removeProfile,
} from './profiles.ts'

const ProfileList = z.object({ profiles: z.array(ProfileCard) })
const Made = z.object({ id: z.string() })

export const profileRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({ summary: 'Who shares this account', access: 'person', answer: { status: 200, schema: ProfileList } }),
    may('profiles.use'),
    async (c) => c.json({ profiles: await listProfiles(edgeOf(c), c.var.person.id) }, 200),
  )
  .post(
    '/',
    describe({
      summary: 'Add a profile',
      access: 'person',
      answer: { status: 201, schema: Made },
      refuses: ['step_up_needed', 'conflict', 'busy'],
    }),
    may('profiles.change'),
    validate('json', MakeProfile),
    async (c) => c.json({ id: await makeProfile(edgeOf(c), c.var.person.id, c.req.valid('json')) }, 201),
  )
  .patch(
    '/:id',
    describe({
      summary: 'Change a profile',
      access: 'person',
      answer: { status: 204 },
      refuses: ['step_up_needed', 'not_found', 'busy'],
    }),
    may('profiles.change'),
    validate('param', IdParam),
    validate('json', ChangeProfile),
    async (c) => {
      await changeProfile(edgeOf(c), c.var.person.id, c.req.valid('param').id, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id',
    describe({
      summary: 'Remove a profile',
      access: 'person',
      answer: { status: 204 },
      refuses: ['step_up_needed', 'not_found'],
    }),
    may('profiles.change'),
    validate('param', IdParam),
    async (c) => {
      await removeProfile(edgeOf(c), c.var.person.id, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/open',
    describe({
      summary: 'Go on as this profile, with its PIN if it has one',
      access: 'person',
      answer: { status: 200, schema: ProfileCard },
      refuses: ['code_wrong', 'not_found', 'too_many', 'busy'],
    }),
    may('profiles.use'),
    validate('param', IdParam),
    validate('json', OpenProfile),
    async (c) => {
      const { pin } = c.req.valid('json')
      return c.json(await openProfile(edgeOf(c), c.var.person.id, c.req.valid('param').id, pin), 200)
    },
  )
