/** What background work runs now: one pure decision, for the edge's table and for each agent's. */

export type TaskPlan = {
  name: string
  everySeconds: number
  /** Part of the interval by which two runs are drawn apart, so that tasks do not gather at one minute. */
  jitter: number
  /** 0 first. One step weighs as much as being late by a whole interval, so the last one has its turn too. */
  priority: number
  /** A run that has not ended by then is lost, and another may begin. */
  leaseSeconds: number
  /** What a run takes of each budget, e.g. questions to other services. */
  cost: Readonly<Record<string, number>>
  /** Waits while somebody waits for a film, for at most twice its interval. */
  yieldsToPeople: boolean
}

/** Epoch seconds. A task that never ran has no state, and is due. */
export type TaskState = {
  nextAt: number
  /** Somebody asked for it now: pause and interval do not count. */
  wantedAt: number | null
  isPaused: boolean
  leaseUntil: number | null
  failures: number
}

export type TaskCircumstances = {
  now: number
  /** Whoever wakes seldom counts what is due within this time as due. */
  slackSeconds: number
  /** Of each kind, what all that runs now may take together. A cost without a budget is free. */
  budgets: Readonly<Record<string, number>>
  /** What is taken of them already, by what runs on. */
  spent?: Readonly<Record<string, number>>
  mostAtOnce: number
  arePeopleWaiting: boolean
}

const unknown: TaskState = { nextAt: 0, wantedAt: null, isPaused: false, leaseUntil: null, failures: 0 }

/** How long people may hold off what yields to them, in intervals. */
const MOST_YIELDED_INTERVALS = 2

/** The tasks to run now, in order. Whatever is left out for want of budget is later, and so comes first the next time. */
export function dueTasks<P extends TaskPlan>(
  plans: readonly P[],
  states: ReadonlyMap<string, TaskState>,
  circumstances: TaskCircumstances,
): P[] {
  const due = plans
    .map((plan) => ({ plan, state: states.get(plan.name) ?? unknown }))
    .filter(({ plan, state }) => isDue(plan, state, circumstances))
    .sort(
      (a, b) => urgency(b, circumstances.now) - urgency(a, circumstances.now) || (a.plan.name < b.plan.name ? -1 : 1),
    )
  const spent: Record<string, number> = { ...circumstances.spent }
  const chosen: P[] = []
  for (const { plan } of due) {
    if (chosen.length >= circumstances.mostAtOnce) break
    if (!fits(plan, spent, circumstances.budgets)) continue
    for (const [kind, amount] of Object.entries(plan.cost)) spent[kind] = (spent[kind] ?? 0) + amount
    chosen.push(plan)
  }
  return chosen
}

function isDue(plan: TaskPlan, state: TaskState, circumstances: TaskCircumstances): boolean {
  const { now, slackSeconds, arePeopleWaiting } = circumstances
  if (state.leaseUntil !== null && state.leaseUntil > now) return false
  if (state.wantedAt !== null) return true
  if (state.isPaused || state.nextAt > now + slackSeconds) return false
  const late = now - state.nextAt
  return !(plan.yieldsToPeople && arePeopleWaiting && late < plan.everySeconds * MOST_YIELDED_INTERVALS)
}

function urgency({ plan, state }: { plan: TaskPlan; state: TaskState }, now: number): number {
  if (state.wantedAt !== null) return Number.POSITIVE_INFINITY
  return (now - state.nextAt) / plan.everySeconds - plan.priority
}

/** One that alone takes more than there is runs when nothing else of its kind does: better once too much than never. */
const fits = ({ cost }: TaskPlan, spent: Readonly<Record<string, number>>, budgets: Readonly<Record<string, number>>) =>
  Object.entries(cost).every(([kind, amount]) => {
    const before = spent[kind] ?? 0
    return before === 0 || before + amount <= (budgets[kind] ?? Number.POSITIVE_INFINITY)
  })

/** After a first failure, or its own interval where that is shorter; twice that after each more. */
const RETRY_SECONDS = 300
const MOST_RETRY_SECONDS = 6 * 3600

/**
 * When a task is next due, after a run that began at `startedAt`; `failures` in a row up to now, 0 when it went well.
 * `drawn` is a random number from 0 to 1.
 */
export function nextRunAt(plan: TaskPlan, startedAt: number, failures: number, drawn: number): number {
  const most = Math.max(plan.everySeconds, MOST_RETRY_SECONDS)
  const base = Math.min(plan.everySeconds, RETRY_SECONDS)
  const wait = failures === 0 ? plan.everySeconds : Math.min(most, base * 2 ** Math.min(20, failures - 1))
  return Math.round(startedAt + wait * (1 + plan.jitter * (2 * drawn - 1)))
}
