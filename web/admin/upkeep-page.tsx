/** How the edge itself is doing, for whoever looks after it: what it remembered, and what it had to find out anew. */
import { useQuery } from '@tanstack/react-query'
import type { CacheState } from '../api.ts'
import { wordsFor } from '../error-words.ts'
import { cacheQuery } from '../queries.ts'
import { ErrorView } from '../ui/error-view.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { since } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { RelayPanel } from './relay-panel.tsx'
import { AgentTasksPanels, TasksPanel } from './tasks-panel.tsx'

export function UpkeepPage() {
  usePageTitle('Upkeep')
  const { data: cache, error, refetch, isFetching } = useQuery(cacheQuery)
  if (error && !cache) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  return (
    <div className="mx-auto max-w-3xl pt-7 sm:pt-10">
      <h1 className="text-2xl font-semibold sm:text-3xl">Upkeep</h1>
      <div className="mt-8">
        <TasksPanel />
      </div>
      <div className="mt-8 flex flex-col gap-8 empty:hidden">
        <AgentTasksPanels />
      </div>
      <RelayPanel />
      <section aria-labelledby="remembered" className="mt-8">
        <h2 id="remembered" className="text-xl font-semibold">
          Remembered answers
        </h2>
        <p className="mt-1 max-w-prose text-quiet">
          What other services said is kept for a while, so that nobody waits for it twice. The nearest place is asked
          first.
        </p>
        {cache ? <Layers cache={cache} /> : <Skeleton className="mt-5 h-40" />}
      </section>
    </div>
  )
}

const names: Record<CacheState['layers'][number]['name'], string> = {
  memory: 'Memory',
  edge: 'This place of the edge',
  kv: 'Key-value store',
  d1: 'Database',
}

function Layers({ cache: { layers, sinceMs } }: { cache: CacheState }) {
  return (
    <>
      <div className="mt-5 overflow-x-auto rounded-[16px] border border-line bg-raised">
        <table className="w-full text-start tabular-nums">
          <thead className="border-b border-line text-sm text-quiet">
            <tr>
              <th scope="col" className="px-4 py-3 text-start font-medium">
                Where
              </th>
              <th scope="col" className="px-4 py-3 text-end font-medium">
                Had it
              </th>
              <th scope="col" className="px-4 py-3 text-end font-medium">
                Did not
              </th>
              <th scope="col" className="px-4 py-3 text-end font-medium">
                Share
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {layers.map(({ name, hits, misses }) => (
              <tr key={name}>
                <th scope="row" className="px-4 py-3 text-start font-semibold">
                  {names[name]}
                </th>
                <td className="px-4 py-3 text-end">{hits}</td>
                <td className="px-4 py-3 text-end">{misses}</td>
                <td className="px-4 py-3 text-end whitespace-nowrap">
                  {hits + misses === 0 ? '–' : `${Math.round((100 * hits) / (hits + misses))} %`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-3 text-sm text-quiet">
        {sinceMs === null
          ? 'Nothing has been asked yet.'
          : `The first question came ${since(Math.floor(sinceMs / 1000), Date.now())}. Counted by the part of the edge that answered; there may be several.`}
      </p>
    </>
  )
}
