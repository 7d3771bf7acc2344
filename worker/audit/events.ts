/** Every kind of security event and the only details it may carry: an allow-list, so no secret can be written by habit. */
import * as z from 'zod'

const reason = z.string().max(60)
/** Id of a way in, of a factor, of a provider: a word of ours, or one the operator configured. */
const word = z.string().regex(/^[a-z0-9_-]{1,40}$/)
const role = z.enum(['admin', 'user'])
const nothing = z.strictObject({})

/** Names after the OWASP Logging Vocabulary where it has one. */
export const auditDetails = {
  setup_claimed: nothing,
  setup_refused: z.strictObject({ reason }),
  authn_login_success: z.strictObject({ method: word }),
  authn_login_fail: z.strictObject({ method: word, reason }),
  authn_second_factor_asked: z.strictObject({ method: word }),
  authn_step_up: z.strictObject({ method: word }),
  authn_step_up_fail: z.strictObject({ method: word }),
  authn_token_reuse: z.strictObject({ presented: z.int(), current: z.int() }),
  session_ended: z.strictObject({ reason }),
  authn_password_change: z.strictObject({ by: z.enum(['person', 'mail_link', 'invite']) }),
  authn_password_change_fail: z.strictObject({ reason }),
  authn_password_reset_asked: z.strictObject({ by: z.enum(['person', 'admin']) }),
  email_verified: nothing,
  email_changed: nothing,
  factor_enrolled: z.strictObject({ factor: word }),
  factor_removed: z.strictObject({ factor: word }),
  recovery_codes_made: nothing,
  recovery_code_used: z.strictObject({ left: z.int() }),
  passkey_counter_fell: z.strictObject({ stored: z.int(), presented: z.int() }),
  identity_linked: z.strictObject({ provider: word }),
  identity_unlinked: z.strictObject({ provider: word }),
  identity_refused: z.strictObject({ provider: word, reason }),
  invite_made: z.strictObject({ role, expiresAt: z.int() }),
  invite_revoked: nothing,
  invite_accepted: z.strictObject({ role }),
  invite_refused: z.strictObject({ reason }),
  user_created: z.strictObject({ role }),
  privilege_permissions_changed: z.strictObject({ from: role, to: role }),
  user_disabled: nothing,
  user_enabled: nothing,
  authz_fail: z.strictObject({ action: z.string().max(40) }),
  tv_approved: z.strictObject({ device: z.string().max(60) }),
  tv_denied: z.strictObject({ device: z.string().max(60) }),
  profile_made: nothing,
  profile_changed: nothing,
  profile_removed: nothing,
  profile_pin_fail: nothing,
  data_exported: nothing,
  erasure_asked: z.strictObject({ dueAt: z.int() }),
  erasure_cancelled: nothing,
  user_erased: nothing,
  agent_paired: z.strictObject({ fingerprint: z.string().max(40), local: z.boolean() }),
  agent_named: z.strictObject({ addresses: z.int(), challenges: z.int() }),
  agent_removed: nothing,
  agent_replaced: nothing,
  /** The VPN that an agent must have is away, and nothing is downloaded; and that it is back. */
  agent_vpn_fail: z.strictObject({ reason }),
  agent_vpn_back: z.strictObject({ reason }),
  agent_mode_changed: z.strictObject({ mode: word }),
  agent_refused: z.strictObject({ reason }),
  lawful_use_confirmed: nothing,
  provider_changed: z.strictObject({ provider: word, isOn: z.boolean() }),
  release_rules_changed: z.strictObject({ count: z.int() }),
  source_added: z.strictObject({ title: z.string().max(64), by: z.enum(['magnet', 'torrent']), count: z.int() }),
  source_removed: z.strictObject({ title: z.string().max(64) }),
  /** What a file of an agent's own is; without a title: it is no film, or what was said is taken back. */
  own_film_changed: z.strictObject({
    by: z.enum(['title', 'aside', 'taken_back']),
    title: z.string().max(64).optional(),
  }),
  /** The edge's own without a subject, an agent's with its id. */
  task_run_asked: z.strictObject({ task: z.string().max(60) }),
  task_paused: z.strictObject({ task: z.string().max(60) }),
  task_resumed: z.strictObject({ task: z.string().max(60) }),
} as const

export type AuditKind = keyof typeof auditDetails

export type AuditEvent = {
  [Kind in AuditKind]: {
    kind: Kind
    details: z.infer<(typeof auditDetails)[Kind]>
    actorId?: string
    sessionId?: string
    subjectId?: string
  }
}[AuditKind]

export type Outcome = 'success' | 'failure' | 'critical'

const critical = new Set<AuditKind>(['authn_token_reuse', 'passkey_counter_fell'])

/** Pure: how it ended, by the name of the kind. `critical` is a sign that somebody else holds a person's secret. */
export function outcomeOf(kind: AuditKind): Outcome {
  if (critical.has(kind)) return 'critical'
  return kind.endsWith('_fail') || kind.endsWith('_refused') ? 'failure' : 'success'
}
