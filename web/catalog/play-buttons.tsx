/** Play, or Resume and Start over; and, while home is dark, what to do about that. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { homeQuery, preferencesQuery, progressQuery, titleChoiceQuery } from '../queries.ts'
import { isResumable } from '../resumable.ts'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Lamp } from '../ui/lamp.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { clock, since } from '../ui/time-format.ts'

export function PlayButtons({ titleId, hasSource }: { titleId: string; hasSource: boolean }) {
  const { data: home } = useQuery(homeQuery)
  const { data: progress, isPending } = useQuery(progressQuery(titleId))
  const getReady = useGetReady(titleId)
  if (isPending) return <Skeleton className="h-12 w-full sm:w-56" />
  const isDark = home?.lit === false
  const resumeAt = progress && isResumable(progress) ? progress.positionSeconds : undefined
  const look = isDark || !hasSource ? 'quiet' : 'primary'
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-3 max-md:justify-center">
        <Link
          to="/watch/$titleId"
          params={{ titleId }}
          search={{}}
          onPointerEnter={getReady}
          onFocus={getReady}
          className={buttonClass(look, 'min-h-12! max-sm:w-full px-8! text-lg')}
        >
          <Icon name="play" className="size-5" />
          {resumeAt === undefined ? 'Play' : `Resume from ${clock(resumeAt)}`}
        </Link>
        {resumeAt !== undefined && (
          <Link
            to="/watch/$titleId"
            params={{ titleId }}
            search={{ from: 'start' }}
            className={buttonClass('plain', 'min-h-12! max-sm:w-full')}
          >
            <Icon name="restart" className="size-5" />
            Start over
          </Link>
        )}
      </div>
      {isDark && <DarkHome lastSeenAt={home.lastSeenAt} />}
    </div>
  )
}

/** Asks what the player will ask first, and fetches the player, before the press: Play then goes straight home. */
function useGetReady(titleId: string): () => void {
  const client = useQueryClient()
  const router = useRouter()
  useEffect(() => {
    // What does not come now comes with the press.
    router.preloadRoute({ to: '/watch/$titleId', params: { titleId }, search: {} }).catch(() => undefined)
    void client.prefetchQuery(preferencesQuery)
    void client.prefetchQuery(titleChoiceQuery(titleId))
  }, [client, router, titleId])
  return () => void client.prefetchQuery({ ...progressQuery(titleId), staleTime: 5000 })
}

function DarkHome({ lastSeenAt }: { lastSeenAt: number | null }) {
  return (
    <div role="status" className="flex max-w-prose gap-3 rounded-card border border-line bg-raised p-4">
      <Lamp isLit={false} className="mt-0.5 size-6" />
      <div className="text-sm">
        <p className="font-semibold">
          Your home is not answering.
          {lastSeenAt !== null && ` It was last seen ${since(lastSeenAt, Date.now())}.`}
        </p>
        <p className="text-quiet">
          {lastSeenAt === null
            ? 'No box has called yet. Whoever runs this Porchlight can pair one.'
            : 'Check that the box has power and internet. The lamp lights up by itself when it is back.'}
        </p>
      </div>
    </div>
  )
}
