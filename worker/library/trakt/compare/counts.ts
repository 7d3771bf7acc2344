/** What comparing one page of a person's things finds: the figures of the dry run, and how they are made true. */
import type { SQL } from 'drizzle-orm'
import * as z from 'zod'
import type { Db } from '../../../db.ts'
import type { Watcher } from '../../watcher.ts'
import type { Matched } from '../match-titles.ts'
import type { TraktMedia } from '../shapes.ts'

export const Counts = z.object({
  /** As Trakt has it already. */
  same: z.int(),
  /** New here. */
  added: z.int(),
  /** Replaced here by something newer there. */
  changed: z.int(),
  /** Taken away here, as it was there. */
  removed: z.int(),
  /** Trakt will be told of it. */
  sent: z.int(),
  /** Of `added`: titles that this catalog did not know. */
  unknown: z.int(),
})
export type Counts = z.infer<typeof Counts>
export const NO_COUNTS: Counts = { same: 0, added: 0, changed: 0, removed: 0, sent: 0, unknown: 0 }

/** `statements` make it so (run-all.ts). */
export type Found = { counts: Counts; statements: SQL[] }

/** Whose things are compared, and when they were last made alike (null: never). */
export type Comparing = { db: Db; watcher: Watcher; nowMs: number; lastSyncMs: number | null }

/** A stand-in id for a title without one, which then is new wherever it is compared; nothing of it is written. */
export const idOr = ({ titleId }: Matched<unknown>, at: number): string => titleId ?? `?${at}`
export const isKnown = (titleId: string): boolean => !titleId.startsWith('?')

export const countUnknown = (matched: readonly Matched<{ media: TraktMedia }>[]): number =>
  new Set(matched.filter(({ titleId }) => titleId === undefined).map(({ item }) => JSON.stringify(item.media.ids))).size
