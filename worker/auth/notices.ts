/** What a person is told at their next visit, and the one place that writes it. */
import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import * as z from 'zod'
import type { Edge } from '../edge.ts'
import { randomId } from '../random-id.ts'
import { notices } from './schema.ts'

const device = z.string().max(60)
const place = z.string().max(130).nullable()
const nothing = z.strictObject({})

/** Every kind and what it may say: an allow-list, as in the audit. */
export const noticeDetails = {
  /** A sign-in with a browser that was not seen before. */
  new_device: z.strictObject({ device, place }),
  /** The sixth device came, and the one unused for longest left. */
  device_left: z.strictObject({ device }),
  /** An old copy of a session's key was used: somebody may have stolen it. */
  key_reused: nothing,
  password_changed: nothing,
  factor_enrolled: z.strictObject({ factor: z.string().max(40) }),
  factor_removed: z.strictObject({ factor: z.string().max(40) }),
  recovery_codes_low: z.strictObject({ left: z.int() }),
  identity_linked: z.strictObject({ provider: z.string().max(40) }),
  identity_unlinked: z.strictObject({ provider: z.string().max(40) }),
  role_changed: z.strictObject({ role: z.enum(['admin', 'user']) }),
  tv_approved: z.strictObject({ device }),
  sessions_ended_by_admin: nothing,
  /** For admins: an agent that must have a VPN has none, and downloads wait. */
  agent_vpn_down: z.strictObject({ agent: z.string().max(60) }),
} as const

export type NoticeKind = keyof typeof noticeDetails
export type Notice = {
  [Kind in NoticeKind]: { kind: Kind; details: z.infer<(typeof noticeDetails)[Kind]> }
}[NoticeKind]

/** The statement for a batch. `when` is asked about the statement before it. */
export function notify(edge: Edge, userId: string, notice: Notice, when: SQL = sql`true`) {
  const details = JSON.stringify(noticeDetails[notice.kind].parse(notice.details))
  return edge.db
    .insert(notices)
    .select(sql`select ${randomId()}, ${userId}, ${notice.kind}, ${details}, ${edge.now}, null where ${when}`)
}

/** The same for every admin there is. */
export function notifyAdmins({ db, now }: Pick<Edge, 'db' | 'now'>, notice: Notice) {
  const details = JSON.stringify(noticeDetails[notice.kind].parse(notice.details))
  return db
    .insert(notices)
    .select(
      sql`select lower(hex(randomblob(16))), id, ${notice.kind}, ${details}, ${now}, null from users where role = 'admin' and status = 'active'`,
    )
}

export const NoticeCard = z.object({
  id: z.string(),
  kind: z.string(),
  details: z.record(z.string(), z.unknown()),
  createdAt: z.int(),
  readAt: z.int().nullable(),
})

/** The newest fifty. */
export async function listNotices(edge: Edge, userId: string): Promise<z.infer<typeof NoticeCard>[]> {
  const rows = await edge.db
    .select()
    .from(notices)
    .where(eq(notices.userId, userId))
    .orderBy(desc(notices.createdAt))
    .limit(50)
  return rows.map(({ userId: _userId, details, ...row }) => ({ ...row, details: JSON.parse(details) }))
}

export async function readNotices(edge: Edge, userId: string): Promise<void> {
  await edge.db
    .update(notices)
    .set({ readAt: edge.now })
    .where(and(eq(notices.userId, userId), isNull(notices.readAt)))
}
