/** The profiles of the signed-in person's account. */
import { Hono } from 'hono'
import * as z from 'zod'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { IdParam } from '../answers.ts'
import { type AuthEvents, tellEnded } from '../hand-over.ts'
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
import { watchAs } from './watch-as.ts'

/** `currentId`: who watches with this session; null is the person themselves. */
const ProfileList = z.object({ profiles: z.array(ProfileCard), currentId: z.string().nullable() })
const Made = z.object({ id: z.string() })

export const profileRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ summary: 'Who shares this account', access: 'person', answer: { status: 200, schema: ProfileList } }),
      may('profiles.use'),
      async (c) => {
        const { id, viewer } = c.var.person
        return c.json({ profiles: await listProfiles(edgeOf(c), id), currentId: viewer.profileId }, 200)
      },
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
        const change = c.req.valid('json')
        const watching = await changeProfile(edgeOf(c), c.var.person.id, c.req.valid('param').id, change)
        // What plays was allowed by the cap there was.
        if (change.ratingCap !== undefined) for (const id of watching) await events.viewerChanged(edgeOf(c), id)
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
        const ended = await removeProfile(edgeOf(c), c.var.person, c.req.valid('param').id)
        await tellEnded(events, edgeOf(c), ended)
        return c.body(null, 204)
      },
    )
    .post(
      '/:id/open',
      describe({
        summary: 'Go on as this profile, on this device, with its PIN if it has one',
        access: 'person',
        answer: { status: 200, schema: ProfileCard },
        refuses: ['step_up_needed', 'code_wrong', 'not_found', 'too_many', 'busy'],
      }),
      may('profiles.use'),
      validate('param', IdParam),
      validate('json', OpenProfile),
      async (c) => {
        const { person } = c.var
        const profile = await openProfile(edgeOf(c), person.id, c.req.valid('param').id, c.req.valid('json').pin)
        await watchAs(edgeOf(c), person, profile)
        await events.viewerChanged(edgeOf(c), person.sessionId)
        return c.json(profile, 200)
      },
    )
    .post(
      '/leave',
      describe({
        summary: 'Go on as the person of this account',
        access: 'person',
        answer: { status: 204 },
        refuses: ['step_up_needed'],
      }),
      may('profiles.use'),
      async (c) => {
        await watchAs(edgeOf(c), c.var.person, null)
        await events.viewerChanged(edgeOf(c), c.var.person.sessionId)
        return c.body(null, 204)
      },
    )
