/** What a hub remembers of its agent beyond one connection: what the admin wants of it, and what is wrong with it. */
import * as z from 'zod'
import type { Capabilities } from '#protocol/capabilities.ts'

/**
 * `draining`: nothing new starts there and what plays moves elsewhere, until the agent has been started anew.
 * `maintenance`: the same until an admin says otherwise.
 */
export const AgentMode = z.enum(['serving', 'draining', 'maintenance'])
export type AgentMode = z.infer<typeof AgentMode>

/** `two_with_one_key`: two machines use this agent's key. `too_old`: it speaks no version that the edge knows. */
export const AgentProblem = z.enum(['two_with_one_key', 'too_old'])
export type AgentProblem = z.infer<typeof AgentProblem>

type Told = Pick<Capabilities, 'instanceId'>

const Standing = z.object({
  mode: AgentMode.default('serving'),
  /** Of the agent when it was told to drain. */
  drainedInstance: z.string().optional(),
  /** Connections that another took the place of, newest last. */
  replaced: z.array(z.object({ atMs: z.number(), instance: z.string().optional() })).default([]),
  twoSinceMs: z.number().optional(),
  tooOld: z.boolean().default(false),
})
export type Standing = z.infer<typeof Standing>

export const noStanding: Standing = Standing.parse({})

/** Two with one key change places once an hour at last (see the agent's reconnect-delay.ts). */
const FORGOTTEN_AFTER_MS = 3 * 3600_000
/** Of agents that do not say which start of theirs it is: more often in ten minutes is no restart any more. */
const MOST_UNNAMED = 3
const TEN_MINUTES_MS = 600_000

/**
 * Another proven connection has taken the place of one. An instance that was replaced and is back proves that two of
 * them run at once: a machine that restarted would be a new one.
 */
export function afterReplacement(standing: Standing, before: Told, now: Told, nowMs: number): Standing {
  // The same process over a new line: nobody took anybody's place.
  if (before.instanceId !== undefined && before.instanceId === now.instanceId) return standing
  const known = standing.replaced.filter(({ atMs }) => nowMs - atMs < FORGOTTEN_AFTER_MS)
  const isBack = now.instanceId !== undefined && known.some(({ instance }) => instance === now.instanceId)
  const replaced = [...known, { atMs: nowMs, ...(before.instanceId && { instance: before.instanceId }) }].slice(-10)
  const unnamed = replaced.filter(({ instance, atMs }) => instance === undefined && nowMs - atMs < TEN_MINUTES_MS)
  const areTwo = isBack || unnamed.length >= MOST_UNNAMED
  return { ...standing, replaced, ...(areTwo && { twoSinceMs: nowMs }) }
}

/** The agent is welcome: what it was too old for is over, and a drain is over once it has been started anew. */
export function afterWelcome(standing: Standing, now: Told): Standing {
  const { drainedInstance, ...rest } = standing
  const isAnew = drainedInstance === undefined || drainedInstance !== now.instanceId
  if (standing.mode === 'draining' && isAnew) return { ...rest, mode: 'serving', tooOld: false }
  return { ...standing, tooOld: false }
}

/** An admin's wish. `now` is undefined while the agent is away. */
export function withMode(standing: Standing, mode: AgentMode, now: Told | undefined): Standing {
  const { drainedInstance: _, ...rest } = standing
  return { ...rest, mode, ...(mode === 'draining' && now?.instanceId && { drainedInstance: now.instanceId }) }
}

export function problemOf({ twoSinceMs, tooOld }: Standing, nowMs: number): AgentProblem | undefined {
  if (twoSinceMs !== undefined && nowMs - twoSinceMs < FORGOTTEN_AFTER_MS) return 'two_with_one_key'
  return tooOld ? 'too_old' : undefined
}

/** Read when the hub wakes, written when something changes. */
export function keptStanding(sql: SqlStorage) {
  sql.exec('create table if not exists standing (id integer primary key check (id = 1), json text not null)')
  const [row] = sql.exec<{ json: string }>('select json from standing').toArray()
  let current = row ? Standing.catch(noStanding).parse(JSON.parse(row.json)) : noStanding
  return {
    get: (): Standing => current,
    set(next: Standing): void {
      if (JSON.stringify(next) === JSON.stringify(current)) return
      current = next
      sql.exec('insert or replace into standing values (1, ?)', JSON.stringify(next))
    },
  }
}
