/** What the table of permissions must say, written down apart from it: the test of the routes only compares them with it. */
import { expect, it } from 'vitest'
import { type Permission, permissions } from './permissions.ts'

const actions = Object.entries<Permission>(permissions)
const thatSay = (isSo: (permission: Permission) => boolean) =>
  actions.filter(([, permission]) => isSo(permission)).map(([action]) => action)

it('asks for a fresh proof before sources of other services, factors, addresses, links, sessions, roles, profiles, export and erasure', () => {
  expect(thatSay(({ needsStepUp }) => needsStepUp === true)).toEqual([
    'sources.connect',
    'email.change',
    'password.add',
    'factors.add',
    'factors.remove',
    'links.change',
    'sessions.end',
    'profiles.change',
    'people.change',
    'people.reset',
    'invites.make',
    'privacy.export',
    'privacy.erase',
  ])
})

it('keeps agents, sources, people, invites, tasks, the relay and the cache to the admins', () => {
  expect(thatSay(({ user }) => user === 'none')).toEqual(
    actions
      .map(([action]) => action)
      .filter((action) => /^(agents|people|invites|tasks|relay|cache|sources)\./.test(action)),
  )
})

it('reaches nobody else’s things as a user', () => {
  expect(thatSay(({ user }) => user === 'all')).toEqual([])
})

it('lets a child watch, see its account, prove who is there and change profile, and no more', () => {
  expect(thatSay(({ whileCapped }) => whileCapped === true)).toEqual([
    'home.watch',
    'account.read',
    'account.step-up',
    'profiles.use',
  ])
})
