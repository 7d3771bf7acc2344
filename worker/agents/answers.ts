/** What the agent routes answer to people. */
import * as z from 'zod'
import { AgentLoad, CertificateStatus, VpnStatus } from '#protocol/capabilities.ts'
import { UserCode } from '#protocol/pairing.ts'
import { AgentMode, AgentProblem } from './standing.ts'

/** Any agent connected: the lamp. `lastSeenAt` is epoch seconds, null when there has never been one. */
export const Home = z.object({ lit: z.boolean(), lastSeenAt: z.int().nullable() })
export type Home = z.infer<typeof Home>

export const AgentCard = z.object({
  id: z.string(),
  name: z.string(),
  fingerprint: z.string(),
  online: z.boolean(),
  softwareVersion: z.string(),
  addresses: z.array(z.string()),
  pairedAt: z.int(),
  lastSeenAt: z.int().nullable(),
  /** As the agent told last; null while it is away. */
  vpn: VpnStatus.nullable(),
  /** Of its own, by ACME; null while it is away, and where it is to have none. */
  certificate: CertificateStatus.nullable(),
  /** It can make pictures and sounds anew; null while it is away. */
  ffmpeg: z.boolean().nullable(),
  mode: AgentMode,
  /** It has said that it is about to stop. */
  isLeaving: z.boolean(),
  /** Null while it is away, and of an agent that does not count. */
  load: AgentLoad.nullable(),
  problem: AgentProblem.nullable(),
  /** `there`: it works, and a newer one is there. `needed`: it is refused until it is updated. */
  upgrade: z.enum(['none', 'there', 'needed']),
})
export type AgentCard = z.infer<typeof AgentCard>

/** What a person compares with what the agent printed, before confirming. */
export const PairingCard = z.object({
  userCode: UserCode,
  name: z.string(),
  softwareVersion: z.string(),
  address: z.string(),
  fingerprint: z.string(),
  expiresAt: z.int(),
})
export type PairingCard = z.infer<typeof PairingCard>

export const ModeChange = z.strictObject({ mode: AgentMode })

export const AgentParam = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{22}$/) })
/** Typed by a person: spaces, lower case and a missing hyphen are forgiven. */
export const UserCodeParam = z.object({
  userCode: z
    .string()
    .max(20)
    .transform((typed) => typed.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .transform((plain) => `${plain.slice(0, 4)}-${plain.slice(4)}`)
    .pipe(UserCode),
})
