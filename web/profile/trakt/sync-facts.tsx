/** How far the sync with Trakt is, in lines a person reads at a glance. */
import type { TraktStatus } from '../../library-api.ts'
import { Ring } from '../../ui/button.tsx'
import { plural, when } from '../../ui/time-format.ts'

type Sync = NonNullable<TraktStatus['sync']>

const problems: Record<NonNullable<Sync['problem']>, string> = {
  away: 'Trakt does not answer at the moment. It is asked again by itself, and nothing is lost.',
  signed_out: 'Trakt no longer lets us in. Disconnect, then connect it again.',
  today: 'That was a lot for one day. It goes on tomorrow by itself.',
}

export function SyncFacts({ sync, forWhom }: { sync: Sync; forWhom: string }) {
  const { isImporting, syncedAt, waiting, problem } = sync
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        <dt className="text-quiet">For</dt>
        <dd>{forWhom}</dd>
        <dt className="text-quiet">Alike since</dt>
        <dd>{syncedAt === null ? 'not yet' : when(syncedAt, Date.now())}</dd>
        <dt className="text-quiet">Still to tell Trakt</dt>
        <dd>{waiting === 0 ? 'nothing' : plural(waiting, 'thing')}</dd>
      </dl>
      {isImporting && problem === null && (
        <p role="status" className="flex items-center gap-2 text-sm text-quiet">
          <Ring className="size-4" /> Everything is being brought here. You can leave this page.
        </p>
      )}
      {problem !== null && (
        <p role="status" className="rounded-card border border-ember/50 bg-ember/10 px-4 py-3 text-sm">
          {problems[problem]}
        </p>
      )}
    </>
  )
}
