/** On a title's page: into the watchlist with one press, into any other list with two. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ListCard } from '../api.ts'
import { makeList, placeInList, takeOutOfList } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { listsQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { listsChanged } from './lists-changed.ts'

export function ListButtons({ titleId }: { titleId: string }) {
  const { data: lists } = useQuery(listsQuery(titleId))
  const toggle = useToggle(titleId)
  const [isOpen, setIsOpen] = useState(false)
  const isIn = lists?.some(({ kind, isOwn, has }) => kind === 'watchlist' && isOwn && has) ?? false
  return (
    <div className="flex flex-wrap items-center gap-3 max-md:justify-center">
      <Button
        look="quiet"
        aria-pressed={isIn}
        disabled={!lists}
        isBusy={toggle.isPending && toggle.variables.id === 'watchlist'}
        onClick={() => toggle.mutate({ id: 'watchlist', isIn })}
      >
        <Icon name={isIn ? 'check' : 'plus'} className="size-5" />
        {isIn ? 'On the watchlist' : 'Watchlist'}
      </Button>
      <Button look="plain" onClick={() => setIsOpen(true)}>
        Lists
      </Button>
      {toggle.error && !isOpen && <ErrorNote words={wordsFor(toggle.error)} />}
      {isOpen && (
        <Dialog title="In which list?" onClose={() => setIsOpen(false)}>
          <ListChoice titleId={titleId} lists={lists?.filter(isMine) ?? []} />
        </Dialog>
      )}
    </div>
  )
}

const isMine = ({ kind, isOwn }: ListCard) => kind === 'personal' && isOwn

function useToggle(titleId: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: ({ id, isIn }: { id: string; isIn: boolean }) =>
      isIn ? takeOutOfList(id, titleId) : placeInList(id, titleId),
    onSettled: () => listsChanged(queryClient),
  })
}

function ListChoice({ titleId, lists }: { titleId: string; lists: ListCard[] }) {
  const queryClient = useQueryClient()
  const toggle = useToggle(titleId)
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: async () => placeInList((await makeList(name.trim())).id, titleId),
    onSuccess: () => {
      setName('')
      return listsChanged(queryClient)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  const error = toggle.error ?? make.error
  return (
    <div className="flex flex-col gap-4">
      {lists.length > 0 && (
        <ul className="flex flex-col">
          {lists.map(({ id, name: listName, has }) => (
            <li key={id}>
              <label className="flex min-h-12 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-ink/8">
                <input
                  type="checkbox"
                  className="size-5 accent-lamp"
                  checked={has === true}
                  disabled={toggle.isPending}
                  onChange={() => toggle.mutate({ id, isIn: has === true })}
                />
                {listName}
              </label>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="flex items-end gap-3">
        <div className="flex-1">
          <TextField label="A new list" maxLength={80} required value={name} onValue={setName} />
        </div>
        <Button type="submit" look="quiet" isBusy={make.isPending} disabled={name.trim() === ''}>
          Make it
        </Button>
      </form>
      {error && <ErrorNote words={wordsFor(error)} />}
    </div>
  )
}
