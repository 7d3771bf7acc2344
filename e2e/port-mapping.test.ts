/** An agent's port, opened by a router that nobody of ours wrote: the world reaches it there, and no more when the agent stops. */
import { afterEach, expect, it } from 'vitest'
import { until } from '../node-agent/testing/until.ts'
import { createMappingRouter, type MappingRouter, ROUTER, type Speaks } from './nat/mapping-router.ts'

let router: MappingRouter | undefined
afterEach(() => {
  router?.close()
  router = undefined
})

it.each<[string, Speaks]>([
  ['UPnP, found by asking around', 'upnp'],
  ['PCP', 'pcp'],
])('is open while the agent runs, where the router speaks %s', async (_what, speaks) => {
  router = createMappingRouter(speaks)
  const agent = router.runAtHome(new URL('./nat/port-process.ts', import.meta.url))
  const { lines } = agent
  await until(() => lines.some(({ isReady }) => isReady), 'the agent', 30_000)
  expect(router.callFromWorld(8789)).toBeUndefined()

  // The router itself may still be starting.
  const isOpen = () => lines.some(({ outside }) => outside)
  await until(
    async () => {
      const said = lines.length
      agent.say({ isOver: false })
      await until(() => lines.length > said, 'what came of asking', 30_000)
      return isOpen()
    },
    'the port',
    60_000,
  )
  expect(lines.findLast(({ outside }) => outside)).toMatchObject({ outside: { address: ROUTER, port: 8789 } })
  expect(router.openPorts()).toEqual(['8789'])
  expect(router.callFromWorld(8789)).toBe('the porch')

  agent.say({ isOver: true })
  await until(() => lines.some(({ isOver }) => isOver), 'the end', 30_000)
  expect(router.openPorts()).toEqual([])
  expect(router.callFromWorld(8789)).toBeUndefined()
})
