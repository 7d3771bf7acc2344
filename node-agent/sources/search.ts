/** Looks for a title everywhere at once: once for all who ask, and on behind the back of whoever stops waiting. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SearchReply, SearchRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { Release, ReleaseDoubt } from '#protocol/release.ts'
import { FOUND_AT_ONCE, type FoundSource, type FoundSources, type TitleWish } from '#protocol/source-search.ts'
import type { Log } from '../log.ts'
import type { EnabledProvider } from './enable-providers.ts'
import { mergeFound } from './merge-found.ts'
import type { Found } from './provider.ts'
import { ProviderFailure } from './provider-failure.ts'
import { doubtsOfRelease } from './release/doubts-of-release.ts'
import { withLikelyHeight } from './release/estimate-quality.ts'
import { parseRelease } from './release/parse-release.ts'

/** However long its single requests take. */
const PROVIDER_SECONDS = 25
/** Different titles that are looked for at one time. */
const MOST_AT_ONCE = 20
/** Of one provider, for one title; the rest of a list is seldom what was meant. */
const MOST_FOUND = 200
/** What one message to the edge may weigh, in characters of JSON. */
const BATCH_CHARACTERS = 700_000

export type PostFound = (found: FoundSources, signal: AbortSignal) => Promise<void>

export type Search = {
  /**
   * Resolves when all providers have answered, or after `waitSeconds` with those that have; what the others find
   * later reaches the edge by itself. `isForTask`: no person waits, and providers are asked at their background pace. Everything told of has reached the edge by then. Throws `busy`.
   */
  search(request: SearchRequest, context: { signal: AbortSignal; isForTask?: boolean }): Promise<SearchReply>
  close(): void
}

type Told = SearchReply['providers'][number]
type Running = { providers: Map<string, Told>; done: Promise<void>; waiting: number }

export function createSearch(options: {
  /** As a function where they may change: those of the moment are asked. */
  providers: readonly EnabledProvider[] | (() => readonly EnabledProvider[])
  post: PostFound
  log: Log
  /** Epoch milliseconds. */
  now?: () => number
  providerSeconds?: number
}): Search {
  const { providers, post, log, now = Date.now, providerSeconds = PROVIDER_SECONDS } = options
  const stop = new AbortController()
  const running = new Map<string, Running>()
  const searching = () =>
    (typeof providers === 'function' ? providers() : providers).filter(({ search }) => search !== undefined)

  const begin = (wish: TitleWish, waiting: number): Running => {
    const merged = new Map<string, FoundSource & { priority: number }>()
    let posting = Promise.resolve()
    /** Takes in what one provider found; gives the sources that are new or better known now. */
    const take = (found: readonly Found[], { id, priority }: EnabledProvider): FoundSource[] =>
      found.slice(0, MOST_FOUND).map((one) => {
        const told = { ...one, ...readName(one, wish, now()), priority, provenance: [tellerOf(id, now())] }
        const before = merged.get(one.source.infoHash)
        const [better, other] = before && before.priority >= priority ? [before, told] : [told, before]
        const whole = { ...(other ? mergeFound(better, other) : better), priority: better.priority }
        merged.set(one.source.infoHash, whole)
        const { priority: _priority, ...source } = whole
        return source
      })
    const ask = async (provider: EnabledProvider): Promise<void> => {
      const { id, search } = provider
      const tell = (told: Omit<Told, 'id'>) => one.providers.set(id, { id, ...told })
      if (provider.isBenched() || !search) return void tell({ state: 'benched', count: 0 })
      tell({ state: 'asked', count: 0 })
      const begunAt = now()
      const tooLate = new AbortController()
      const timer = setTimeout(
        () => tooLate.abort(new ProviderFailure('timed_out', `${id} took longer than ${providerSeconds} s`)),
        providerSeconds * 1000,
      )
      try {
        const signal = AbortSignal.any([tooLate.signal, stop.signal])
        const found = await search(wish, { signal, isAwaited: () => one.waiting > 0 })
        const sources = take(found, provider)
        posting = posting.then(() => postAll(wish.titleId, sources))
        await posting
        tell({ state: 'answered', count: sources.length })
        log.info('sources_found', { provider: id, count: sources.length, milliseconds: Math.round(now() - begunAt) })
      } catch (error) {
        tell({ state: 'failed', count: 0 })
        if (stop.signal.aborted) return
        if (error instanceof ProviderFailure) log.warn('provider_failed', { provider: id, reason: error.message })
        else log.error('search_failed', error, { provider: id })
      } finally {
        clearTimeout(timer)
      }
    }
    const one: Running = { providers: new Map(), done: Promise.resolve(), waiting }
    running.set(wish.titleId, one)
    one.done = Promise.all(searching().map(ask)).then(() => {
      running.delete(wish.titleId)
    })
    return one
  }

  const postAll = async (titleId: string, sources: readonly FoundSource[]): Promise<void> => {
    for (const found of batches(sources)) {
      await post({ titleId, found }, stop.signal).catch((error: unknown) => {
        stop.signal.throwIfAborted()
        log.error('found_not_posted', error, { count: found.length })
      })
    }
  }

  return {
    async search({ wish, waitSeconds }, { signal, isForTask = false }) {
      signal.throwIfAborted()
      if (!running.has(wish.titleId) && running.size >= MOST_AT_ONCE) {
        throw new AppError('busy', 'The agent is looking for many titles already. Please try again in a moment.')
      }
      const before = running.get(wish.titleId)
      // Counted before the first provider is asked, which asks how often it may at once.
      const one = before ?? begin(wish, isForTask ? 0 : 1)
      if (before && !isForTask) before.waiting++
      const patience = new AbortController()
      const isOver = sleep(waitSeconds * 1000, undefined, { signal: AbortSignal.any([patience.signal, signal]) })
      try {
        const isComplete = await Promise.race([one.done.then(() => true), isOver.then(() => false)])
        return { providers: [...one.providers.values()], isComplete }
      } catch (error) {
        signal.throwIfAborted()
        throw error
      } finally {
        if (!isForTask) one.waiting--
        patience.abort()
        isOver.catch(() => {})
      }
    },
    close: () => stop.abort(new AppError('busy', 'The agent stops.')),
  }
}

const tellerOf = (provider: string, nowMs: number) => ({ provider, seenAt: Math.floor(nowMs / 1000) })

/**
 * What the name says, and what speaks against it being what was looked for. A file at home was matched by more than its
 * own name: by its folder, an id, or the operator's word.
 */
export function readName(
  {
    name,
    sizeBytes,
    isOnThisAgentOnly,
  }: Pick<Found, 'name' | 'isOnThisAgentOnly'> & { sizeBytes?: number | undefined },
  wish: TitleWish,
  nowMs: number,
): { release: Release; doubts: ReleaseDoubt[] } {
  const thisYear = new Date(nowMs).getUTCFullYear()
  const { year, runtimeMinutes } = wish
  const release = withLikelyHeight(parseRelease(name, thisYear), sizeBytes, runtimeMinutes)
  const offeredAs = { names: [wish.name, ...wish.otherNames], year, runtimeMinutes }
  const doubts = doubtsOfRelease(release, sizeBytes, offeredAs, undefined, thisYear)
  const isOfName = (doubt: ReleaseDoubt) => doubt === 'other_title' || doubt === 'other_year'
  return { release, doubts: isOnThisAgentOnly ? doubts.filter((doubt) => !isOfName(doubt)) : doubts }
}

/** In as many messages as it takes. */
function batches(sources: readonly FoundSource[]): FoundSource[][] {
  const all: FoundSource[][] = []
  let characters = 0
  for (const source of sources) {
    const weight = JSON.stringify(source).length
    const last = all.at(-1)
    if (last && last.length < FOUND_AT_ONCE && characters + weight <= BATCH_CHARACTERS) {
      last.push(source)
      characters += weight
    } else {
      all.push([source])
      characters = weight
    }
  }
  return all
}
