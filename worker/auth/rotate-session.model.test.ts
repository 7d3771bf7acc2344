/** Rotation held against a model: any order of old and new tokens; two tabs, answers that get lost, and a thief. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readKeyring } from '../keyring.ts'
import { testEdge } from '../testing/test-edge.ts'
import { addPerson } from '../testing/walk-ways.ts'
import { mintRefreshToken } from './refresh-token.ts'
import { rotateSession } from './rotate-session.ts'

const START = 1000
const LATER = 11
let made = 0

/** A session as it begins, and what presenting a generation of its token gives at a time. */
async function begin() {
  const id = `model${String(made++).padStart(17, '0')}`
  const insert =
    'insert into sessions (id, user_id, generation, rotated_at, created_at, idle_expires_at, absolute_expires_at, auth_time, amr) values (?, ?, 0, 1000, 1000, 9000000, 9000000, 1000, ?)'
  await env.DB.prepare(insert)
    .bind(id, await addPerson(), 'pwd')
    .run()
  const present = async (generation: number, now: number): Promise<string> => {
    const token = await mintRefreshToken(readKeyring(env.KEYRING), { sessionId: id, generation })
    return rotateSession(testEdge(now), id, token).then(
      (issued) => `generation ${issued.refreshToken.split('.')[3]}`,
      (error: { code: string }) => error.code,
    )
  }
  const alarms = () =>
    env.DB.prepare(
      "select (select count(*) from audit_events where kind = 'authn_token_reuse' and outcome = 'critical' and session_id = ?1) events, (select count(*) from notices n join sessions s on s.user_id = n.user_id where n.kind = 'key_reused' and s.id = ?1) notices, (select revoked_at is not null from sessions where id = ?1) over",
    )
      .bind(id)
      .first()
  return { present, alarms }
}

/** The rules in a dozen lines, to hold the real thing against. */
type Model = { generation: number; rotatedAt: number; isOver: boolean }
function predict(model: Model, presented: number, now: number): string {
  if (model.isOver || presented > model.generation) return 'session_ended'
  if (presented === model.generation) {
    Object.assign(model, { generation: presented + 1, rotatedAt: now })
    return `generation ${presented + 1}`
  }
  if (presented === model.generation - 1 && now - model.rotatedAt <= 10) return `generation ${model.generation}`
  model.isOver = true
  return 'refresh_reused'
}
const generationIn = (outcome: string): number | undefined =>
  outcome.startsWith('generation ') ? Number(outcome.slice('generation '.length)) : undefined

describe('rotation', () => {
  it('agrees with the model over any order of old, current and future tokens', async () => {
    const step = fc.record({ back: fc.nat({ max: 3 }), waitSeconds: fc.constantFrom(0, 1, 9, 11, 60) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { present } = await begin()
        const model: Model = { generation: 0, rotatedAt: START, isOver: false }
        let now = START
        for (const { back, waitSeconds } of steps) {
          now += waitSeconds
          const presented = Math.max(0, model.generation + 1 - back)
          expect(await present(presented, now)).toBe(predict(model, presented, now))
        }
      }),
      { numRuns: 30 },
    )
  })
})

/** One browser with two tabs and one cookie; a thief who copies the cookie once. A lost answer sets no cookie. */
type Step =
  | { do: 'tab' | 'both tabs'; isLost: boolean }
  | { do: 'steal' }
  | { do: 'thief' }
  | { do: 'wait'; seconds: number }
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('tab', 'both tabs'), isLost: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(1, 9, LATER, 900) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'steal' }) },
  { weight: 2, arbitrary: fc.constant({ do: 'thief' }) },
) as fc.Arbitrary<Step>

async function live(steps: readonly Step[]) {
  const { present, alarms } = await begin()
  const model: Model = { generation: 0, rotatedAt: START, isOver: false }
  const world = { now: START, cookie: 0, stolen: undefined as number | undefined }
  const turn = async (presented: number, times = 1): Promise<number | undefined> => {
    const foretold = Array.from({ length: times }, () => predict(model, presented, world.now))
    const outcomes = await Promise.all(foretold.map(() => present(presented, world.now)))
    // Of two old copies at once either may come first: both find out, in one or the other word.
    const words = (all: string[]) => all.map((one) => (times > 1 && generationIn(one) === undefined ? 'out' : one))
    expect(words(outcomes).toSorted()).toEqual(words(foretold).toSorted())
    return outcomes.map(generationIn).find((generation) => generation !== undefined)
  }
  const tab = async (isLost: boolean, times = 1) => {
    const generation = await turn(world.cookie, times)
    if (!isLost) world.cookie = generation ?? world.cookie
  }
  const thief = async () => {
    if (world.stolen !== undefined) world.stolen = (await turn(world.stolen)) ?? world.stolen
  }
  for (const step of steps) {
    if (step.do === 'wait') world.now += step.seconds
    if (step.do === 'tab') await tab(step.isLost)
    if (step.do === 'both tabs') await tab(step.isLost, 2)
    if (step.do === 'steal') world.stolen ??= world.cookie
    if (step.do === 'thief') await thief()
  }
  return { world, model, tab, thief, alarms }
}

describe('two tabs, lost answers and a thief', () => {
  it('agree with the model, and one alarm tells of each family that ended by reuse', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { model, alarms } = await live(steps)
        const one = model.isOver ? 1 : 0
        expect(await alarms()).toEqual({ events: one, notices: one, over: one })
      }),
      { numRuns: 30 },
    )
  })

  it('never cost an honest person their session, while an answer that was lost is asked for again within the grace', async () => {
    const honest = fc.array(
      fc.oneof(
        fc.record({ do: fc.constantFrom('tab', 'both tabs'), isLost: fc.constant(false) }),
        fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(1, 9, LATER, 900) }),
        // Lost, and asked for again by the other tab before the grace is over.
        fc.constant({ do: 'lost and retried' }),
      ),
      { minLength: 1, maxLength: 10 },
    )
    await fc.assert(
      fc.asyncProperty(honest, async (steps) => {
        const retried: Step[] = [
          { do: 'tab', isLost: true },
          { do: 'wait', seconds: 9 },
          { do: 'both tabs', isLost: false },
        ]
        const flat = steps.flatMap((step) => (step.do === 'lost and retried' ? retried : [step as Step]))
        const { model, alarms } = await live(flat)
        expect(model.isOver).toBe(false)
        expect(await alarms()).toEqual({ events: 0, notices: 0, over: 0 })
      }),
      { numRuns: 20 },
    )
  })

  it('never leave a session to a thief and its owner both: by their third turns it is over, and the person is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 8 }), async (steps) => {
        const { world, model, tab, thief, alarms } = await live([...steps, { do: 'steal' }])
        for (let round = 0; round < 3; round++) {
          world.now += LATER
          await tab(false)
          world.now += LATER
          await thief()
        }
        expect(model.isOver).toBe(true)
        expect(await alarms()).toEqual({ events: 1, notices: 1, over: 1 })
      }),
      { numRuns: 15 },
    )
  })
})
