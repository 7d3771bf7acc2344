/** Settings of the guard: what goes together, and who is asked because of them. */
import { afterEach, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { openState } from '../state/state.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { until } from '../testing/until.ts'
import { hostile, insights, says, startVpnService } from '../testing/vpn-services.ts'
import { startVpn } from './start-vpn.ts'
import { checkOf, problemOf, type VpnSettings } from './vpn-settings.ts'

const settings: VpnSettings = {
  ...{ vpn: 'required', vpnCheckSeconds: 2, vpnHomeAddresses: [], vpnEchoUrls: [] },
  vpnNordvpnUrl: 'http://127.0.0.1:9',
}
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
const serve = async (...given: Parameters<typeof startVpnService>) => {
  const service = await startVpnService(...given)
  ends.push(service.stop)
  return service
}
const live = () => new AbortController().signal

describe('the settings of the guard', () => {
  it.each<[string, Partial<VpnSettings>, string | undefined]>([
    ['nothing but the policy', {}, undefined],
    ['off', { vpn: 'off' }, undefined],
    ['an interface alone', { vpnInterface: 'wg0' }, undefined],
    ['an interface, and off', { vpn: 'off', vpnInterface: 'wg0' }, 'PORCHLIGHT_VPN'],
    ['a check, and off', { vpn: 'off', vpnCheck: 'none' }, 'PORCHLIGHT_VPN'],
    ['nothing that would say anything', { vpnCheck: 'none' }, 'PORCHLIGHT_VPN_INTERFACE'],
    ['echo without an own address', { vpnCheck: 'echo' }, 'PORCHLIGHT_VPN_HOME_ADDRESSES'],
    ['echo with one', { vpnCheck: 'echo', vpnHomeAddresses: ['203.0.113.7'] }, undefined],
  ])('%s', (_what, given, named) => {
    const problem = problemOf({ ...settings, ...given })
    if (named === undefined) expect(problem).toBeUndefined()
    else expect(problem).toContain(named)
  })

  it('ask nobody where something is bound, unless told to', () => {
    expect(checkOf({ ...settings, vpnInterface: 'wg0' })).toBeUndefined()
    expect(checkOf({ ...settings, vpnInterface: 'wg0', vpnCheck: 'nordvpn' })).toBeDefined()
  })

  it('ask once more whoever did not answer', async () => {
    let asked = 0
    const service = await serve((request, response) => {
      asked++
      const answer = asked === 1 ? hostile['hangs up'] : insights(true)
      answer?.(request, response)
    })
    const check = checkOf({ ...settings, vpnNordvpnUrl: service.url })
    expect(await check?.(undefined, live())).toEqual({ verdict: 'yes', reason: 'protected' })
    expect(asked).toBe(2)
  })

  it('ask echo services where they are named', async () => {
    const urls = [(await serve(says('203.0.113.9'))).url, (await serve(says('203.0.113.9'))).url]
    const check = checkOf({ ...settings, vpnCheck: 'echo', vpnEchoUrls: urls, vpnHomeAddresses: ['198.51.100.7'] })
    expect(await check?.(undefined, live())).toEqual({ verdict: 'yes', reason: 'other_address' })
  })
})

describe('the guard as it is started', () => {
  it('tells how it stands and how it came to this, also after a restart', async () => {
    const directory = temporaryDirectory()
    const service = await serve(insights(true))
    const start = () => {
      const state = openState(directory)
      const vpn = startVpn(
        { ...settings, vpnNordvpnUrl: service.url },
        state.vpn,
        createLog(() => {}),
        () => {},
      )
      const stop = () => {
        vpn.close()
        state.close()
      }
      return { vpn, stop }
    }
    const first = start()
    expect(first.vpn.status()).toMatchObject({ policy: 'required', state: 'unknown', reason: 'not_checked' })
    await until(() => first.vpn.door?.isOpen === true, 'an open door')
    expect(first.vpn.status()).toMatchObject({ state: 'up', reason: 'protected' })
    first.stop()
    service.answer(insights(false))
    const second = start()
    ends.push(second.stop)
    await until(() => second.vpn.status().state === 'down', 'a no')
    expect(second.vpn.door?.isOpen).toBe(false)
    expect(second.vpn.status().history).toMatchObject([
      { isOpen: false, reason: 'not_protected' },
      { isOpen: true, reason: 'protected' },
    ])
  })

  it('is nothing at all when it is off', () => {
    const state = openState(temporaryDirectory())
    ends.push(() => state.close())
    const vpn = startVpn(
      { ...settings, vpn: 'off' },
      state.vpn,
      createLog(() => {}),
      () => {},
    )
    expect([vpn.door, vpn.status()]).toEqual([undefined, { policy: 'off', state: 'unknown' }])
  })
})
