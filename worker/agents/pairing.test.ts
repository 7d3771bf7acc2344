/** Pairing over HTTP: a code once, for ten minutes, ten tries; exactly the key that was shown. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyFingerprint } from '#protocol/agent-proof.ts'
import { PairingAnswer } from '#protocol/pairing.ts'
import { type Browser, callEdge, refusal, setUp } from '../testing/call-edge.ts'
import { connectAgent, newAgentKey, pollPairing, requestPairing } from '../testing/test-agent.ts'

let admin: Browser
const ask = async (change: object = {}) => {
  const key = await newAgentKey()
  const answer = PairingAnswer.parse(await (await requestPairing(key.publicKey, change)).json())
  return { ...key, ...answer }
}
const show = (code: string) => callEdge(`/api/agents/pairings/${code}`, { token: admin.accessToken })
const confirm = (code: string) =>
  callEdge(`/api/agents/pairings/${code}/confirm`, { method: 'POST', token: admin.accessToken })
const expire = (code: string) =>
  env.DB.prepare('update pairings set expires_at = 1 where user_code = ?').bind(code).run()
const freshTries = () => env.DB.prepare('delete from pairing_tries').run()

beforeAll(async () => {
  admin = await setUp()
})

describe('pairing', () => {
  it('shows who asks, binds exactly that key, and the agent learns its id and can connect', async () => {
    const asked = await ask({ name: 'Attic' })
    expect(asked).toMatchObject({
      expiresInSeconds: 600,
      verifyUrl: `http://porchlight.test/pair?code=${asked.userCode}`,
    })
    expect(await (await pollPairing(asked.pollToken)).json()).toEqual({ status: 'waiting' })
    const shown = await (await show(asked.userCode.toLowerCase())).json()
    expect(shown).toMatchObject({ name: 'Attic', fingerprint: await keyFingerprint(asked.publicKey) })
    expect(JSON.stringify(shown)).not.toContain(asked.pollToken)

    const { agentId } = await (await confirm(asked.userCode)).json<{ agentId: string }>()
    const polled = await (await pollPairing(asked.pollToken)).json()
    expect(polled).toMatchObject({ status: 'paired', agentId, verificationKeys: [{ keyId: 't1' }] })
    const row = await env.DB.prepare('select * from agents where id = ?').bind(agentId).first()
    expect(row).toMatchObject({ public_key: asked.publicKey, paired_by: admin.person.id })
    const agent = await connectAgent({ ...asked, agentId })
    agent.close()
  })

  it('stores neither the poll token nor any private key', async () => {
    const asked = await ask()
    const { results } = await env.DB.prepare('select * from pairings').all()
    expect(JSON.stringify(results)).not.toContain(asked.pollToken)
  })

  it('takes a code once, of ten confirmations at once', async () => {
    await freshTries()
    const { userCode } = await ask()
    const responses = await Promise.all(Array.from({ length: 10 }, () => confirm(userCode)))
    expect(responses.filter((response) => response.ok)).toHaveLength(1)
    const codes = await Promise.all(responses.filter((response) => !response.ok).map(refusal))
    expect(codes.filter(([, code]) => code !== 'conflict' && code !== 'pairing_unknown')).toEqual([])
    const query = "select count(*) n from audit_events where kind = 'agent_paired'"
    expect(await env.DB.prepare(query).first('n')).toBe(2)
    await freshTries()
    expect(await refusal(await show(userCode))).toEqual([404, 'pairing_unknown'])
  })

  it('keeps the id of a key that is paired already', async () => {
    const key = await newAgentKey()
    const local = { localSecret: env.LOCAL_PAIRING_SECRET }
    const ids = []
    for (const name of ['First', 'Second']) {
      const { pollToken } = PairingAnswer.parse(await (await requestPairing(key.publicKey, { ...local, name })).json())
      ids.push((await (await pollPairing(pollToken)).json<{ agentId: string }>()).agentId)
    }
    expect(ids[0]).toBe(ids[1])
    const name = await env.DB.prepare('select name from agents where id = ?').bind(ids[0]).first('name')
    expect(name).toBe('Second')
  })

  it('refuses after ten minutes, to the person and to the agent', async () => {
    await freshTries()
    const asked = await ask()
    await expire(asked.userCode)
    expect(await refusal(await show(asked.userCode))).toEqual([410, 'pairing_expired'])
    expect(await refusal(await confirm(asked.userCode))).toEqual([410, 'pairing_expired'])
    expect(await refusal(await pollPairing(asked.pollToken))).toEqual([410, 'pairing_expired'])
  })

  it('lets a person guess ten codes in ten minutes, also when all come at once', async () => {
    await freshTries()
    const guesses = await Promise.all(Array.from({ length: 50 }, () => show('AAAA-BBBB').then(refusal)))
    expect(guesses.filter(([, code]) => code === 'pairing_unknown')).toHaveLength(10)
    expect(guesses.filter(([, code]) => code === 'too_many')).toHaveLength(40)
    const asked = await ask()
    expect(await refusal(await show(asked.userCode))).toEqual([429, 'too_many'])
    await env.DB.prepare('update pairing_tries set started_at = started_at - 601').run()
    expect((await show(asked.userCode)).status).toBe(200)
  })

  it('does not count codes that were right', async () => {
    await freshTries()
    const asked = await ask()
    for (let i = 0; i < 12; i++) expect((await show(asked.userCode)).status).toBe(200)
  })

  it('confirms at once only with the machine’s own secret', async () => {
    const { publicKey } = await newAgentKey()
    const wrong = await requestPairing(publicKey, { localSecret: 'guessed' })
    expect(await refusal(wrong)).toEqual([403, 'forbidden'])
    const row = await env.DB.prepare('select 1 from pairings where public_key = ?').bind(publicKey).first()
    expect(row).toBeNull()
  })

  it('refuses what is not a key, and an unknown poll token', async () => {
    expect(await refusal(await requestPairing('A'.repeat(42)))).toEqual([400, 'invalid'])
    expect(await refusal(await pollPairing('x'.repeat(43)))).toEqual([404, 'pairing_unknown'])
  })

  it('keeps strangers from filling the table', async () => {
    await env.DB.prepare('delete from pairings').run()
    const answers = []
    for (let i = 0; i < 7; i++) answers.push((await requestPairing((await newAgentKey()).publicKey)).status)
    expect(answers).toEqual([201, 201, 201, 201, 201, 429, 429])
  })
})
