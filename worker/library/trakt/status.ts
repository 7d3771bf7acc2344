/** What a person is told of their Trakt: connected or not, what the first import would do, how far the sync is. */
import { and, eq, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { identityPlace } from '../../auth/ways/identities.ts'
import { identities } from '../../auth/ways/schema.ts'
import type { Edge } from '../../edge.ts'
import { openField } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { runAll } from '../../run-all.ts'
import type { Watcher } from '../watcher.ts'
import { traktSite } from './ask-trakt.ts'
import { TraktSilent, traktClient } from './client.ts'
import { Counts } from './compare/counts.ts'
import { lookAtStep } from './look-at-step.ts'
import { syncName } from './outbox.ts'
import { FIRST_STEP, nextStep, Step } from './steps.ts'
import { readSync, SyncProblem } from './sync-state.ts'
import { readAccount, requireSite, revokeTokens, type TraktAccount } from './trakt-account.ts'

export const TraktStatus = z.object({
  /** The operator set Trakt up. */
  isConfigured: z.boolean(),
  /** The account there, as its owner knows it; null: none is connected, or it must be connected again. */
  account: z.string().nullable(),
  sync: z
    .object({
      /** The profile's id, or the person's: whose watching is kept there. */
      viewerId: z.string(),
      isImporting: z.boolean(),
      /** Epoch seconds of the last time both were made alike; null: not yet. */
      syncedAt: z.int().nullable(),
      /** What Trakt has yet to be told. */
      waiting: z.int(),
      problem: SyncProblem.nullable(),
    })
    .nullable(),
})
export type TraktStatus = z.infer<typeof TraktStatus>

export async function traktStatus(edge: Edge, personId: string): Promise<TraktStatus> {
  const isConfigured = traktSite(edge.env) !== undefined
  const account = await readAccount(edge, personId)
  const state = await readSync(edge, personId)
  const [queue] = await edge.db.all<{ waiting: number }>(
    sql`select count(*) as waiting from trakt_outbox where person_id = ${personId}`,
  )
  return {
    isConfigured,
    account: account ? await labelOf(edge, account) : null,
    sync: state
      ? {
          viewerId: state.memory.viewerId,
          isImporting: state.memory.lastSyncMs === null,
          syncedAt: state.syncedAt,
          waiting: queue?.waiting ?? 0,
          // Connected again since, which the next run finds out.
          problem: account && state.problem === 'signed_out' ? null : state.problem,
        }
      : null,
  }
}

async function labelOf(edge: Edge, { issuer, subject }: TraktAccount): Promise<string> {
  const [row] = await edge.db
    .select({ label: identities.label })
    .from(identities)
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)))
  if (!row || row.label === null) return ''
  return openField(readKeyring(edge.env.KEYRING), identityPlace({ issuer, subject }, 'label'), row.label)
}

export const PreviewPart = z.object({
  kind: Step.shape.kind,
  counts: Counts,
  /** What to ask next; null: that was all. */
  next: Step.nullable(),
})
export type PreviewPart = z.infer<typeof PreviewPart>

/** One part of the dry run: what an import would find and do. Nothing is written. Throws as `connected` and `sayWhy` do. */
export async function previewStep(edge: Edge, watcher: Watcher, step: Step = FIRST_STEP): Promise<PreviewPart> {
  const account = await connected(edge, watcher.personId)
  const on = { db: edge.db, watcher, nowMs: edge.nowMs, lastSyncMs: null }
  const looking = { edge, client: traktClient(edge, account), on, isWriting: false }
  const { counts, pageCount } = await lookAtStep(looking, step).catch(sayWhy)
  return { kind: step.kind, counts, next: nextStep(step, pageCount) }
}

/** Throws `not_configured`, or `relink_needed` when there is no account or it is signed out. */
export async function connected(edge: Edge, personId: string): Promise<TraktAccount> {
  requireSite(edge)
  const account = await readAccount(edge, personId)
  if (!account) throw relinkNeeded()
  return account
}

const relinkNeeded = () => new AppError('relink_needed', 'Connect your Trakt account first, then try again.')

/** Throws `relink_needed` or `upstream_away`. */
function sayWhy(error: unknown): never {
  if (!(error instanceof TraktSilent)) throw error
  if (error.outcome.kind === 'signed_out') throw relinkNeeded()
  throw new AppError('upstream_away', 'Trakt does not answer at the moment. Please try again in a few minutes.', {
    cause: error,
  })
}

/**
 * Ends the sync: its state, its queue and the lists that were Trakt's go, and so do its tokens, here and there. What was
 * watched stays, and so does the way in.
 */
export async function disconnect(edge: Edge, personId: string): Promise<void> {
  const account = await readAccount(edge, personId)
  await runAll(edge, [
    sql`delete from sync_states where name = ${syncName(personId)}`,
    sql`delete from trakt_outbox where person_id = ${personId}`,
    sql`delete from media_lists where person_id = ${personId} and kind = 'trakt'`,
    sql`update identities set token = null where user_id = ${personId} and provider = 'trakt'`,
  ])
  if (account) edge.later(revokeTokens(edge, account))
}
