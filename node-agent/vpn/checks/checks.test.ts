/** What the checks make of services that are honest, away, or hostile, over real HTTP. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { hostile, insights, says, startVpnService, type VpnService } from '../../testing/vpn-services.ts'
import { createAsk } from './ask.ts'
import { checkEcho, judgeEchoes, readEcho } from './echo-check.ts'
import { createIsHome, isAddressOrNetwork } from './home-addresses.ts'
import { checkNordvpn } from './nordvpn-check.ts'

const HOME = '198.51.100.7'
const AWAY = '203.0.113.9'
const isHome = createIsHome([HOME, '2001:db8:77::/48'])
const ask = createAsk(() => undefined, undefined, 300)
const live = () => new AbortController().signal

let services: VpnService[] = []
const serve = async (...answers: Parameters<typeof startVpnService>[0][]) => {
  services = await Promise.all(answers.map((answer) => startVpnService(answer)))
  return services.map(({ url }) => url)
}
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()))
  services = []
})
const nordvpn = async (answer: Parameters<typeof startVpnService>[0]) => {
  const [baseUrl = ''] = await serve(answer)
  return checkNordvpn(ask, { baseUrl, isHome }, live())
}

describe("NordVPN's insights", () => {
  it.each([
    ['yes when it calls us protected', insights(true), { verdict: 'yes', reason: 'protected' }],
    ['no when it does not', insights(false), { verdict: 'no', reason: 'not_protected' }],
    ['no from our own address, whatever it calls us', insights(true, HOME), { verdict: 'no', reason: 'own_address' }],
    ['no from our own network', insights(true, '2001:db8:77::5'), { verdict: 'no', reason: 'own_address' }],
  ])('are a %s', async (_what, answer, expected) => {
    expect(await nordvpn(answer)).toEqual(expected)
  })

  it.each(Object.entries(hostile))('are unknown when what answers %s', async (_what, answer) => {
    expect(await nordvpn(answer)).toMatchObject({ verdict: 'unknown' })
  })

  it('are unknown when nobody is there', async () => {
    const [baseUrl = ''] = await serve(insights(true))
    await services[0]?.stop()
    expect(await checkNordvpn(ask, { baseUrl, isHome }, live())).toEqual({ verdict: 'unknown', reason: 'no_answer' })
  })

  it('are asked from the address that peers see', async () => {
    const [baseUrl = ''] = await serve(insights(true))
    const bound = createAsk(() => '127.0.0.77', undefined, 300)
    expect(await checkNordvpn(bound, { baseUrl, isHome }, live())).toMatchObject({ verdict: 'yes' })
    expect(services[0]?.askedFrom).toEqual(['127.0.0.77'])
  })
})

describe('echo services', () => {
  const echo = async (...answers: Parameters<typeof startVpnService>[0][]) =>
    checkEcho(ask, { urls: await serve(...answers), isHome }, live())

  it('are a yes when more than half see another address than ours', async () => {
    expect(await echo(says(`${AWAY}\n`), says(`{"ip":"${AWAY}"}`), says(HOME))).toEqual({
      ...{ verdict: 'yes', reason: 'other_address' },
    })
  })

  it('are a no when more than half see ours', async () => {
    expect(await echo(says(HOME), says(`{"origin":"${HOME}"}`), says(AWAY))).toMatchObject({ reason: 'own_address' })
  })

  it('are unknown when they do not agree', async () => {
    expect(await echo(says(HOME), says(AWAY), says('203.0.113.10'))).toEqual({
      ...{ verdict: 'unknown', reason: 'no_majority' },
    })
  })

  it('need more than half of all, however few answer', async () => {
    const hangsUp = hostile['hangs up'] ?? says('')
    expect(await echo(says(AWAY), hangsUp, hangsUp)).toMatchObject({ verdict: 'unknown' })
  })

  // What only NordVPN must not say is an honest echo.
  const lies = Object.entries(hostile).filter(([what]) => what !== 'is protected by a word')
  it.each(lies)('are not led astray by one that %s', async (_what, answer) => {
    expect(await echo(says(AWAY), says(AWAY), answer)).toMatchObject({ verdict: 'yes' })
    await Promise.all(services.map((service) => service.stop()))
    expect(await echo(answer, answer, answer)).toMatchObject({ verdict: 'unknown' })
  })

  it('are read, or not, whatever they say', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.ipV4(), fc.ipV6()), (text) => {
        expect(readEcho(text) ?? '0.0.0.0').toMatch(/^[0-9a-f.:]+$/i)
      }),
    )
  })

  it('never say yes without more than half, none of it ours', () => {
    const address = fc.constantFrom(HOME, AWAY, '203.0.113.10', undefined)
    fc.assert(
      fc.property(fc.array(address, { maxLength: 9 }), fc.integer({ min: 0, max: 4 }), (told, silent) => {
        const asked = told.length + silent
        const count = (wanted: string) => told.filter((one) => one === wanted).length * 2 > asked
        const { verdict } = judgeEchoes(told, asked, isHome)
        expect(verdict === 'yes').toBe(count(AWAY) || count('203.0.113.10'))
        expect(verdict === 'no').toBe(count(HOME))
      }),
    )
  })
})

describe("the household's own addresses", () => {
  it.each([
    ['198.51.100.7', true],
    ['2001:db8::/48', true],
    ['10.0.0.0/8', true],
    ['10.0.0.0/33', false],
    ['2001:db8::/129', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/8/8', false],
    ['example.org', false],
    ['', false],
  ])('%j is one: %s', (text, expected) => {
    expect(isAddressOrNetwork(text)).toBe(expected)
  })
})
