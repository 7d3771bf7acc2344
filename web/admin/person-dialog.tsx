/** What an admin can do about one person: role, locking out, devices, a new password. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { wordsFor, wordsHere } from '../error-words.ts'
import {
  changePerson,
  endSessionOf,
  endSessionsOf,
  type Household,
  type PersonChange,
  resetPerson,
} from '../identity-api.ts'
import { peopleQuery, sessionsOfQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows } from '../ui/panel.tsx'
import { SessionRows } from '../ui/session-rows.tsx'
import { roleNames } from './role-names.ts'

type PersonDialogProps = { person: Household; isSelf: boolean; onClose: () => void }

export function PersonDialog({ person, isSelf, onClose }: PersonDialogProps) {
  const { id, displayName } = person
  const queryClient = useQueryClient()
  const again = () => {
    queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey })
  }
  const change = useMutation({ mutationFn: (wanted: PersonChange) => changePerson(id, wanted), onSuccess: again })
  const reset = useMutation({ mutationFn: () => resetPerson(id), onSuccess: again })
  const error = change.error ?? reset.error
  return (
    <Dialog title={displayName} onClose={onClose}>
      <div className="flex flex-col gap-6">
        {error && (
          <ErrorNote
            words={wordsHere(error, {
              last_way_in: {
                title: 'That is the last admin.',
                text: 'Make somebody else an admin first.',
              },
              conflict: { title: 'That cannot be done to this person.', text: 'They have no email, or are leaving.' },
              not_configured: {
                title: 'This Porchlight sends no letters.',
                text: 'Set up letters in its settings first, then try again.',
              },
            })}
          />
        )}
        <Choice
          label="Role"
          value={person.role}
          options={roleNames}
          onValue={(role) => role !== person.role && change.mutate({ role })}
        />
        <Devices id={id} onChange={again} />
        {!isSelf && (
          <div className="flex flex-col gap-3 border-t border-line pt-5">
            <Button look="quiet" isBusy={reset.isPending} disabled={person.email === ''} onClick={() => reset.mutate()}>
              Ask for a new password
            </Button>
            <p className="-mt-1 text-sm text-quiet">
              {reset.isSuccess
                ? `A letter is on its way to ${displayName}. The password of before opens nothing any more.`
                : 'They get a letter with a link. Until then their password opens nothing.'}
            </p>
            {person.status === 'disabled' ? (
              <Button look="quiet" isBusy={change.isPending} onClick={() => change.mutate({ status: 'active' })}>
                Let {displayName} in again
              </Button>
            ) : (
              <Button
                look="quiet"
                className="text-ember!"
                disabled={person.status === 'erasing'}
                isBusy={change.isPending}
                onClick={() => change.mutate({ status: 'disabled' })}
              >
                Lock {displayName} out
              </Button>
            )}
            <p className="-mt-1 text-sm text-quiet">
              {person.status === 'disabled'
                ? 'They are out now. Nothing of theirs is lost.'
                : 'At once, on every device. You can undo it.'}
            </p>
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Devices({ id, onChange }: { id: string; onChange: () => void }) {
  const queryClient = useQueryClient()
  const sessions = useQuery({ ...sessionsOfQuery(id), refetchOnMount: 'always' })
  const again = () => {
    queryClient.invalidateQueries({ queryKey: sessionsOfQuery(id).queryKey })
    onChange()
  }
  const end = useMutation({ mutationFn: (sessionId: string) => endSessionOf(id, sessionId), onSettled: again })
  const endAll = useMutation({ mutationFn: () => endSessionsOf(id), onSettled: again })
  const error = sessions.error ?? end.error ?? endAll.error
  return (
    <section aria-label="Devices" className="flex flex-col gap-3">
      <h3 className="text-sm font-medium">Signed in on</h3>
      {!sessions.data && !sessions.error && <LoadingRows label="Loading the devices" rows={1} />}
      {sessions.data && (
        <SessionRows
          sessions={sessions.data}
          onEnd={(sessionId) => end.mutate(sessionId)}
          busyId={end.isPending ? end.variables : undefined}
        />
      )}
      {error && <ErrorNote words={wordsFor(error)} />}
      {sessions.data?.some(({ isCurrent }) => !isCurrent) && !sessions.data.some(({ isCurrent }) => isCurrent) && (
        <Button look="quiet" isBusy={endAll.isPending} onClick={() => endAll.mutate()}>
          End all of them
        </Button>
      )}
    </section>
  )
}
