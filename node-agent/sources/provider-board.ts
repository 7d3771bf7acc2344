/** The providers at work now, and their switches: set by the environment, or by the operator from the admin page. */
import type { SetProviderReply, SetProviderRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { ProviderReport } from '#protocol/provider-settings.ts'
import type { ProviderState, SetProvider } from '../state/provider-state.ts'
import { type EnabledProvider, type EnableRooms, enableProviders } from './enable-providers.ts'
import type { Health } from './health.ts'
import type { Provider } from './provider.ts'
import { formOf, problemsOf, type Texts, withEntered } from './set-options.ts'

type Switched = { provider: Provider; working: EnabledProvider | undefined; problem: string | undefined }

export type ProviderBoard = {
  /** Those that are on now. */
  enabled: () => readonly EnabledProvider[]
  report: () => ProviderReport[]
  /** Throws `not_found`, `forbidden` (it is set at home, or the lawful word is missing). What is wrong changes nothing. */
  set: (request: SetProviderRequest) => SetProviderReply
  /** From now on they do what they do by themselves, until `close`. */
  start: () => void
  close: () => void
}

/** Throws `invalid`, naming the setting, when the environment is wrong; what was entered from afar stops no agent. */
export function createProviderBoard(
  providers: readonly Provider[],
  environmentOf: (id: string) => Texts,
  state: ProviderState,
  rooms: EnableRooms,
): ProviderBoard {
  const fixedOf = (id: string): Texts => {
    const { enabled: _switch, lawful_use: _word, ...own } = environmentOf(id)
    return own
  }
  const switchOn = (provider: Provider): Switched => {
    const stored = provider.isSetAtHomeOnly ? undefined : state.find(provider.id)
    try {
      const settings = () => ({ ...(stored ? textsOf(stored) : {}), ...environmentOf(provider.id) })
      const [working] = enableProviders([provider], settings, rooms)
      return { provider, working, problem: undefined }
    } catch (error) {
      if (!stored || !(error instanceof AppError)) throw error
      rooms.log.warn('provider_not_switched_on', { provider: provider.id, code: error.code })
      return { provider, working: undefined, problem: error.message }
    }
  }
  const board = new Map(providers.map((provider) => [provider.id, switchOn(provider)]))
  const running = new Map<string, AbortController>()
  let isStarted = false

  const run = ({ provider: { id }, working }: Switched) => {
    running.get(id)?.abort()
    running.delete(id)
    if (!isStarted || !working?.run) return
    const life = new AbortController()
    running.set(id, life)
    void working.run(life.signal)
  }

  const reportOf = ({ provider, working, problem }: Switched): ProviderReport => {
    const { id, label, about, asksForLawfulUse, requestsPerSecond, timeoutSeconds, priority } = provider
    const entered = state.find(id)?.values ?? {}
    const [environment, fixed] = [environmentOf(id), fixedOf(id)]
    return {
      ...{ id, label, about, asksForLawfulUse, requestsPerSecond, timeoutSeconds, priority },
      isOn: working !== undefined,
      isSwitchFixed: provider.isSetAtHomeOnly === true || environment.enabled !== undefined,
      ...(problem === undefined ? {} : { problem: problem.slice(0, 1000) }),
      hosts: working ? hostsOf(provider, { ...entered, ...fixed }) : [],
      fields: formOf(provider, entered, fixed),
      ...(working ? { health: healthOf(working.health()) } : {}),
    }
  }

  return {
    enabled: () => [...board.values()].flatMap(({ working }) => working ?? []),
    report: () => [...board.values()].map(reportOf),
    set({ id, settings: { isOn, values }, isLawfulUseConfirmed }) {
      const before = board.get(id)
      if (!before) throw new AppError('not_found', 'This agent knows no such provider. Please load the page again.')
      const { provider } = before
      const environment = environmentOf(id)
      if (provider.isSetAtHomeOnly) throw setAtHome(provider)
      if (environment.enabled !== undefined && (environment.enabled === 'on') !== isOn) throw setAtHome(provider)
      const isLawful = isLawfulUseConfirmed || environment.lawful_use === 'confirmed'
      if (isOn && provider.asksForLawfulUse && !isLawful) throw needsLawfulWord(provider)
      const entered = withEntered(state.find(id)?.values ?? {}, values)
      const problems = problemsOf(provider, entered, fixedOf(id), isOn)
      if (problems.length > 0) return { provider: reportOf(before), problems: problems.slice(0, 30) }
      state.save(id, { isOn, isLawfulUseConfirmed: isLawful, values: entered })
      const after = switchOn(provider)
      board.set(id, after)
      run(after)
      rooms.log.info('provider_set', { provider: id, kind: after.working ? 'on' : 'off' })
      return { provider: reportOf(after), problems: [] }
    },
    start() {
      isStarted = true
      for (const one of board.values()) run(one)
    },
    close() {
      isStarted = false
      for (const life of running.values()) life.abort()
      running.clear()
    },
  }
}

const textsOf = ({ isOn, isLawfulUseConfirmed, values }: SetProvider): Record<string, string> => ({
  ...values,
  enabled: isOn ? 'on' : 'off',
  ...(isLawfulUseConfirmed ? { lawful_use: 'confirmed' } : {}),
})

function hostsOf(provider: Provider, settings: Texts): string[] {
  const options = provider.options.safeParse(settings)
  return options.success
    ? [...new Set(provider.origins(options.data).map((one) => new URL(one).host))].slice(0, 50)
    : []
}

function healthOf({ failures, benchedUntilMs, answeredAtMs, failedAtMs, reason }: Health): ProviderReport['health'] {
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)
  return {
    failures,
    ...(benchedUntilMs > 0 ? { benchedUntil: seconds(benchedUntilMs) } : {}),
    ...(answeredAtMs === undefined ? {} : { repliedAt: seconds(answeredAtMs) }),
    ...(failedAtMs === undefined ? {} : { failedAt: seconds(failedAtMs) }),
    ...(reason === undefined ? {} : { reason }),
  }
}

const setAtHome = ({ label }: Provider) =>
  new AppError('forbidden', `${label} is set on the box itself. Please change its settings there.`)

const needsLawfulWord = ({ label }: Provider) =>
  new AppError('forbidden', `${label} is switched on only by an operator who said that what is fetched may be fetched.`)
