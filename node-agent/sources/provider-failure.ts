/** Why a provider could not answer: for the log and its health, never with the address, which may hold a key. */

export type FailureReason =
  /** No connection, or it broke off. */
  | 'unreachable'
  | 'timed_out'
  /** It asks for patience (429, 503). */
  | 'busy'
  /** It says no: the key, the address, or its own trouble. */
  | 'refused'
  /** It answers something else than it should. */
  | 'malformed'
  | 'too_large'
  /** It leads where nothing of ours may go. */
  | 'not_allowed'

export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure'
  readonly reason: FailureReason
  /** As it asked; undefined when it did not. */
  readonly retryAfterSeconds: number | undefined

  constructor(reason: FailureReason, message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options)
    this.reason = reason
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
