/** The guard at work: what it does when interfaces, ways out and answers come and go. */
import type { NetworkInterfaceInfo } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { until } from '../testing/until.ts'
import type { Answer } from './guard-state.ts'
import { type GuardOptions, startVpnGuard, type VpnGuard } from './vpn-guard.ts'
import { sourceAddress } from './watch-way.ts'

const TUNNEL = '10.8.0.2'
const LINE = '192.168.1.20'
let guard: VpnGuard | undefined
afterEach(() => guard?.close())

/** A machine whose interfaces and ways the test decides. */
function startMachine(options: Partial<GuardOptions>, source: string | undefined = TUNNEL) {
  const world = { tunnel: TUNNEL as string | undefined, source, answer: yes as Answer }
  const asked: (string | undefined)[] = []
  const told: string[] = []
  const interfaces = () => ({
    eth0: [{ family: 'IPv4', address: LINE } as NetworkInterfaceInfo],
    tun0: world.tunnel === undefined ? undefined : [{ family: 'IPv4', address: world.tunnel } as NetworkInterfaceInfo],
  })
  guard = startVpnGuard(
    {
      ...{ policy: 'required', checkSeconds: 0.001, log: createLog(() => {}) },
      check: async (bound) => {
        asked.push(bound)
        return world.answer
      },
      onChange: ({ isOpen, reason }) => told.push(`${isOpen ? 'open' : 'shut'} ${reason}`),
      ...options,
    },
    {
      ...{ interfaces, source: async () => world.source, lookMilliseconds: 1 },
      rules: { settleMilliseconds: 1, settleAnswers: 2 },
    },
  )
  return { world, asked, told, guard }
}
const yes: Answer = { verdict: 'yes', reason: 'protected' }
const isOpen = () => guard?.door?.isOpen === true

describe('the guard', () => {
  it('stands in nobody’s way when it is off', () => {
    const { guard: off } = startMachine({ policy: 'off' })
    expect(off.door).toBeUndefined()
    expect(off.state()).toMatchObject({ isOpen: true, reason: 'off' })
  })

  it('opens by the first good answer, to where everything is bound, and asks from there', async () => {
    const { asked, told } = startMachine({ interface: 'tun0' })
    expect(isOpen()).toBe(false)
    await until(isOpen, 'an open door')
    expect(guard?.door?.localAddress()).toBe(TUNNEL)
    expect(asked).toContain(TUNNEL)
    expect(told.at(-1)).toBe('open protected')
  })

  it('asks nobody while the interface is gone, and is never open without an address', async () => {
    const { world, asked, told } = startMachine({ interface: 'tun0' })
    await until(isOpen, 'an open door')
    const unbound: boolean[] = []
    guard?.door?.onChange(() => unbound.push(isOpen() && guard?.door?.localAddress() === undefined))
    world.tunnel = undefined
    await until(() => !isOpen(), 'a shut door')
    expect(told).toContain('shut interface_gone')
    asked.length = 0
    world.tunnel = '10.9.0.7'
    world.source = '10.9.0.7'
    await until(isOpen, 'an open door')
    expect(guard?.door?.localAddress()).toBe('10.9.0.7')
    expect(new Set(asked)).toEqual(new Set(['10.9.0.7']))
    expect(unbound).not.toContain(true)
  })

  it('shuts when the way no longer leads through the interface, though it is there', async () => {
    const { world, told } = startMachine({ interface: TUNNEL, check: undefined })
    await until(isOpen, 'an open door')
    world.source = LINE
    await until(() => !isOpen(), 'a shut door')
    expect(told.at(-1)).toBe('shut way_changed')
    world.source = TUNNEL
    await until(isOpen, 'an open door')
  })

  it('leaves a tunnel alone that never was the way of everything', async () => {
    const { asked } = startMachine({ interface: 'tun0' }, LINE)
    await until(() => isOpen() && asked.length > 5, 'answers')
    expect(isOpen()).toBe(true)
  })

  it('shuts at once when the way out changes, and opens by new answers', async () => {
    const { world, told } = startMachine({})
    await until(isOpen, 'an open door')
    world.source = LINE
    world.answer = { verdict: 'no', reason: 'not_protected' }
    await until(() => told.includes('shut not_protected'), 'a shut door')
    expect(told.indexOf('shut not_checked')).toBe(told.indexOf('open protected') + 1)
    world.answer = yes
    await until(isOpen, 'an open door')
    expect(told).toContain('shut settling')
  })

  it('counts a check that fails as unknown', async () => {
    const { told } = startMachine({ check: () => Promise.reject(new Error('a bug')) })
    await until(() => told.includes('shut no_answer'), 'an answer')
    expect(isOpen()).toBe(false)
  })

  it('is shut once it has ended', async () => {
    startMachine({})
    await until(isOpen, 'an open door')
    guard?.close()
    expect(isOpen()).toBe(false)
  })
})

it('the system says which address it would send from, or that there is none', async () => {
  expect((await sourceAddress()) ?? '0.0.0.0').toMatch(/^\d+(\.\d+){3}$/)
})
