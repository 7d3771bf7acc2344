/** A list as a page: its titles in their order, and, for its owner, what can be done with it. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { TitleCard as Card } from '../api.ts'
import { changeList, placeInList, removeList, takeOutOfList } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { listQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote, ErrorView } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { AskFirst, Row, RowList } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { listsChanged } from './lists-changed.ts'
import { TitleGrid, TitleGridSkeleton } from './title-grid.tsx'
import { titleLine } from './title-line.ts'

export function ListPage({ listId }: { listId: string }) {
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    listQuery(listId),
  )
  const [isEditing, setIsEditing] = useState(false)
  const list = data?.pages[0]?.list
  usePageTitle(list?.name)
  if (error && !data) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  if (!data || !list) return <ListSkeleton />
  const titles = data.pages.flatMap((page) => page.titles)
  const isMine = list.isOwn && list.kind !== 'trakt'
  return (
    <>
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-4 pb-6 sm:pt-8">
        <div>
          <Link to="/" className="mb-2 inline-flex min-h-11 items-center gap-1 pe-3 text-quiet hover:text-ink">
            <Icon name="back" className="size-5" />
            Your films
          </Link>
          <h1 className="text-2xl font-semibold sm:text-3xl">{list.name}</h1>
          {list.description !== '' && <p className="mt-2 max-w-prose text-quiet">{list.description}</p>}
        </div>
        {isMine && titles.length > 0 && (
          <Button look="quiet" aria-pressed={isEditing} onClick={() => setIsEditing(!isEditing)}>
            {isEditing ? 'Done' : 'Change the order'}
          </Button>
        )}
      </header>
      {titles.length === 0 && <EmptyList isMine={isMine} />}
      {isEditing ? <Order listId={listId} titles={titles} /> : <TitleGrid titles={titles} />}
      {hasNextPage && (
        <div className="pt-10 text-center">
          <Button look="quiet" isBusy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
      {isMine && list.kind === 'personal' && <Keeping listId={listId} isShared={list.isShared} />}
    </>
  )
}

function EmptyList({ isMine }: { isMine: boolean }) {
  return (
    <p className="rounded-[16px] border border-dashed border-line px-6 py-14 text-center text-quiet">
      {isMine ? 'Nothing here yet. Put a film in from its own page.' : 'Nothing here for you yet.'}
    </p>
  )
}

/** One title a row, with buttons that also a keyboard and a television reach. */
function Order({ listId, titles }: { listId: string; titles: Card[] }) {
  const queryClient = useQueryClient()
  const again = () => listsChanged(queryClient)
  const move = useMutation({
    mutationFn: ({ titleId, after }: { titleId: string; after: string | null }) => placeInList(listId, titleId, after),
    onSettled: again,
  })
  const take = useMutation({ mutationFn: (titleId: string) => takeOutOfList(listId, titleId), onSettled: again })
  const isBusy = move.isPending || take.isPending
  const error = move.error ?? take.error
  return (
    <div className="mx-auto max-w-3xl">
      {error && <ErrorNote words={wordsFor(error)} />}
      <RowList label="Titles in their order">
        {titles.map((title, at) => (
          <Row key={title.id} title={title.name} note={titleLine(title)}>
            <Button
              look="plain"
              aria-label={`Move ${title.name} up`}
              disabled={isBusy || at === 0}
              onClick={() => move.mutate({ titleId: title.id, after: titles[at - 2]?.id ?? null })}
            >
              <Icon name="next" className="size-5 -rotate-90" />
            </Button>
            <Button
              look="plain"
              aria-label={`Move ${title.name} down`}
              disabled={isBusy || at === titles.length - 1}
              onClick={() => move.mutate({ titleId: title.id, after: titles[at + 1]?.id ?? null })}
            >
              <Icon name="next" className="size-5 rotate-90" />
            </Button>
            <Button
              look="plain"
              aria-label={`Take ${title.name} out`}
              disabled={isBusy}
              onClick={() => take.mutate(title.id)}
            >
              <Icon name="close" className="size-5" />
            </Button>
          </Row>
        ))}
      </RowList>
    </div>
  )
}

function Keeping({ listId, isShared }: { listId: string; isShared: boolean }) {
  const queryClient = useQueryClient()
  const router = useRouter()
  const [isAsking, setIsAsking] = useState(false)
  const share = useMutation({
    mutationFn: () => changeList(listId, { isShared: !isShared }),
    onSettled: () => listsChanged(queryClient),
  })
  const remove = useMutation({
    mutationFn: () => removeList(listId),
    onSuccess: async () => {
      await router.navigate({ to: '/' })
      queryClient.removeQueries({ queryKey: ['list', listId] })
      await listsChanged(queryClient)
    },
  })
  return (
    <div className="mt-12 flex flex-wrap items-center gap-3 border-t border-line pt-6">
      <Button look="quiet" isBusy={share.isPending} onClick={() => share.mutate()}>
        {isShared ? 'Keep it to myself' : 'Share with the household'}
      </Button>
      <Button look="quiet" className="text-ember!" onClick={() => setIsAsking(true)}>
        Remove this list
      </Button>
      {share.error && <ErrorNote words={wordsFor(share.error)} />}
      {isAsking && (
        <AskFirst
          title="Remove this list?"
          text="The films stay; only the list goes."
          yes="Remove it"
          isBusy={remove.isPending}
          words={remove.error ? wordsFor(remove.error) : undefined}
          onYes={() => remove.mutate()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  )
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading the list" className="pt-19">
      <Skeleton className="mb-8 h-9 w-56" />
      <TitleGridSkeleton />
    </div>
  )
}
