/** Asks whether a code was typed in: by one poll at a time, at the provider's own pace, and once for good. */
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { askProvider } from './ask-provider.ts'
import type { DeviceWay, ExternalAccount } from './external-way.ts'
import { readWalk, remember, takeWalk, type Walk } from './walks.ts'

export type Polled = { walk: Walk; account: ExternalAccount } | { pending: true; intervalSeconds: number }

/** `secret` is of this browser's cookie: a code says nothing to any other. Throws `link_over`, `way_refused`, `way_unavailable`. */
export async function pollWalk(edge: Edge, way: DeviceWay, secret: string): Promise<Polled> {
  const walk = await readWalk(edge, way.id, secret)
  const { device } = walk.memory
  if (!device) throw new TypeError('a walk with a code to type in remembers no code')
  const pending = { pending: true as const, intervalSeconds: device.intervalSeconds }
  if (edge.now < device.nextPollAt) return pending
  const nextPollAt = edge.now + device.intervalSeconds
  const mine = await remember(edge, walk, { ...walk.memory, device: { ...device, nextPollAt } })
  if (!mine) return pending

  const answer = await askProvider(edge, way, (moment) => way.poll(moment, device)).catch(async (error) => {
    const isOver = error instanceof AppError && (error.code === 'link_over' || error.code === 'way_refused')
    if (isOver) await takeWalk(edge, way.id, secret)
    throw error
  })
  if (answer === 'pending') return pending
  if (answer === 'slow_down') {
    // RFC 8628 §3.5: five seconds more, from now on.
    const intervalSeconds = device.intervalSeconds + 5
    const slower = { ...device, intervalSeconds, nextPollAt: edge.now + intervalSeconds }
    await remember(edge, mine, { ...walk.memory, device: slower })
    return { pending: true, intervalSeconds }
  }
  return { walk: await takeWalk(edge, way.id, secret), account: answer }
}
