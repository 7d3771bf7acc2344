/** On a title's page: I have watched this, or I have not; of a show and a season, all of its episodes. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { wordsFor } from '../error-words.ts'
import { markWatched, watchedQuery } from '../library-api.ts'
import { frontPageQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'

export function WatchedButton({ titleId }: { titleId: string }) {
  const queryClient = useQueryClient()
  const { data: part } = useQuery(watchedQuery(titleId))
  const isWatched = part !== undefined && part.of > 0 && part.watched === part.of
  const mark = useMutation({
    mutationFn: () => markWatched({ titleId, isWatched: !isWatched }),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['history'] }),
        queryClient.invalidateQueries({ queryKey: ['progress'] }),
        queryClient.invalidateQueries({ queryKey: frontPageQuery.queryKey }),
      ]),
  })
  if (!part || part.of === 0) return null
  const isPartly = part.of > 1 && part.watched > 0 && !isWatched
  return (
    <div className="flex flex-wrap items-center gap-3 max-md:justify-center">
      <Button look="quiet" aria-pressed={isWatched} isBusy={mark.isPending} onClick={() => mark.mutate()}>
        {isWatched && <Icon name="check" className="size-5" />}
        {isWatched ? 'Watched' : 'Mark as watched'}
      </Button>
      {isPartly && (
        <p className="text-sm text-quiet">
          {part.watched} of {part.of} watched
        </p>
      )}
      {mark.error && <ErrorNote words={wordsFor(mark.error)} />}
    </div>
  )
}
