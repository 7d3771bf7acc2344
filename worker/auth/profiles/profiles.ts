/** Profiles: the people who share one account, some behind a PIN, some with films for their age only. */
import { and, asc, eq, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { randomId } from '../../random-id.ts'
import { DisplayName } from '../answers.ts'
import { guarded } from '../guard/guarded.ts'
import { hashed, passwordHasher } from '../sessions.ts'
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

/** Throws `not_found`. */
export async function changeProfile(
  edge: Edge,
  userId: string,
  id: string,
  { pin, ...change }: z.infer<typeof ChangeProfile>,
): Promise<void> {
  const set = {
    ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
    ...(pin !== undefined && { pinHash: await hashOf(edge, pin) }),
  }
  if (Object.keys(set).length === 0) return
  const changed = await edge.db.update(profiles).set(set).where(isOwn(userId, id))
  if (changed.meta.changes !== 1) throw noSuchProfile()
  await writeEvent(edge.db, { kind: 'profile_changed', actorId: userId, subjectId: id, details: {} }, edge)
}

/** Throws `not_found`. */
export async function removeProfile(edge: Edge, userId: string, id: string): Promise<void> {
  const removed = await edge.db.delete(profiles).where(isOwn(userId, id)).returning({ id: profiles.id })
  if (removed.length === 0) throw noSuchProfile()
  await writeEvent(edge.db, { kind: 'profile_removed', actorId: userId, subjectId: id, details: {} }, edge)
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
const noSuchProfile = () => new AppError('not_found', 'There is no such profile on this account.')
const hashOf = async (edge: Edge, pin: string | null) =>
  pin === null ? null : hashed(await passwordHasher(edge).hash(pin))
