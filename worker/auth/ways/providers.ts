/** The buttons of the sign-in page: every way in that is configured, the best first, and whether it answers. */
import * as z from 'zod'
import type { Edge } from '../../edge.ts'
import { externalWays } from './external-ways.ts'
import { isHealthy } from './way-health.ts'

/** `healthy: false` is shown greyed out, and the next one offered: nobody is sent elsewhere without being asked. */
export const ProviderCard = z.object({
  id: z.string(),
  label: z.string(),
  kind: z.enum(['form', 'passkey', 'redirect', 'device']),
  priority: z.int(),
  healthy: z.boolean(),
})
export type ProviderCard = z.infer<typeof ProviderCard>

/** Ours: they need nobody else, so they are always well. */
const own: readonly ProviderCard[] = [
  { id: 'passkey', label: 'Passkey', kind: 'passkey', priority: 100, healthy: true },
  { id: 'password', label: 'Email and password', kind: 'form', priority: 90, healthy: true },
]

export function listProviders(edge: Pick<Edge, 'env' | 'nowMs'>): ProviderCard[] {
  const elsewhere = externalWays(edge.env).map(({ id, label, kind, priority }) => ({
    id,
    label,
    kind,
    priority,
    healthy: isHealthy(id, edge.nowMs),
  }))
  return [...own, ...elsewhere].sort((a, b) => b.priority - a.priority)
}
