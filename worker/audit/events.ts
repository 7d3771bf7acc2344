/** Every kind of security event and the only details it may carry: an allow-list, so no secret can be written by habit. */
import * as z from 'zod'

const reason = z.string().max(60)

/** Names after the OWASP Logging Vocabulary where it has one. */
export const auditDetails = {
  setup_claimed: z.strictObject({}),
  setup_refused: z.strictObject({ reason }),
  authn_login_success: z.strictObject({ method: z.enum(['password']) }),
  authn_login_fail: z.strictObject({ method: z.enum(['password']), reason }),
  authn_token_reuse: z.strictObject({ presented: z.int(), current: z.int() }),
  session_ended: z.strictObject({ reason }),
  agent_paired: z.strictObject({ fingerprint: z.string().max(40), local: z.boolean() }),
  agent_removed: z.strictObject({}),
  agent_replaced: z.strictObject({}),
  agent_refused: z.strictObject({ reason }),
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
