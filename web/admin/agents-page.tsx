/** The boxes at home: which ones there are, whether each answers, how to pair one and how to forget one. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsFor } from '../error-words.ts'
import { agentsQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorView } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { Lamp } from '../ui/lamp.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { AgentCard } from './agent-card.tsx'
import { PairDialog } from './pair-dialog.tsx'

/** `code` comes from the QR code of a waiting box and opens the dialog at once. */
export function AgentsPage({ code }: { code: string | undefined }) {
  usePageTitle('Boxes at home')
  const { data: agents, error, refetch, isFetching } = useQuery(agentsQuery)
  const [isPairing, setIsPairing] = useState(code !== undefined)
  if (error && !agents) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  return (
    <div className="mx-auto max-w-3xl">
      <div className="flex flex-wrap items-end justify-between gap-4 pt-7 pb-6 sm:pt-10">
        <div>
          <h1 className="text-2xl font-semibold sm:text-3xl">Boxes at home</h1>
          <p className="mt-1 max-w-prose text-quiet">Each box keeps films and sends them to your screens.</p>
        </div>
        <Button onClick={() => setIsPairing(true)} className="max-sm:w-full">
          <Icon name="plus" className="size-5" />
          Pair a box
        </Button>
      </div>
      {!agents && (
        <div role="status" aria-label="Loading the boxes" className="flex flex-col gap-4">
          <Skeleton className="h-48" />
          <Skeleton className="h-48" />
        </div>
      )}
      {agents?.length === 0 && <NoBoxes />}
      <ul className="flex flex-col gap-4">
        {agents?.map((agent) => (
          <li key={agent.id}>
            <AgentCard agent={agent} />
          </li>
        ))}
      </ul>
      {isPairing && <PairDialog code={code} onClose={() => setIsPairing(false)} />}
    </div>
  )
}

function NoBoxes() {
  return (
    <div className="flex flex-col items-center gap-3 rounded-[16px] border border-dashed border-line px-6 py-14 text-center">
      <Lamp isLit={false} className="size-12" />
      <p className="font-semibold">No box is paired yet.</p>
      <p className="max-w-sm text-quiet">
        Start the agent on a computer that stays on. It shows a code. Press “Pair a box” and type it.
      </p>
    </div>
  )
}
