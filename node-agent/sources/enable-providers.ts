/** From settings to working providers: each with its own door to the world, and its health. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Offers } from '#protocol/source.ts'
import type { TitleWish } from '#protocol/source-search.ts'
import type { Log } from '../log.ts'
import type { LocalFilmState } from '../state/local-film-state.ts'
import { createGuardedFetch, type GuardedFetch, type WayOut } from './guarded-fetch.ts'
import { afterOutcome, type Health, healthy, isBenched } from './health.ts'
import { createPace } from './pace.ts'
import type { Found, Provider, Searching, Working } from './provider.ts'
import { ProviderFailure } from './provider-failure.ts'

export type EnabledProvider = {
  id: string
  label: string
  priority: number
  health(): Health
  isBenched(): boolean
  /** Everything it offers now; undefined when it is of another kind. */
  offers: ((signal: AbortSignal) => Promise<Offers>) | undefined
  /** Undefined when it is of another kind. What it throws has been counted against its health. */
  search: ((wish: TitleWish, searching: Searching) => Promise<Found[]>) | undefined
  /** What it does by itself until the signal aborts. */
  run: ((signal: AbortSignal) => Promise<void>) | undefined
}

export type EnableRooms = {
  userAgent: string
  localFilms: LocalFilmState
  log: Log
  wayOut?: WayOut
  now?: () => number
  random?: () => number
  /** In the place of the real one, for tests. */
  fetchOf?: (provider: Provider, entered: readonly string[]) => GuardedFetch
}

const Common = z.object({ enabled: z.enum(['on', 'off']).optional(), lawful_use: z.literal('confirmed').optional() })

/**
 * Settings come as `{ name: text }`. A provider is on when its settings say so, when it has settings at all, or by default.
 * Throws `invalid`, naming the setting, when they are wrong.
 */
export function enableProviders(
  providers: readonly Provider[],
  settingsOf: (id: string) => Readonly<Record<string, string>>,
  rooms: EnableRooms,
): EnabledProvider[] {
  return providers.flatMap((provider) => {
    const { enabled, lawful_use, ...own } = settingsOf(provider.id)
    const common = Common.safeParse({ enabled, lawful_use })
    if (!common.success) throw wrongSetting(provider, common.error)
    const isOn = enabled === undefined ? provider.isOnByDefault || Object.keys(own).length > 0 : enabled === 'on'
    if (!isOn) return []
    if (provider.asksForLawfulUse && lawful_use !== 'confirmed') throw needsLawfulUse(provider)
    return [enable(provider, own, rooms)]
  })
}

function enable(provider: Provider, settings: Record<string, string>, rooms: EnableRooms): EnabledProvider {
  const { id, label, priority } = provider
  const options = provider.options.safeParse(settings)
  if (!options.success) throw wrongSetting(provider, options.error)
  const origins = provider.origins(options.data).map((address) => new URL(address).origin)
  const own = provider.options.safeParse({})
  const shipped = own.success ? provider.origins(own.data).map((address) => new URL(address).origin) : []
  const entered = origins.filter((origin) => !shipped.includes(origin))
  const now = rooms.now ?? Date.now
  const working = provider.work(options.data, {
    ...{ fetch: fetchOf(provider, entered, rooms), now, localFilms: rooms.localFilms, log: rooms.log },
  })
  return { id, label, priority, ...withHealth(id, working, now, rooms) }
}

function fetchOf(provider: Provider, entered: readonly string[], rooms: EnableRooms): GuardedFetch {
  const { userAgent, wayOut } = rooms
  return (
    rooms.fetchOf?.(provider, entered) ??
    createGuardedFetch({
      ...{ entered, userAgent, timeoutSeconds: provider.timeoutSeconds, pace: createPace(provider.requestsPerSecond) },
      ...(wayOut ? { wayOut } : {}),
    })
  )
}

function withHealth(id: string, { offers, search, run }: Working, now: () => number, rooms: EnableRooms) {
  const { random = Math.random, wayOut } = rooms
  let health = healthy
  return {
    health: () => health,
    isBenched: () => isBenched(health, now()),
    run,
    offers: offers && (async (signal: AbortSignal) => ({ provider: id, offers: await offers(signal) })),
    search:
      search &&
      (async (wish: TitleWish, searching: Searching) => {
        try {
          const found = await search(wish, searching)
          health = { ...healthy, answeredAtMs: now() }
          return found
        } catch (error) {
          const { signal } = searching
          // Whoever searched has left, or nothing may leave: that says nothing of the provider. That it took too long does.
          const isAsked = wayOut?.isOpen !== false
          if (isAsked && (!signal.aborted || signal.reason instanceof ProviderFailure)) {
            const retryAfterSeconds = error instanceof ProviderFailure ? error.retryAfterSeconds : undefined
            const reason = error instanceof ProviderFailure ? error.reason : 'unknown'
            const after = afterOutcome(health, { ok: false, retryAfterSeconds }, now(), random())
            health = { ...health, ...after, failedAtMs: now(), reason }
          }
          throw error
        }
      }),
  }
}

const nameOf = (id: string, setting: string) => `SOURCE_${id}_${setting}`.toUpperCase().replaceAll('-', '_')

function wrongSetting({ id }: Provider, error: z.ZodError): AppError {
  const lines = error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${nameOf(id, issue.keys[0] ?? '')} is not a setting.`
    const problem = issue.code === 'invalid_type' ? 'is missing' : issue.message
    return `${nameOf(id, String(issue.path[0]))} ${problem}.`
  })
  return new AppError('invalid', [...new Set(lines)].join('\n'))
}

const needsLawfulUse = ({ id, label }: Provider) =>
  new AppError(
    'invalid',
    `${label} shows whatever the address that you entered shows. Use it only for what you may lawfully fetch where you ` +
      `live; say so once with ${nameOf(id, 'lawful_use')}=confirmed.`,
  )
