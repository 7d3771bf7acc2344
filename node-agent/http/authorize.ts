/** A token against this agent, this file and this moment: claims and an admission, or a refusal with its code. */

import { importPublicKey } from '#protocol/ed25519.ts'
import { AppError } from '#protocol/errors.ts'
import type { VerificationKey } from '#protocol/pairing.ts'
import type { FindVerificationKey, StreamClaims, StreamScope } from '#protocol/stream-token.ts'
import type { DescribedFile, StreamFiles } from '../media/stream-files.ts'
import type { Admission, Leases } from './leases.ts'
import { rememberVerified } from './verified-tokens.ts'

export type Authorized = { claims: StreamClaims; admission: Admission; description: DescribedFile }
/** `streamId`: the only stream that a token may be for. */
export type Authorize = (token: string, scope: StreamScope, streamId?: string) => Promise<Authorized>

/**
 * Default is no: everything about the token must fit before a byte is read. Throws `token_invalid`,
 * `token_for_another_agent`, `forbidden`, `not_found`, `token_for_another_file`, `token_revoked`, `token_expired`.
 */
export function createAuthorize(options: {
  /** Undefined while this agent is not paired: no token is for it then. */
  agentId: () => string | undefined
  findKey: FindVerificationKey
  files: StreamFiles
  leases: Leases
}): Authorize {
  const { agentId, findKey, files, leases } = options
  const readToken = rememberVerified(findKey)
  return async (token, scope, streamId) => {
    const claims = await readToken(token)
    if (streamId !== undefined && claims.streamId !== streamId) {
      throw new AppError('token_for_another_file', 'This connection is for another film. Start the film again.')
    }
    if (claims.agentId !== agentId()) {
      throw new AppError('token_for_another_agent', 'This link is for another home. Start the film again.')
    }
    if (!claims.scopes.includes(scope)) throw new AppError('forbidden', 'This link does not allow watching.')
    const description = files.describe(claims)
    if (description) return { claims, description, admission: leases.admit(claims) }
    if (!files.isKnownSource(claims.sourceId)) {
      throw new AppError('not_found', 'This home does not know the film any more. Start it from its page.')
    }
    throw new AppError('token_for_another_file', 'This link is for another file. Start the film again.')
  }
}

/** Finds keys among those that `current` lists now; each is imported once. */
export function createFindKey(current: () => readonly VerificationKey[]): FindVerificationKey {
  const imported = new Map<string, ReturnType<typeof importPublicKey>>()
  return (keyId) => {
    const found = current().find((key) => key.keyId === keyId)
    if (!found) return undefined
    const known = imported.get(found.publicKey) ?? importPublicKey(found.publicKey)
    imported.set(found.publicKey, known)
    return known
  }
}
