/** What a content provider is: one file in providers/, one line in sources.ts. */
import type * as z from 'zod'
import type { Offer } from '#protocol/source.ts'
import type { FoundSource, TitleWish } from '#protocol/source-search.ts'
import type { Log } from '../log.ts'
import type { LocalFilmState } from '../state/local-film-state.ts'
import type { GuardedFetch } from './guarded-fetch.ts'

/** A source as one provider tells it; whoever gathers them adds who told it. */
export type Found = Omit<FoundSource, 'provenance' | 'release' | 'doubts'>

/** For one search: `isAwaited` while a person waits for it, which lets it go first. */
export type Searching = { signal: AbortSignal; isAwaited: () => boolean }

/** A provider with its settings. What it throws is a `ProviderFailure`, or the signal's reason. */
export type Working = {
  /** Everything it offers to the catalog now. */
  offers?(signal: AbortSignal): Promise<Offer[]>
  /** What it has of this title; an empty list when it has nothing. */
  search?(wish: TitleWish, searching: Searching): Promise<Found[]>
  /** What it does by itself for as long as the agent runs. Never rejects. */
  run?(signal: AbortSignal): Promise<void>
}

export type ProviderRooms = {
  /** To the provider's own hosts: paced, bounded, and never into the home unless the operator entered the address. */
  fetch: GuardedFetch
  localFilms: LocalFilmState
  log: Log
  /** Epoch milliseconds. */
  now: () => number
}

export type Provider<Options extends z.ZodObject = z.ZodObject> = {
  /** Lower case; its settings come as `SOURCE_<ID>_…`. */
  id: string
  /** For people: what it is, and what it is good for in one sentence. */
  label: string
  about: string
  isOnByDefault: boolean
  /**
   * It ships without any host: the operator enters one, and confirms once that what is fetched through it may lawfully
   * be fetched (`SOURCE_<ID>_LAWFUL_USE=confirmed`).
   */
  asksForLawfulUse: boolean
  /** It reads this machine's own files: set by whoever sits there, never from afar. */
  isSetAtHomeOnly?: boolean
  /** Requests per second in the background, and while a person waits. */
  requestsPerSecond: { background: number; awaited: number }
  /** Of one request. */
  timeoutSeconds: number
  /** Of two that tell of the same source, the words of the higher one are kept. */
  priority: number
  /** Its settings, each over the text it is given as; `z.meta` (title, description, writeOnly) draws them as a form. */
  options: Options
  /** Where it asks: its own hosts, or the addresses that the operator entered. */
  origins(options: z.infer<Options>): string[]
  /** May throw `invalid` with a sentence for the operator that names the setting which is wrong. */
  work(options: z.infer<Options>, rooms: ProviderRooms): Working
}

/** Keeps the type of a provider's options while it is checked. */
export const provider = <Options extends z.ZodObject>(one: Provider<Options>): Provider<Options> => one
