/** Makes a person's things here and at Trakt alike: a few steps at a time, and on from there the next time. */
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { randomShare } from '../../random-id.ts'
import { runAll } from '../../run-all.ts'
import { TraktSilent, traktClient } from './client.ts'
import { backOffSeconds } from './due-calls.ts'
import { type Looking, lookAtStep } from './look-at-step.ts'
import { sendOutbox } from './send-outbox.ts'
import { changedKinds, nextStep, type Step } from './steps.ts'
import { readSync, type SyncProblem, type SyncState, saveSync } from './sync-state.ts'
import { readAccount } from './trakt-account.ts'
import { giveTurn, takeTurn } from './turns.ts'

/** One request's worth on the free plan: each step asks Trakt once or twice, and D1 some five times. */
const STEPS = 4
const TURN_SECONDS = 60
/** Of the 100,000 rows a day that D1's free plan gives everybody: a long history takes several days then. */
const ROWS_A_DAY = 40_000
const DAY = 86_400
/** Looked at again by itself: that it was connected again is seen in D1, without a word to Trakt. */
const SIGNED_OUT_SECONDS = 30 * 60

/** Nothing for whoever never began. `isAsked`: a person waits, who need not hear that it is not due yet. */
export async function syncPerson(edge: Edge, personId: string, { isAsked = false } = {}): Promise<void> {
  const turn = { name: `trakt:turn:${personId}`, personId }
  if (!(await takeTurn(edge, turn, TURN_SECONDS))) return
  try {
    const state = await readSync(edge, personId)
    if (!state || (!isAsked && (state.notBefore ?? 0) > edge.now)) return
    await sendOutbox(edge, personId)
    await saveSync(edge, await run(edge, state))
  } finally {
    await giveTurn(edge, turn)
  }
}

async function run(edge: Edge, state: SyncState): Promise<SyncState> {
  const account = await readAccount(edge, state.personId)
  if (!account) return stopped(edge, state, 'signed_out', SIGNED_OUT_SECONDS)
  const client = traktClient(edge, account)
  let now = state
  try {
    // Asked before anything else is: what happens meanwhile is new to the next run.
    if (isUnseen(now)) now = withRun(edge, now, await client.lastActivities())
    if (now.memory.run === null) return done(edge, now)
    for (let steps = 0; steps < STEPS && now.memory.run !== null; steps++) {
      if (now.rowsToday >= ROWS_A_DAY) return stopped(edge, now, 'today', DAY - (edge.now % DAY))
      now = await takeStep(edge, client, now)
    }
    return now.memory.run === null ? done(edge, now) : { ...now, notBefore: null, failures: 0, problem: null }
  } catch (error) {
    if (!(error instanceof TraktSilent)) throw error
    return afterSilence(edge, now, error)
  }
}

/** No run is on its way, or the import has not yet asked how far Trakt is. */
const isUnseen = ({ memory: { run } }: SyncState) => run === null || Object.keys(run.seen).length === 0

/** Begins a run when something happened there. */
function withRun(edge: Edge, state: SyncState, seen: Record<string, string>): SyncState {
  const { memory } = state
  if (memory.run !== null) return { ...state, memory: { ...memory, run: { ...memory.run, seen } } }
  const kinds = changedKinds(memory.seen, seen)
  const [first] = kinds
  const run = first ? { kinds, step: { kind: first, page: 1 }, beganMs: edge.nowMs, seen } : null
  return { ...state, memory: { ...memory, run } }
}

/** May be done twice: when it was written and the state was not, the same is found and nothing differs. */
async function takeStep(edge: Edge, client: Looking['client'], state: SyncState): Promise<SyncState> {
  const { memory, personId } = state
  const { run } = memory
  if (run === null) return state
  const on = {
    db: edge.db,
    watcher: { id: memory.viewerId, personId },
    nowMs: edge.nowMs,
    lastSyncMs: memory.lastSyncMs,
  }
  const look = await lookAtStep({ edge, client, on, isWriting: true }, run.step)
  const { rowsWritten } = await runAll(edge, look.statements)
  const step = nextStep(run.step, look.pageCount, run.kinds)
  return {
    ...state,
    rowsToday: state.rowsToday + look.rowsWritten + rowsWritten,
    memory: step ? { ...memory, run: { ...run, step } } : ended(memory, run),
  }
}

const ended = (memory: SyncState['memory'], run: { beganMs: number; seen: Record<string, string> }) => ({
  ...memory,
  seen: run.seen,
  lastSyncMs: run.beganMs,
  run: null,
})

const done = (edge: Edge, state: SyncState): SyncState => ({
  ...state,
  syncedAt: edge.now,
  notBefore: null,
  failures: 0,
  problem: null,
})

const stopped = (edge: Edge, state: SyncState, problem: SyncProblem, seconds: number): SyncState => ({
  ...state,
  problem,
  notBefore: edge.now + Math.ceil(seconds),
})

function afterSilence(edge: Edge, state: SyncState, { outcome }: TraktSilent): SyncState {
  log('warn', 'trakt_silent', { correlationId: edge.correlationId, personId: state.personId, reason: outcome.kind })
  if (outcome.kind === 'signed_out') return stopped(edge, state, 'signed_out', SIGNED_OUT_SECONDS)
  if (outcome.kind === 'later') {
    const seconds = outcome.afterSeconds ?? backOffSeconds(state.failures, randomShare())
    return { ...stopped(edge, state, 'away', seconds), failures: state.failures + 1 }
  }
  // This part of it will never be answered; the rest goes on without.
  const { memory } = state
  const { run } = memory
  const step: Step | null = run && nextStep(run.step, 1, run.kinds)
  return { ...state, memory: run && step ? { ...memory, run: { ...run, step } } : run ? ended(memory, run) : memory }
}
