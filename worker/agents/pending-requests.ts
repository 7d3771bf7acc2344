/** Pure bookkeeping of what was asked of an agent: ids, deadlines, and exactly one reply to each. */
import { AppError } from '#protocol/errors.ts'
import type { OpenStage } from '#protocol/stream-status.ts'

export type Settled<Value> = { ok: true; value: Value } | { ok: false; error: AppError }

/** Whoever asked: told of stages, then exactly once how it ended. */
export type Asker<Value> = {
  settle: (settled: Settled<Value>) => void
  stage: (stage: OpenStage, peers: number) => void
}

export type PendingRequests<Value> = {
  add: (id: string, deadlineMs: number, asker: Asker<Value>) => void
  /** False when nobody waits for it (any more): a late, doubled or invented reply. */
  settle: (id: string, settled: Settled<Value>) => boolean
  stage: (id: string, stage: OpenStage, peers: number) => void
  /** Settles with `timed_out` whatever is due; gives the ids, so that the agent can be told to stop. */
  expire: (nowMs: number) => string[]
  /** One refusal for everything: the socket is gone. */
  settleAll: (error: AppError) => void
}

export function pendingRequests<Value>(): PendingRequests<Value> {
  const entries = new Map<string, Asker<Value> & { deadlineMs: number }>()

  const settle = (id: string, settled: Settled<Value>): boolean => {
    const entry = entries.get(id)
    if (!entry) return false
    // Deleted before it is told: whatever it does in turn cannot settle it again.
    entries.delete(id)
    entry.settle(settled)
    return true
  }

  return {
    add(id, deadlineMs, asker) {
      if (entries.has(id)) throw new TypeError('a request id is used once')
      entries.set(id, { ...asker, deadlineMs })
    },
    settle,
    stage: (id, stage, peers) => entries.get(id)?.stage(stage, peers),
    expire(nowMs) {
      const due = [...entries].filter(([, entry]) => entry.deadlineMs <= nowMs).map(([id]) => id)
      for (const id of due) settle(id, { ok: false, error: tooLate() })
      return due
    },
    settleAll(error) {
      for (const id of [...entries.keys()]) settle(id, { ok: false, error })
    },
  }
}

const tooLate = () => new AppError('timed_out', 'The agent at home did not answer in time. Please try again.')
