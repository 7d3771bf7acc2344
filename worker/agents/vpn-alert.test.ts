/** A VPN that is away: told to the admins once, written down each time, and no news while nothing is known. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { VpnStatus } from '#protocol/capabilities.ts'
import { type Browser, callEdge } from '../testing/call-edge.ts'
import { makeHousehold } from '../testing/play.ts'
import { type ConnectedAgent, capabilities } from '../testing/test-agent.ts'
import { type VpnTold, vpnAlert } from './vpn-alert.ts'

const never: VpnTold = { isDown: false, toldAt: null }
const required = (state: VpnStatus['state'], reason?: string): VpnStatus => ({
  ...{ policy: 'required', state },
  ...(reason === undefined ? {} : { reason }),
})

describe('what is told of a VPN', () => {
  it.each<[string, VpnTold, VpnStatus, ReturnType<typeof vpnAlert>]>([
    ['nothing while it is up', never, required('up'), undefined],
    ['nothing before the guard has looked', never, required('unknown', 'not_checked'), undefined],
    ['nothing where none is required', never, { policy: 'preferred', state: 'down' }, undefined],
    ['nothing where nothing is guarded', never, { policy: 'off', state: 'unknown' }, undefined],
    [
      'that it went',
      never,
      required('down', 'interface_gone'),
      { event: 'agent_vpn_fail', isForPeople: true, told: { isDown: true, toldAt: 1_000_000 } },
    ],
    [
      'that nobody knows any more',
      never,
      required('unknown', 'no_answer'),
      { event: 'agent_vpn_fail', isForPeople: true, told: { isDown: true, toldAt: 1_000_000 } },
    ],
    ['nothing twice', { isDown: true, toldAt: 999_000 }, required('down', 'own_address'), undefined],
    ['nothing while it settles', { isDown: true, toldAt: 999_000 }, required('unknown', 'settling'), undefined],
    [
      'that it is back',
      { isDown: true, toldAt: 999_000 },
      required('up', 'protected'),
      { event: 'agent_vpn_back', isForPeople: false, told: { isDown: false, toldAt: 999_000 } },
    ],
    [
      'to the audit alone when it goes again within hours',
      { isDown: false, toldAt: 999_000 },
      required('down'),
      { event: 'agent_vpn_fail', isForPeople: false, told: { isDown: true, toldAt: 999_000 } },
    ],
    [
      'that none is required any more',
      { isDown: true, toldAt: 999_000 },
      { policy: 'off', state: 'unknown' },
      { event: 'agent_vpn_back', isForPeople: false, told: { isDown: false, toldAt: 999_000 } },
    ],
  ])('is %s', (_what, told, vpn, expected) => expect(vpnAlert(told, vpn, 1_000_000)).toEqual(expected))
})

describe('an agent whose VPN goes', () => {
  let admin: Browser
  let agent: ConnectedAgent
  beforeAll(async () => {
    const home = await makeHousehold()
    admin = home.admin
    agent = home.agent
    await env.DB.prepare('update users set email_verified_at = 1').run()
  })
  const say = (vpn: VpnStatus) => agent.send({ type: 'changed', capabilities: { ...capabilities, vpn } })
  const events = async () =>
    (
      await env.DB.prepare(
        "select kind, outcome, subject_id, details from audit_events where kind like 'agent_vpn%'",
      ).all()
    ).results
  const notices = async () =>
    (await (await callEdge('/api/me/notices', { token: admin.accessToken })).json<{ notices: { kind: string }[] }>())
      .notices

  it('is in the audit each time, and tells the admins once', async () => {
    say(required('down', 'interface_gone'))
    await expect.poll(async () => (await events()).length).toBe(1)
    say(required('up', 'bound'))
    await expect.poll(async () => (await events()).length).toBe(2)
    say(required('down', 'way_changed'))
    await expect.poll(async () => (await events()).length).toBe(3)
    const subject_id = agent.paired.agentId
    expect(await events()).toEqual([
      { kind: 'agent_vpn_fail', outcome: 'failure', subject_id, details: '{"reason":"interface_gone"}' },
      { kind: 'agent_vpn_back', outcome: 'success', subject_id, details: '{"reason":"bound"}' },
      { kind: 'agent_vpn_fail', outcome: 'failure', subject_id, details: '{"reason":"way_changed"}' },
    ])
    const told = (await notices()).filter(({ kind }) => kind === 'agent_vpn_down')
    expect(told).toMatchObject([{ details: { agent: expect.any(String) } }])
  })
})
