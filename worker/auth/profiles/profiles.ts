/** Profiles: the people who share one account, some behind a PIN, some with films for their age only. */
import { and, asc, eq, ne, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEvent, writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { randomId } from '../../random-id.ts'
import { DisplayName } from '../answers.ts'
import { guarded } from '../guard/guarded.ts'
import type { SignedInPerson } from '../may.ts'
import { sessions } from '../schema.ts'
import { endStatements, hashed, isLive, passwordHasher } from '../sessions.ts'
import { profiles } from './schema.ts'

const PROFILES_EACH = 8

const Pin = z.string().regex(/^\d{4,8}$/)
const fields = {
  name: DisplayName,
  /** Name of one of the app's own pictures. */
  avatar: z.string().regex(/^[a-z0-9-]{1,40}$/),
  language: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/),
  /** In years: a title for older audiences is not shown. Null shows everything. */
  ratingCap: z.int().min(0).max(18).nullable(),
}
/** `pin`: a new one, or null to take it away. */
export const MakeProfile = z.strictObject({ ...fields, pin: Pin.nullable() })
export const ChangeProfile = MakeProfile.partial()
export const OpenProfile = z.strictObject({ pin: Pin.nullable() })
export const ProfileCard = z.object({ id: z.string(), ...fields, hasPin: z.boolean() })
export type ProfileCard = z.infer<typeof ProfileCard>

const cardOf = ({ id, name, avatar, language, ratingCap, pinHash }: typeof profiles.$inferSelect): ProfileCard => {
  return { id, name, avatar, language, ratingCap, hasPin: pinHash !== null }
}

export async function listProfiles(edge: Edge, userId: string): Promise<ProfileCard[]> {
  const rows = await edge.db
    .select()
    .from(profiles)
    .where(eq(profiles.userId, userId))
    .orderBy(asc(profiles.createdAt), asc(profiles.id))
  return rows.map(cardOf)
}

/** One statement counts and stores, so that fifty at once make no more than eight. Throws `conflict`. */
export async function makeProfile(edge: Edge, userId: string, wanted: z.infer<typeof MakeProfile>): Promise<string> {
  const id = randomId()
  const { name, avatar, language, ratingCap, pin } = wanted
  const pinHash = await hashOf(edge, pin)
  const made = await edge.db.insert(profiles).select(
    sql`select ${id}, ${userId}, ${name}, ${avatar}, ${language}, ${pinHash}, ${ratingCap}, ${edge.now}
        where (select count(*) from ${profiles} where ${profiles.userId} = ${userId}) < ${PROFILES_EACH}`,
  )
  if (made.meta.changes !== 1)
    throw new AppError('conflict', `An account holds ${PROFILES_EACH} profiles. Remove one first.`)
  await writeEvent(edge.db, { kind: 'profile_made', actorId: userId, subjectId: id, details: {} }, edge)
  return id
}

/** Throws `not_found`. Gives the sessions that it watches with. */
export async function changeProfile(
  edge: Edge,
  userId: string,
  id: string,
  { pin, ...change }: z.infer<typeof ChangeProfile>,
): Promise<string[]> {
  const set = {
    ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
    ...(pin !== undefined && { pinHash: await hashOf(edge, pin) }),
  }
  if (Object.keys(set).length === 0) return []
  const updated = await edge.db.update(profiles).set(set).where(isOwn(userId, id))
  if (updated.meta.changes !== 1) throw noSuchProfile()
  const [watching] = await edge.db.batch([
    edge.db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.userId, userId), eq(sessions.profileId, id), isLive(edge.now))),
    writeEvent(edge.db, { kind: 'profile_changed', actorId: userId, subjectId: id, details: {} }, edge),
  ])
  return watching.map((session) => session.id)
}

/**
 * Throws `not_found`. A device that watched as it is signed out, because nobody there proved to be anybody else; gives
 * those sessions. Whoever removes it goes on as the person they are.
 */
export async function removeProfile(edge: Edge, person: SignedInPerson, id: string): Promise<string[]> {
  const { db } = edge
  const [profile] = await db.select({ id: profiles.id }).from(profiles).where(isOwn(person.id, id))
  if (!profile) throw noSuchProfile()
  const others = and(eq(sessions.profileId, id), ne(sessions.id, person.sessionId))
  const [ended, audited] = endStatements(
    edge,
    { of: eq(sessions.userId, person.id), only: others },
    { reason: 'profile removed' },
  )
  const [endedRows] = await db.batch([
    ended,
    audited,
    db
      .update(sessions)
      .set({ profileId: null })
      .where(and(eq(sessions.id, person.sessionId), eq(sessions.profileId, id))),
    db.delete(profiles).where(isOwn(person.id, id)),
    writeEventWhen(db, changed, { kind: 'profile_removed', actorId: person.id, subjectId: id, details: {} }, edge),
  ])
  return endedRows.map((session) => session.id)
}

/** The profile, for whoever knows its PIN; the guard counts wrong ones. Throws `not_found`, `code_wrong`, `too_many`. */
export async function openProfile(edge: Edge, userId: string, id: string, pin: string | null): Promise<ProfileCard> {
  const [profile] = await edge.db.select().from(profiles).where(isOwn(userId, id))
  if (!profile) throw noSuchProfile()
  if (profile.pinHash === null) return cardOf(profile)
  const check = async () => pin !== null && hashed(await passwordHasher(edge).verify(pin, profile.pinHash)).matches
  const place = { name: `profile:${id}`, buckets: [{ rule: 'factor' as const }] }
  if (await guarded(edge, [place], check, (isRight) => isRight)) return cardOf(profile)
  await writeEvent(edge.db, { kind: 'profile_pin_fail', actorId: userId, subjectId: id, details: {} }, edge)
  throw new AppError('code_wrong', 'This PIN is not right. Please try again.')
}

const isOwn = (userId: string, id: string) => and(eq(profiles.id, id), eq(profiles.userId, userId))
export const noSuchProfile = () => new AppError('not_found', 'There is no such profile on this account.')
const hashOf = async (edge: Edge, pin: string | null) =>
  pin === null ? null : hashed(await passwordHasher(edge).hash(pin))
