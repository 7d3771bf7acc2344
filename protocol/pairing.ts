/** Pairing: how a new agent becomes one of the household's, over plain HTTP before it has an id. */
import * as z from 'zod'
import { Base64Url } from './base64url.ts'

/** How long a code can be confirmed, and how many guesses at codes one person gets in that time. */
export const PAIRING_SECONDS = 600
export const PAIRING_TRIES = 10

/** Ed25519 public key: base64url of 32 bytes. */
export const PublicKey = Base64Url.length(43)

/** Two groups of four letters or digits that cannot be mistaken for one another (no 0/O, 1/I/L). */
export const UserCode = z.string().regex(/^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/)
export type UserCode = z.infer<typeof UserCode>

/** `POST /api/agents/pairings`, from the agent. */
export const PairingRequest = z.strictObject({
  publicKey: PublicKey,
  name: z.string().trim().min(1).max(60),
  softwareVersion: z.string().max(32),
  /** Only on the machine that also runs the edge (`npm start`): a secret shared by both, which confirms at once. */
  localSecret: z.string().max(128).optional(),
})
export type PairingRequest = z.infer<typeof PairingRequest>

export const PairingAnswer = z.object({
  userCode: UserCode,
  /** Where a person types the code. */
  verifyUrl: z.url(),
  /** Known to the agent alone; shown to nobody. */
  pollToken: z.string().min(20).max(128),
  expiresInSeconds: z.int().positive(),
  pollEverySeconds: z.int().positive(),
})
export type PairingAnswer = z.infer<typeof PairingAnswer>

/** `POST /api/agents/pairings/poll`, from the agent. */
export const PairingPoll = z.strictObject({ pollToken: z.string().min(20).max(128) })
export type PairingPoll = z.infer<typeof PairingPoll>

/** A key that verifies stream tokens; the agent keeps them so that it can check tokens while the edge is away. */
export const VerificationKey = z.object({ keyId: z.string().min(1).max(32), publicKey: PublicKey })
export type VerificationKey = z.infer<typeof VerificationKey>

export const PairingPollAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('waiting') }),
  z.object({
    status: z.literal('paired'),
    agentId: z.string().min(1).max(64),
    verificationKeys: z.array(VerificationKey).min(1).max(8),
  }),
])
export type PairingPollAnswer = z.infer<typeof PairingPollAnswer>
