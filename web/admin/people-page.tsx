/** The people of this Porchlight and the invites that wait for more. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../auth/current-session.ts'
import { errorWords, wordsFor } from '../error-words.ts'
import type { Household } from '../identity-api.ts'
import { peopleQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorView } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../ui/panel.tsx'
import { plural, since } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { InvitesPanel } from './invites-panel.tsx'
import { PersonDialog } from './person-dialog.tsx'

export function PeoplePage() {
  usePageTitle('People')
  const state = useSession()
  // The edge refuses as well; this only spares everybody else a page of errors.
  if (state.status !== 'signed-in' || state.person.role !== 'admin') return <ErrorView words={errorWords.forbidden} />
  return <People ownId={state.person.id} />
}

function People({ ownId }: { ownId: string }) {
  const { data, error, refetch, isFetching } = useQuery(peopleQuery)
  const [isInviting, setIsInviting] = useState(false)
  const [openId, setOpenId] = useState<string>()
  const open = data?.find(({ id }) => id === openId)
  return (
    <div className="mx-auto max-w-3xl">
      <div className="flex flex-wrap items-end justify-between gap-4 pt-7 pb-6 sm:pt-10">
        <div>
          <h1 className="text-2xl font-semibold sm:text-3xl">People</h1>
          <p className="mt-1 max-w-prose text-quiet">Who may come in. Nobody new comes in without an invite.</p>
        </div>
        <Button onClick={() => setIsInviting(true)} className="max-sm:w-full">
          <Icon name="plus" className="size-5" />
          Invite somebody
        </Button>
      </div>
      <div className="flex flex-col gap-5">
        <Panel title="In this household">
          {!data && !error && <LoadingRows label="Loading the people" rows={3} />}
          {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
          {data && (
            <RowList label="People">
              {data.map((person) => (
                <PersonRow
                  key={person.id}
                  person={person}
                  isSelf={person.id === ownId}
                  onOpen={() => setOpenId(person.id)}
                />
              ))}
            </RowList>
          )}
        </Panel>
        <InvitesPanel />
      </div>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
      {open && <PersonDialog person={open} isSelf={open.id === ownId} onClose={() => setOpenId(undefined)} />}
    </div>
  )
}

type PersonRowProps = { person: Household; isSelf: boolean; onOpen: () => void }

function PersonRow({ person, isSelf, onOpen }: PersonRowProps) {
  const { displayName, email, role, status, hasSecondFactor, sessions, lastUsedAt } = person
  return (
    <Row
      title={
        <>
          {displayName} {isSelf && <Tag>You</Tag>} {role === 'admin' && <Tag tone="lamp">Admin</Tag>}{' '}
          {status === 'disabled' && <Tag tone="ember">Locked out</Tag>}
          {status === 'erasing' && <Tag tone="ember">Leaving</Tag>}
        </>
      }
      note={
        <>
          {email !== '' && <span className="block truncate">{email}</span>}
          {plural(sessions, 'device')} · {lastUsedAt === null ? 'never here' : `here ${since(lastUsedAt, Date.now())}`}{' '}
          · {hasSecondFactor ? 'second lock on' : 'no second lock'}
        </>
      }
    >
      <Button look="quiet" aria-label={`Manage ${displayName}`} onClick={onOpen}>
        Manage
      </Button>
    </Row>
  )
}
