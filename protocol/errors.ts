/** The code table of the whole system (code → HTTP status) and the one error class that carries a code. */
import * as z from 'zod'

/**
 * Every refusal has one of these codes. The web app chooses its words by code, never by message, so a code is
 * never renamed; a new one is one line here. The number is the HTTP status (RFC 9110 §15) it leaves with.
 */
export const errorStatus = {
  invalid: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  session_ended: 401,
  refresh_reused: 401,
  token_invalid: 401,
  token_expired: 401,
  token_revoked: 401,
  bad_signature: 401,
  /** A code from an app, a recovery code, a PIN or a passkey that is not the right one, or was used before. */
  code_wrong: 401,
  /** The person, or the provider, said no to signing in there. */
  way_refused: 401,
  forbidden: 403,
  cross_site: 403,
  setup_closed: 403,
  /** An account elsewhere is known to nobody here, and no invite came along. */
  invite_needed: 403,
  setup_secret_wrong: 403,
  setup_secret_expired: 403,
  token_for_another_agent: 403,
  token_for_another_file: 403,
  relay_off: 403,
  /** Allowed to this person, once they have proved again who they are (POST /api/auth/step-up). */
  step_up_needed: 403,
  /** This session may only enrol a second factor, or prove one. */
  second_factor_needed: 403,
  /** This session may only choose a new password. */
  password_change_needed: 403,
  not_found: 404,
  no_source: 404,
  pairing_unknown: 404,
  not_allowed: 405,
  conflict: 409,
  /** The account elsewhere is not connected, or no longer lets us in: connect it first. */
  relink_needed: 409,
  /** Nobody may close the last door to their own account, or to the household. */
  last_way_in: 409,
  /** An account with this e-mail exists: sign in to it first, then link. */
  link_confirm_needed: 409,
  /** The account elsewhere belongs to another person here. */
  identity_taken: 409,
  pairing_expired: 410,
  /** A link, a code or a walk to a provider that is over: used, expired, withdrawn, or never made. */
  link_over: 410,
  precondition_failed: 412,
  too_large: 413,
  range_unsatisfiable: 416,
  version_unsupported: 426,
  too_many: 429,
  internal: 500,
  /** The operator has not set up what this needs (a key, an address). */
  not_configured: 501,
  agent_replaced: 503,
  agent_offline: 503,
  busy: 503,
  /** Every agent that could is being looked after by an admin, or about to stop. */
  maintenance: 503,
  /** As many watch through the relay as its limit allows. */
  relay_full: 503,
  /** A service elsewhere (Trakt, TMDB) does not answer, or not as it should. */
  upstream_away: 503,
  /** A provider of sign-in does not answer, or not as it should. */
  way_unavailable: 503,
  vpn_down: 503,
  no_peers: 504,
  metadata_timeout: 504,
  timed_out: 504,
  no_playable_file: 422,
  not_playable: 422,
  needs_ffmpeg: 422,
  disk_full: 507,
} as const

export type ErrorCode = keyof typeof errorStatus

// Marked pure, so that the web app's first page, which needs the table alone, leaves zod out.
export const ErrorCode = /*#__PURE__*/ z.enum(/*#__PURE__*/ Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]])

/** An error as data: how it crosses HTTP, sockets and Durable Object calls, where `instanceof` cannot be trusted. */
export const ErrorData = z.object({ code: ErrorCode, message: z.string().max(500) })
export type ErrorData = z.infer<typeof ErrorData>

/** The body of every refused HTTP request, on the edge and on the agent alike. */
export const ErrorBody = z.object({ error: ErrorData })
export type ErrorBody = z.infer<typeof ErrorBody>

/** A refusal with a code for programs and a sentence for a person: what happened, then what to do next. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The HTTP status a code leaves with. */
export const statusOf = (code: ErrorCode) => errorStatus[code]

/** Turns anything thrown into data; what is not an AppError becomes `internal` and tells nothing. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof AppError) return { code: error.code, message: error.message }
  return { code: 'internal', message: 'Something went wrong on our side. Please try again in a moment.' }
}
