/** Tells the admins when the VPN of an agent that must have one is away, and the audit when it went and came. */
import { and, eq, isNotNull } from 'drizzle-orm'
import type { VpnStatus } from '#protocol/capabilities.ts'
import { newCorrelationId } from '#protocol/correlation.ts'
import { writeEvent } from '../audit/write-event.ts'
import { openEmail } from '../auth/email.ts'
import { vpnLetter } from '../auth/mail/letters.ts'
import { sendLater } from '../auth/mail/mailer.ts'
import { notifyAdmins } from '../auth/notices.ts'
import { users } from '../auth/schema.ts'
import { openDb } from '../db.ts'
import type { Bindings } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { log } from '../log.ts'
import { agents } from './schema.ts'

/** One that comes and goes all night is told of once; the audit has every time. */
const TELL_AGAIN_SECONDS = 6 * 3600
const KEY = 'vpn'

/** What the admins were told last. Epoch seconds. */
export type VpnTold = { isDown: boolean; toldAt: number | null }
export type VpnAlert = { event: 'agent_vpn_fail' | 'agent_vpn_back'; isForPeople: boolean; told: VpnTold }

/** These are no news: the guard has not looked yet, or waits a moment before it opens again. */
const passing = new Set(['not_checked', 'settling'])

/** Pure. Undefined when there is nothing to tell. */
export function vpnAlert(told: VpnTold, { policy, state, reason }: VpnStatus, now: number): VpnAlert | undefined {
  if (policy === 'required' && passing.has(reason ?? '')) return undefined
  const isDown = policy === 'required' && state !== 'up'
  if (isDown === told.isDown) return undefined
  if (!isDown) return { event: 'agent_vpn_back', isForPeople: false, told: { ...told, isDown } }
  const isForPeople = told.toldAt === null || now - told.toldAt >= TELL_AGAIN_SECONDS
  return { event: 'agent_vpn_fail', isForPeople, told: { isDown, toldAt: isForPeople ? now : told.toldAt } }
}

type Hub = Pick<DurableObjectState, 'storage' | 'waitUntil'>
type Whose = { agentId: string; appOrigin: string }

/** Each time an agent says how its VPN stands; goes on behind whoever calls. Never throws. */
export function tellOfVpn(hub: Hub, env: Bindings, whose: Whose, vpn: VpnStatus): void {
  hub.waitUntil(tell(hub, env, whose, vpn))
}

async function tell(hub: Hub, env: Bindings, { agentId, appOrigin }: Whose, vpn: VpnStatus): Promise<void> {
  const correlationId = newCorrelationId()
  try {
    const now = Math.floor(Date.now() / 1000)
    const before = (await hub.storage.get<VpnTold>(KEY)) ?? { isDown: false, toldAt: null }
    const alert = vpnAlert(before, vpn, now)
    if (!alert) return
    await hub.storage.put(KEY, alert.told)
    const db = openDb(env.DB)
    const [agent] = await db.select({ name: agents.name }).from(agents).where(eq(agents.id, agentId))
    if (!agent) return
    const reason = vpn.reason ?? 'unknown'
    const event = { kind: alert.event, subjectId: agentId, details: { reason } } as const
    const written = writeEvent(db, event, { correlationId, nowMs: now * 1000 })
    if (!alert.isForPeople) return void (await written)
    const notice = { kind: 'agent_vpn_down', details: { agent: agent.name } } as const
    await db.batch([written, notifyAdmins({ db, now }, notice)])
    const readers = await db
      .select({ id: users.id, email: users.email, displayName: users.displayName })
      .from(users)
      .where(and(eq(users.role, 'admin'), eq(users.status, 'active'), isNotNull(users.emailVerifiedAt)))
    for (const reader of readers) {
      const to = await openEmail(readKeyring(env.KEYRING), reader)
      const words = { displayName: reader.displayName, agentName: agent.name, origin: appOrigin }
      const later = (work: Promise<unknown>) => hub.waitUntil(work)
      if (to !== null) sendLater({ env, later, correlationId }, vpnLetter({ to, ...words }))
    }
  } catch (error) {
    log('error', 'vpn_not_told', { correlationId, agentId, error })
  }
}
