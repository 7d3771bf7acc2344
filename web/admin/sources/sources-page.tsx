/** Where films come from: what each box asks, the films in its folders, and which releases the household wants. */
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { useSession } from '../../auth/current-session.ts'
import { errorWords, wordsFor } from '../../error-words.ts'
import { agentsQuery } from '../../queries.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { usePageTitle } from '../../ui/use-page-title.ts'
import { OwnFilmsPanel } from './own-films-panel.tsx'
import { ProvidersPanel } from './providers-panel.tsx'
import { RulesPanel } from './rules-panel.tsx'

export function SourcesPage() {
  usePageTitle('Where films come from')
  const session = useSession()
  const { data: agents, error, refetch, isFetching } = useQuery(agentsQuery)
  // The edge refuses as well; this only spares everybody else a page of errors.
  if (session.status !== 'signed-in' || session.person.role !== 'admin')
    return <ErrorView words={errorWords.forbidden} />
  if (error && !agents) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  const here = agents?.filter(({ online }) => online) ?? []
  return (
    <div className="mx-auto max-w-3xl pt-7 sm:pt-10">
      <h1 className="text-2xl font-semibold sm:text-3xl">Where films come from</h1>
      <p className="mt-1 max-w-prose text-quiet">
        Each box looks in these places when somebody wants a film. What a box is told here stays on that box.
      </p>
      <div className="mt-8 flex flex-col gap-8">
        {!agents && <Skeleton className="h-64" />}
        {agents && here.length === 0 && (
          <p className="rounded-[16px] border border-dashed border-line px-6 py-10 text-center text-quiet">
            No box is online. What it asks is shown here as soon as one is.
          </p>
        )}
        {here.map((agent) => (
          <Fragment key={agent.id}>
            <ProvidersPanel agent={agent} />
            <OwnFilmsPanel agent={agent} />
          </Fragment>
        ))}
        <RulesPanel />
      </div>
    </div>
  )
}
