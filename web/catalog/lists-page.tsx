/** All lists there are for this viewer: their own first, and a place to make another. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { ListCard } from '../api.ts'
import { makeList } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { listsQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../ui/panel.tsx'
import { TextField } from '../ui/text-field.tsx'
import { plural } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { listsChanged } from './lists-changed.ts'

export function ListsPage() {
  usePageTitle('Lists')
  const { data, error, refetch, isFetching } = useQuery(listsQuery())
  const own = data?.filter(({ isOwn }) => isOwn) ?? []
  const others = data?.filter(({ isOwn }) => !isOwn) ?? []
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-5">
      <h1 className="pt-7 text-2xl font-semibold sm:pt-10 sm:text-3xl">Lists</h1>
      <Panel title="Your lists" lead="Put a film in from its own page.">
        {!data && !error && <LoadingRows label="Loading your lists" />}
        {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
        {own.length > 0 && <Lists lists={own} label="Your lists" />}
        <NewList />
      </Panel>
      {others.length > 0 && (
        <Panel title="For everybody" lead="What the household shares, and what others watch.">
          <Lists lists={others} label="Lists for everybody" />
        </Panel>
      )}
    </div>
  )
}

function Lists({ lists, label }: { lists: ListCard[]; label: string }) {
  return (
    <RowList label={label}>
      {lists.map(({ id, name, titleCount, isShared, isOwn }) => (
        <Row key={id} title={name} note={plural(titleCount, 'title')}>
          {isShared && isOwn && <Tag tone="leaf">Shared</Tag>}
          <Link to="/list/$listId" params={{ listId: id }} aria-label={`Open ${name}`} className={buttonClass('quiet')}>
            Open
          </Link>
        </Row>
      ))}
    </RowList>
  )
}

function NewList() {
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => makeList(name.trim()),
    onSuccess: () => {
      setName('')
      return listsChanged(queryClient)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 border-t border-line pt-4">
      <div className="min-w-52 flex-1">
        <TextField label="A new list" maxLength={80} required value={name} onValue={setName} />
      </div>
      <Button type="submit" look="quiet" isBusy={make.isPending} disabled={name.trim() === ''}>
        Make it
      </Button>
      {make.error && <ErrorNote words={wordsFor(make.error)} />}
    </form>
  )
}
