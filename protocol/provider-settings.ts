/** What an agent tells of its content providers, and how the operator sets one from the admin page. */
import * as z from 'zod'

export const ProviderId = z.string().regex(/^[a-z0-9-]{1,40}$/)

/** One line of a provider's form: its options schema as data. */
export const ProviderField = z.object({
  name: z.string().min(1).max(60),
  title: z.string().max(200),
  description: z.string().max(500),
  isRequired: z.boolean(),
  /** Never told by the agent, and never shown again once it is entered. */
  isSecret: z.boolean(),
  /** `uri` for an address. */
  format: z.string().max(30).optional(),
  /** From the agent's own environment or file: it wins, and cannot be changed from here. */
  isFixed: z.boolean(),
  /** Something is entered. */
  isSet: z.boolean(),
  /** What is entered; absent for a secret, and where nothing is. */
  value: z.string().max(20_000).optional(),
})
export type ProviderField = z.infer<typeof ProviderField>

/** Times are epoch seconds by the agent's clock. */
export const ProviderReport = z.object({
  id: ProviderId,
  label: z.string().max(100),
  about: z.string().max(500),
  asksForLawfulUse: z.boolean(),
  isOn: z.boolean(),
  /** Switched by the agent's own environment or file. */
  isSwitchFixed: z.boolean(),
  /** It should be on, and is not: why, for the operator. */
  problem: z.string().max(1000).optional(),
  /** Where it asks, while it is on. */
  hosts: z.array(z.string().max(255)).max(50),
  /** In the background, and while a person waits. */
  requestsPerSecond: z.object({ background: z.number().positive(), awaited: z.number().positive() }),
  timeoutSeconds: z.number().positive(),
  priority: z.number(),
  fields: z.array(ProviderField).max(30),
  health: z
    .object({
      repliedAt: z.int().nonnegative().optional(),
      failedAt: z.int().nonnegative().optional(),
      /** In a row. */
      failures: z.int().nonnegative(),
      /** It is not asked before. */
      benchedUntil: z.int().nonnegative().optional(),
      /** A word for why it failed last, such as `unreachable`. */
      reason: z.string().max(40).optional(),
    })
    .optional(),
})
export type ProviderReport = z.infer<typeof ProviderReport>

/** What the operator entered: a text for each setting that changes, null for one that is taken back. */
export const ProviderSettings = z.strictObject({
  isOn: z.boolean(),
  values: z
    .record(z.string().regex(/^[a-z0-9_]{1,60}$/), z.string().max(20_000).nullable())
    .refine((values) => Object.keys(values).length <= 30, { error: 'has too many settings' }),
})
export type ProviderSettings = z.infer<typeof ProviderSettings>
